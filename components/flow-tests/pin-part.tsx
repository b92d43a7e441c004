'use client';

import { Pin, PinOff } from 'lucide-react';
import { useState } from 'react';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { Button } from '#components/ui/button.tsx';
import type { Step } from '#core/api/runs.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { PinnedAnswer } from '#core/pins/pin.ts';
import { DEFAULT_SET, ownPins, pinOf, pinOperations, pinsOfSet } from '#core/pins/pin-sets.ts';
import { pinsOfSteps } from '#core/pins/pins-of-steps.ts';

import { PinDialog } from './pin-dialog.tsx';
import { PinSetSelect } from './pin-set-select.tsx';

export interface PinPartProps {
  readonly node: FlowNode;
  /** What came of it in the run that is shown. */
  readonly step: Step | undefined;
  readonly isTrigger: boolean;
}

/** What is pinned to a node in the set that is shown: an output or an error, of the run that is shown or written by hand. */
export function PinPart({ node, step, isTrigger }: PinPartProps) {
  const store = useEditorStore();
  const document = useEditor((state) => state.document);
  const shownSet = useEditor((state) => state.pinSet);
  const [isEditing, setEditing] = useState(false);
  if (store.isReadOnly) return null;
  const set = isTrigger ? DEFAULT_SET : shownSet;
  const own = pinOf(ownPins(document, set), node.id);
  const answer = own ?? pinOf(pinsOfSet(document, set), node.id);
  const answered = step && answerOfStep(step);
  const pin = (next: PinnedAnswer | undefined, say: string, into = set) =>
    store.apply(pinOperations(document, { set: into, nodeId: node.id, answer: next }), { say });
  return (
    <>
      {!isTrigger && <PinSetSelect />}
      {answer && <PinNote answer={answer} isOwn={own !== undefined} />}
      <div className="flex flex-wrap gap-2">
        {answered && !(isTrigger && 'error' in answered) && (
          <Button
            size="sm"
            onClick={() => pin(answered, 'error' in answered ? 'Error pinned' : 'Output pinned')}
          >
            <Pin /> {'error' in answered ? 'Pin this error' : 'Pin this output'}
          </Button>
        )}
        <Button size="sm" onClick={() => setEditing(true)}>
          <Pin /> {own ? 'Edit the pin…' : isTrigger ? 'Pin an output…' : 'Pin an answer…'}
        </Button>
        {own && (
          <Button size="sm" onClick={() => pin(undefined, 'Pin taken off')}>
            <PinOff /> Unpin
          </Button>
        )}
      </div>
      {isEditing && (
        <PinDialog
          node={node}
          start={own ?? answered ?? { output: store.catalog(node.type, node.version)?.sample ?? {} }}
          startSet={set}
          isOutputOnly={isTrigger}
          onClose={() => setEditing(false)}
          onPin={(next, into) => {
            if (!pin(next, 'error' in next ? 'Error pinned' : 'Output pinned', into)) return;
            if (!isTrigger) store.setState({ pinSet: into });
          }}
        />
      )}
    </>
  );
}

function PinNote({ answer, isOwn }: { answer: PinnedAnswer; isOwn: boolean }) {
  const what =
    'error' in answer ? `An error is pinned here: ${answer.error.message}` : 'An output is pinned here.';
  const where = isOwn ? '' : ' It is of the default set.';
  return (
    <p className="rounded-md bg-accent-soft px-3 py-2 text-xs leading-4 break-words text-accent-text">
      {what}
      {where} Test runs can use it instead of the call; published runs never do.
    </p>
  );
}

/** Steps in loops have an answer for each item, which the editor does not pin. */
function answerOfStep(step: Step): PinnedAnswer | undefined {
  const pin = step.key === '' ? pinsOfSteps([step])[step.nodeId] : undefined;
  return pin && !('items' in pin) ? pin : undefined;
}

'use client';

import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { labelOf } from '#components/canvas/edit-actions.ts';
import { nodeLook } from '#components/canvas/node-look.ts';
import { canBeUndone, setUndo, undoCandidates } from '#components/canvas/undo-actions.ts';
import { Select } from '#components/ui/select.tsx';
import type { SelectOption } from '#components/ui/select.tsx';
import type { FlowNode } from '#core/flow-document.ts';

import { useSettings } from './setting-context.tsx';
import { SettingFrame } from './setting-frame.tsx';
import { useSurroundings } from './use-surroundings.ts';

const NOTHING = '\u0000nothing';
const NEW = '\u0000new';
const TITLE = 'If the run fails later, undo with…';

/** Which node takes back what this one did, when the run ends failed after it. */
export function UndoOption({ node }: { node: FlowNode }) {
  const store = useEditorStore();
  const document = useSurroundings(node.id);
  const { isReadOnly } = useSettings();
  if (!canBeUndone(document, node, store.catalog)) return null;
  const options: SelectOption[] = [
    { value: NOTHING, label: 'Nothing' },
    ...undoCandidates(document, node, store.catalog).map((other) => ({
      value: other.id,
      label: labelOf(store, other.id),
      hint: nodeLook(other).label,
    })),
    { value: NEW, label: 'New step…', hint: 'Hangs below this node.' },
  ];
  return (
    <SettingFrame
      title={TITLE}
      place="/compensate"
      help="Steps are undone in reverse order, each with the same retries as any other step."
    >
      {() => (
        <Select
          aria-label={TITLE}
          disabled={isReadOnly}
          options={options}
          value={node.compensate ?? NOTHING}
          onValueChange={(value) => {
            if (value === NEW) store.setState({ picker: { kind: 'add_undo', nodeId: node.id } });
            else setUndo(store, node.id, value === NOTHING ? undefined : value);
          }}
        />
      )}
    </SettingFrame>
  );
}

'use client';

import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { CaptureEvent } from '#components/flow-tests/capture-event.tsx';
import { EffectsList } from '#components/flow-tests/effects-list.tsx';
import {
  choiceOf,
  effectsPlan,
  pinsOfChoices,
  type CallChoices,
} from '#components/flow-tests/effects-plan.ts';
import { PinSetSelect } from '#components/flow-tests/pin-set-select.tsx';
import { inputText, type InputFault } from '#components/inspector/form-or-json.tsx';
import { useLastRun } from '#components/inspector/use-scope.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import type { FlowDocument } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';
import type { Json } from '#core/json.ts';

import type { DraftSaver } from './draft-saver.ts';
import { useEditor, useEditorStore } from './editor-context.tsx';
import { ALL_OF_IT } from './editor-store.ts';
import type { CapturedEvent, RunPart } from './editor-store.ts';
import { useStartRun } from './flow-calls.ts';
import { nodeLabel } from './node-ports.ts';
import { RunInput } from './run-input.tsx';
import { testInput } from './test-input.ts';
import { DialogProblem, useSavedDraft } from './use-saved-draft.tsx';

export interface RunDialogProps {
  readonly saver: DraftSaver;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/**
 * Runs the draft, or the part that was asked for, with an input as the trigger would give it. What it calls is announced, and
 * pins can stand in. What comes of it is shown on the canvas.
 */
export function RunDialog({ saver, isOpen, onOpenChange }: RunDialogProps) {
  const store = useEditorStore();
  const part = useEditor((state) => state.runPart);
  const close = () => {
    onOpenChange(false);
    store.setState({ runPart: ALL_OF_IT });
  };
  return (
    <Dialog open={isOpen} onOpenChange={(open) => !open && close()}>
      {isOpen && <RunForm saver={saver} part={part} close={close} />}
    </Dialog>
  );
}

/** What somebody typed, over the captured event that stood there. */
interface Typed {
  readonly text: string;
  readonly over: CapturedEvent | null;
}

// By flow, for as long as the page is open: the input of the last test is mostly that of the next.
const lastInputs = new Map<string, string>();

function RunForm({ saver, part, close }: { saver: DraftSaver; part: RunPart; close: () => void }) {
  const store = useEditorStore();
  const router = useRouter();
  const document = useEditor((state) => state.document);
  const captured = useEditor((state) => state.captured);
  const pinSet = useEditor((state) => state.pinSet);
  const [typed, setTyped] = useState<Typed | null>(() => {
    const text = lastInputs.get(document.slug);
    return text === undefined || captured ? null : { text, over: null };
  });
  const [faults, setFaults] = useState<readonly InputFault[]>([]);
  const [choices, setChoices] = useState<CallChoices>({});
  const { data: sampleRun = null } = useLastRun(document);
  const text =
    typed?.over === captured
      ? typed.text
      : inputText(testInput(document, store.catalog, { lastRun: sampleRun, captured: captured?.event }));
  const draft = useSavedDraft(saver);
  const start = useStartRun(document.slug);
  const calls = useMemo(
    () => effectsPlan(part, { document, catalog: store.catalog, sampleRun, pinSet }),
    [part, document, store, sampleRun, pinSet],
  );
  const lacksAnswers = calls.some((call) => choiceOf(call, choices) === 'answer' && !call.answer);
  const submit = async (show: (runId: string) => void) => {
    setFaults([]);
    const input = parse(text);
    if (input === undefined) {
      draft.say('The input is not JSON. The place is marked in it.');
      return;
    }
    lastInputs.set(document.slug, text);
    if (!(await draft.isSaved('run it'))) return;
    start.mutate(
      {
        input,
        version: 'draft',
        wait: 0,
        pins: pinsOfChoices(calls, choices),
        ...(part.kind === 'up_to' && { upTo: part.nodeId }),
        ...(part.kind === 'only' && { only: part.nodeId, ...(sampleRun && { dataOf: sampleRun.id }) }),
      },
      {
        onSuccess: (run) => show(run.id),
        onError: (error) => {
          setFaults(error instanceof ApiProblem ? error.errors : []);
          draft.say(messageOf(error));
        },
      },
    );
  };
  const showHere = (runId: string) => {
    store.setState({ shownRunId: runId, coverage: null, captured: null });
    close();
  };
  const isBusy = start.isPending || start.isSuccess;
  return (
    <DialogContent title={titleOf(part, document, store.catalog)} description={WORDS[part.kind]} size="lg">
      <DialogBody>
        <RunInput
          document={document}
          text={text}
          faults={faults}
          onChange={(next) => setTyped({ text: next, over: captured })}
        />
        <CaptureEvent />
        <PinSetSelect />
        <EffectsList
          calls={calls}
          choices={choices}
          onChoose={(nodeId, choice) => setChoices({ ...choices, [nodeId]: choice })}
        />
        <DialogProblem text={draft.problem} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button
          disabled={lacksAnswers || isBusy}
          onClick={() => void submit((id) => router.push(`/runs/${id}`))}
        >
          Run and open it
        </Button>
        <Button
          variant="primary"
          disabled={lacksAnswers}
          loading={isBusy}
          onClick={() => void submit(showHere)}
        >
          Run
        </Button>
      </DialogFooter>
    </DialogContent>
  );
}

const WORDS = {
  all: 'Runs the draft as it is now. What it really calls is listed below.',
  up_to: 'Runs what leads to the step, and the step. What it really calls is listed below.',
  only: 'Runs the step alone. Calls before it answer with their pins, or as they did in the run shown.',
} as const;

function titleOf(part: RunPart, document: FlowDocument, catalog: Parameters<typeof nodeLabel>[1]): string {
  if (part.kind === 'all') return 'Test run';
  const node = nodeById(document, part.nodeId);
  const label = node ? nodeLabel(node, catalog) : part.nodeId;
  return part.kind === 'only' ? `Run “${label}”` : `Run up to “${label}”`;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text.trim() === '' ? '{}' : text) as Json;
  } catch {
    // Marked in the field and said below it.
    return undefined;
  }
}

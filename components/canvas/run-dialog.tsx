'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { inputText, type InputFault } from '#components/inspector/form-or-json.tsx';
import { useLastRun } from '#components/inspector/use-scope.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import type { Json } from '#core/json.ts';

import type { DraftSaver } from './draft-saver.ts';
import { useEditor, useEditorStore } from './editor-context.tsx';
import { useStartRun } from './flow-calls.ts';
import { RunInput } from './run-input.tsx';
import { testInput } from './test-input.ts';
import { DialogProblem, useSavedDraft } from './use-saved-draft.tsx';

export interface RunDialogProps {
  readonly saver: DraftSaver;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** Runs the draft with an input, as the trigger would give it. The calls it makes are real, and that is said. */
export function RunDialog({ saver, isOpen, onOpenChange }: RunDialogProps) {
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      {isOpen && <RunForm saver={saver} close={() => onOpenChange(false)} />}
    </Dialog>
  );
}

// By flow, for as long as the page is open: the input of the last test is mostly that of the next.
const lastInputs = new Map<string, string>();

function RunForm({ saver, close }: { saver: DraftSaver; close: () => void }) {
  const store = useEditorStore();
  const router = useRouter();
  const document = useEditor((state) => state.document);
  const [typed, setTyped] = useState<string | null>(() => lastInputs.get(document.slug) ?? null);
  const [faults, setFaults] = useState<readonly InputFault[]>([]);
  const { data: lastRun } = useLastRun(document);
  const text = typed ?? inputText(testInput(document, store.catalog, lastRun));
  const draft = useSavedDraft(saver);
  const start = useStartRun(document.slug);
  const submit = async () => {
    setFaults([]);
    const input = parse(text);
    if (input === undefined) {
      draft.say('The input is not JSON. The place is marked in it.');
      return;
    }
    lastInputs.set(document.slug, text);
    if (!(await draft.isSaved('run it'))) return;
    start.mutate(
      { input, version: 'draft', wait: 0 },
      {
        onSuccess: (run) => router.push(`/runs/${run.id}`),
        onError: (error) => {
          setFaults(error instanceof ApiProblem ? error.errors : []);
          draft.say(messageOf(error));
        },
      },
    );
  };
  return (
    <DialogContent
      title="Test run"
      description="Runs the draft as it is now. The calls that it makes are real."
      size="lg"
    >
      <DialogBody>
        <RunInput document={document} text={text} faults={faults} onChange={setTyped} />
        <DialogProblem text={draft.problem} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button variant="primary" loading={start.isPending || start.isSuccess} onClick={() => void submit()}>
          Run
        </Button>
      </DialogFooter>
    </DialogContent>
  );
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text.trim() === '' ? '{}' : text) as Json;
  } catch {
    // Marked in the field and said below it.
    return undefined;
  }
}

'use client';

import { useRouter } from 'next/navigation';
import { useId, useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { LazyCodeField } from '#components/inspector/lazy-code-field.tsx';
import { useLastRun } from '#components/inspector/use-scope.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import type { Json } from '#core/json.ts';

import type { DraftSaver } from './draft-saver.ts';
import { useEditor, useEditorStore } from './editor-context.tsx';
import { useStartRun } from './flow-calls.ts';
import { testInput } from './test-input.ts';

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
  const labelId = useId();
  const document = useEditor((state) => state.document);
  const [typed, setTyped] = useState<string | null>(() => lastInputs.get(document.slug) ?? null);
  const { data: lastRun } = useLastRun(document);
  const text = typed ?? JSON.stringify(testInput(document, store.catalog, lastRun), null, 2);
  const [problem, setProblem] = useState<string | null>(null);
  const start = useStartRun(document.slug);
  const submit = async () => {
    const input = parse(text);
    if (input === undefined) {
      setProblem('The input is not JSON. The place is marked in it.');
      return;
    }
    lastInputs.set(document.slug, text);
    await saver.flush();
    if (saver.isUnsaved()) {
      setProblem('The draft is not saved yet. Wait for it, or resolve the conflict, then run it.');
      return;
    }
    start.mutate(
      { input, version: 'draft', wait: 0 },
      {
        onSuccess: (run) => router.push(`/runs/${run.id}`),
        onError: (error) => setProblem(messageOf(error)),
      },
    );
  };
  const isWebhook = document.nodes.some((node) => node.type === 'core.webhook');
  return (
    <DialogContent
      title="Test run"
      description="Runs the draft as it is now. The calls that it makes are real."
      size="lg"
    >
      <DialogBody>
        <div className="flex flex-col gap-1.5">
          <span id={labelId} className="text-sm font-medium">
            {isWebhook ? 'Event' : 'Input'}
          </span>
          <LazyCodeField kind="json" value={text} onChange={setTyped} labelledBy={labelId} lines={10} />
        </div>
        {problem !== null && (
          <p role="alert" className="text-sm break-words text-danger">
            {problem}
          </p>
        )}
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

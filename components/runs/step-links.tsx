'use client';

import { ArrowUpRight, CornerDownRight, Undo2 } from 'lucide-react';
import Link from 'next/link';

import { RetryNowButton } from '#components/recovery/retry-now-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { lookOf } from '#components/ui/status-badge.tsx';
import { Time } from '#components/ui/time.tsx';
import type { Run, Step } from '#core/api/runs.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { useStepWords } from './step-looks.tsx';

const WAIT_WORDS = {
  retry: { before: 'The next attempt is due', without: 'It is tried again soon.' },
  time: { before: 'It goes on', without: 'It goes on by itself.' },
  approval: { before: 'Without a decision it expires', without: 'It waits until somebody decides.' },
  call: { before: 'It goes on', without: 'It goes on when the called run has ended.' },
  breaker: { before: 'The far end is tried again', without: 'It goes on once the far end answers again.' },
  budget: { before: 'Its turn comes', without: 'It goes on when its turn comes.' },
  connection: {
    before: 'It goes on as soon as that is connected again; by itself it looks',
    without: 'It goes on as soon as that is connected again.',
  },
} as const;

/** What a waiting step waits for, and when it goes on by itself. */
export function WaitNote({ runId, step }: { runId: string; step: Step }) {
  if (step.status !== 'waiting' || step.waitingFor === null) return null;
  const { icon: Icon, label } = lookOf('waiting', step.waitingFor);
  const words = WAIT_WORDS[step.waitingFor];
  return (
    <div className="mx-4 mb-3 flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <p className="flex-1">
        {label}.{' '}
        {step.nextAttemptAt === null ? (
          words.without
        ) : (
          <>
            {words.before} <Time at={step.nextAttemptAt} upcoming />.
          </>
        )}
      </p>
      <RetryNowButton runId={runId} step={step} />
    </div>
  );
}

/** Where the output of a step came from that a replay did not run again. */
export function ReusedNote({ run, step }: { run: Run; step: Step }) {
  if (!step.isReused || run.replayOf === null) return null;
  return (
    <p className="mx-4 mb-3 flex items-start gap-2 rounded-md bg-muted px-3 py-2 text-sm text-muted-foreground">
      <CornerDownRight aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        It did not run again: this is what it gave in{' '}
        <Link
          href={`/runs/${run.replayOf}`}
          className="rounded-sm font-medium text-accent-text underline underline-offset-2 focus-ring"
        >
          the run that was replayed
        </Link>
        .
      </span>
    </p>
  );
}

/** The way to the run that a step called. */
export function CalledRun({ id }: { id: string }) {
  return (
    <p className="px-4 pb-4">
      <Button size="sm" nativeButton={false} render={<Link href={`/runs/${id}`} />}>
        <ArrowUpRight aria-hidden />
        Open the called run
      </Button>
    </p>
  );
}

/** Which step this one undoes, or which undid it and how that went. */
export function UndoNote({
  document,
  step,
  steps,
}: {
  document: FlowDocument;
  step: Step;
  steps: readonly Step[];
}) {
  const { labelOf } = useStepWords();
  const undone = document.nodes.find(({ compensate }) => compensate === step.nodeId);
  const undoId = document.nodes.find(({ id }) => id === step.nodeId)?.compensate;
  const undo = document.nodes.find(({ id }) => id === undoId);
  const undoStep = steps.find(({ nodeId, key }) => nodeId === undoId && key === step.key);
  if (undone === undefined && (undo === undefined || undoStep === undefined)) return null;
  return (
    <p className="mx-4 mb-3 flex items-center gap-2 rounded-md bg-muted px-3 py-2 text-sm text-muted-foreground">
      <Undo2 aria-hidden className="size-4 shrink-0" />
      {undone !== undefined && <span>Undoes “{labelOf(undone)}” because the run failed.</span>}
      {undo !== undefined && undoStep !== undefined && (
        <span>
          {undoStep.status === 'succeeded' ? 'Undone by' : 'Not undone yet by'} “{labelOf(undo)}”
          {undoStep.status === 'failed' && ', which failed'}.
        </span>
      )}
    </p>
  );
}

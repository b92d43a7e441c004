'use client';

import { formatDuration } from '#components/ui/format-duration.ts';
import { lookOf, StatusIcon } from '#components/ui/status-badge.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';

import type { NodeRunState } from './node-run-state.ts';
import { useCountdown } from './use-countdown.ts';

/** Before the time at which a waiting step goes on by itself. */
const NEXT_WORDS = {
  retry: 'again',
  time: 'goes on',
  approval: 'expires',
  call: 'goes on',
  breaker: 'again',
  budget: 'goes on',
  connection: 'looks again',
} as const;

/** Under a node of a run: its state in a word, how long it took, how often it was tried and when it will be again. */
export function NodeRunStrip({ run }: { run: NodeRunState }) {
  const next = useCountdown(run.status === 'waiting' ? run.nextAttemptAt : null);
  const look = lookOf(run.status, run.waitingFor);
  const parts =
    run.progress === undefined
      ? [
          run.mark === 'parts' && 'Parts here',
          run.isReused ? takenOver(run.status, look.label) : look.label,
          next && `${NEXT_WORDS[run.waitingFor ?? 'retry']} ${next}`,
          run.isPinned && 'pinned',
          run.attempts > 1 && !run.isReused && `${run.attempts} attempts`,
          run.durationMs !== null && run.status !== 'skipped' && formatDuration(run.durationMs),
        ].filter((part) => typeof part === 'string' && part !== '')
      : [run.progress];
  const strip = (
    <div className="step-strip" data-status={run.status} data-reused={run.isReused || undefined}>
      <StatusIcon status={run.status} waitingFor={run.waitingFor} isDecorative />
      <span className="truncate">{parts.join(' · ')}</span>
    </div>
  );
  return run.error ? (
    <Tooltip label={run.error.message} side="bottom">
      {strip}
    </Tooltip>
  ) : (
    strip
  );
}

/** A step that a replay did not run again; what came of it in the original is said where it is not plain success. */
function takenOver(status: NodeRunState['status'], label: string): string {
  return status === 'succeeded' ? 'Taken over' : `${label}, taken over`;
}

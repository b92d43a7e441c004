'use client';

import { formatDuration } from '#components/ui/format-duration.ts';
import { STATUS_LOOK, StatusIcon } from '#components/ui/status-badge.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';

import type { NodeRunState } from './node-run-state.ts';
import { useCountdown } from './use-countdown.ts';

/** Under a node of a run: its state in a word, how long it took, how often it was tried and when it will be again. */
export function NodeRunStrip({ run }: { run: NodeRunState }) {
  const next = useCountdown(run.status === 'waiting' ? run.nextAttemptAt : null);
  const parts = [
    STATUS_LOOK[run.status].label,
    next && `again ${next}`,
    run.attempts > 1 && `${run.attempts} attempts`,
    run.durationMs !== null && run.status !== 'skipped' && formatDuration(run.durationMs),
  ].filter((part) => typeof part === 'string' && part !== '');
  const strip = (
    <div className="step-strip" data-status={run.status}>
      <StatusIcon status={run.status} isDecorative />
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

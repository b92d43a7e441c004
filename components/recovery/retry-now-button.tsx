'use client';

import { RotateCw } from 'lucide-react';

import { messageOf } from '#components/api/api-problem.ts';
import { useRetryNow } from '#components/api/recovery.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Step } from '#core/api/runs.ts';
import { HURRIED_WAITS } from '#core/api/words.ts';

/** Beside a step that waits for its next attempt, or is held back by a breaker: makes it due at once. */
export function RetryNowButton({ runId, step }: { runId: string; step: Step }) {
  const mayReplay = useRight('run:replay');
  const retry = useRetryNow(runId);
  if (!mayReplay || !HURRIED_WAITS.includes(step.waitingFor)) return null;
  return (
    <Button
      size="sm"
      loading={retry.isPending}
      onClick={() =>
        retry.mutate(
          { nodeId: step.nodeId, key: step.key },
          {
            onSuccess: () => toast.success('The next attempt is due now'),
            onError: (error) => toast.error(messageOf(error)),
          },
        )
      }
    >
      <RotateCw aria-hidden />
      Retry now
    </Button>
  );
}

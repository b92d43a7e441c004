'use client';

import { RotateCw, ShieldAlert } from 'lucide-react';

import { messageOf } from '#components/api/api-problem.ts';
import { isHolding, useTryAgain } from '#components/api/breakers.ts';
import { useRight } from '#components/shell/rights.tsx';
import { Button } from '#components/ui/button.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { Breaker } from '#core/api/breakers.ts';

import { reasonInWords, waitingInWords } from './breaker-words.ts';

/** Why calls are held back, until when, who waits, and a way to try at once. Nothing while calls leave as they come. */
export function BreakerNote({ breaker }: { breaker: Breaker | undefined }) {
  const tryAgain = useTryAgain();
  const mayTry = useRight('run:resolve');
  if (breaker === undefined || !isHolding(breaker)) return null;
  const waiting = waitingInWords(breaker.waitingSteps);
  return (
    <div className="flex flex-col gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
      <p className="flex items-start gap-2 font-medium">
        <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span>
          Held back
          {breaker.state === 'open' || breaker.reason === 'throttled' ? <Until breaker={breaker} /> : null}
          {waiting !== '' && `, ${waiting}`}
        </span>
      </p>
      <p className="text-xs">
        {reasonInWords(breaker)}.{breaker.lastError && ` ${breaker.lastError.message}`}
      </p>
      {mayTry && (
        <Button
          size="sm"
          className="self-start"
          loading={tryAgain.isPending}
          disabled={breaker.state === 'half_open'}
          onClick={() =>
            tryAgain.mutate(breaker.scope, { onError: (error) => toast.error(messageOf(error)) })
          }
        >
          <RotateCw aria-hidden />
          Try now
        </Button>
      )}
    </div>
  );
}

function Until({ breaker }: { breaker: Breaker }) {
  if (breaker.pausedUntil === null) return null;
  return (
    <>
      {' until '}
      <Time at={breaker.pausedUntil} exact />
    </>
  );
}

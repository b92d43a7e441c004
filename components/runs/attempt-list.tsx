import { formatDuration, msBetween } from '#components/ui/format-duration.ts';
import { StatusIcon } from '#components/ui/status-badge.tsx';
import { Time } from '#components/ui/time.tsx';
import type { Attempt } from '#core/api/runs.ts';

/** Each attempt with its time and, where it failed, why. One that is not over waits where its step does. */
export function AttemptList({ attempts, waits }: { attempts: readonly Attempt[]; waits: boolean }) {
  if (attempts.length === 0) return <p className="text-sm text-subtle-foreground">None has begun</p>;
  return (
    <ol className="flex flex-col gap-2.5">
      {attempts.map((attempt) => (
        <li key={attempt.number} className="flex gap-2 text-sm">
          <StatusIcon status={statusOf(attempt, waits)} className="mt-1" />
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap gap-x-2">
              <span>Attempt {attempt.number}</span>
              <Time at={attempt.startedAt} exact className="text-muted-foreground tabular-nums" />
              {attempt.finishedAt !== null && (
                <span className="ml-auto text-muted-foreground tabular-nums">
                  {formatDuration(msBetween(attempt.startedAt, attempt.finishedAt, 0))}
                </span>
              )}
            </p>
            {attempt.error !== null && (
              <p className="text-xs break-words text-danger">{attempt.error.message}</p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

function statusOf(attempt: Attempt, waits: boolean): 'running' | 'waiting' | 'failed' | 'succeeded' {
  if (attempt.finishedAt === null) return waits ? 'waiting' : 'running';
  return attempt.error === null ? 'succeeded' : 'failed';
}

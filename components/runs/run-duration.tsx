'use client';

import { formatDuration, msBetween } from '#components/ui/format-duration.ts';
import { useNow } from '#components/ui/use-now.ts';
import type { RunSummary } from '#core/api/runs.ts';

/** From the start to the end, counting on while it goes. */
export function RunDuration({ run }: { run: RunSummary }) {
  const isCounting = run.startedAt !== null && run.finishedAt === null;
  const now = useNow(isCounting ? 1_000 : 60_000);
  if (run.startedAt === null) return <span className="text-subtle-foreground">–</span>;
  return <span>{formatDuration(msBetween(run.startedAt, run.finishedAt, now))}</span>;
}

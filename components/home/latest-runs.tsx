'use client';

import Link from 'next/link';

import { rowLink } from '#components/shell/row-links.ts';
import { Card } from '#components/ui/card.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Time } from '#components/ui/time.tsx';

import { useLatestRuns } from './use-latest-runs.ts';

/** The last few runs, whatever became of them. Nothing before the first one. */
export function LatestRuns() {
  const { data: runs = [] } = useLatestRuns();
  if (runs.length === 0) return null;
  return (
    <Card aria-labelledby="latest-runs" className="overflow-hidden">
      <div className="flex items-center gap-3 px-4 py-3">
        <h2 id="latest-runs" className="min-w-0 flex-1 text-base font-semibold tracking-tight">
          Latest runs
        </h2>
        <Link
          href="/runs"
          className="shrink-0 rounded-sm text-sm font-medium text-accent-text focus-ring hover:underline"
        >
          Open runs
        </Link>
      </div>
      <ul className="divide-y divide-border border-t border-border">
        {runs.map(({ id, flowName, status, createdAt }) => (
          <li
            key={id}
            className="relative flex items-center gap-3 px-4 py-2.5 hover:bg-muted/60 has-[a:focus-visible]:bg-muted/60"
          >
            <span className="shrink-0 sm:w-28">
              <StatusBadge status={status} />
            </span>
            <Link
              href={`/runs/${id}`}
              {...rowLink}
              title={flowName}
              className="min-w-0 flex-1 truncate text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
            >
              {flowName}
            </Link>
            <Time at={createdAt} className="shrink-0 text-xs text-subtle-foreground" />
          </li>
        ))}
      </ul>
    </Card>
  );
}

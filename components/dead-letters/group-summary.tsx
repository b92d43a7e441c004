'use client';

import type { ReactNode } from 'react';

import type { DeadLetterView } from '#components/api/dead-letter-filter.ts';
import { useDeadLetterGroups } from '#components/api/dead-letters.ts';
import { Time } from '#components/ui/time.tsx';

import { TimeBars } from './time-bars.tsx';

/** Over the dead letters of one group: what they have in common, and what can be done with all of them. */
export function GroupSummary({ view, children }: { view: DeadLetterView; children: ReactNode }) {
  const { flow, nodeId, errorKind, cause, withinMs, from, to } = view;
  const groups = useDeadLetterGroups({ flow, withinMs, from, to });
  const group = groups.data?.data.find(
    (each) =>
      each.cause === cause &&
      (errorKind === undefined || each.errorKind === errorKind) &&
      (nodeId === undefined || (each.nodeId ?? '') === nodeId),
  );
  if (group === undefined) return null;
  return (
    <section
      aria-label="What they have in common"
      className="flex flex-wrap items-center gap-x-6 gap-y-3 border-b border-border bg-surface px-4 py-3 md:px-6"
    >
      <div className="min-w-56 flex-1 text-sm">
        <p className="break-words">{group.message}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-muted-foreground">
          <span className="tabular-nums">{group.count.toLocaleString('en')} open</span>
          <span>{group.flowName}</span>
          <span>at {group.nodeLabel === '' ? 'the run as a whole' : group.nodeLabel}</span>
          <span>
            first <Time at={group.firstAt} />, last <Time at={group.lastAt} />
          </span>
        </p>
      </div>
      <TimeBars buckets={group.buckets} className="w-48 max-sm:w-full" />
      <div className="flex flex-wrap gap-2">{children}</div>
    </section>
  );
}

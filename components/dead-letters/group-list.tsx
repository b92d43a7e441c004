'use client';

import Link from 'next/link';

import { rowLink } from '#components/shell/row-links.ts';
import { RowMenu } from '#components/ui/row-menu.tsx';
import { MenuItem } from '#components/ui/menu.tsx';
import { Time } from '#components/ui/time.tsx';
import type { DeadLetterGroup } from '#core/api/dead-letters.ts';

import { causeInWords } from './cause-words.ts';
import { groupHref } from './group-href.ts';
import { TimeBars } from './time-bars.tsx';

export interface GroupListProps {
  readonly groups: readonly DeadLetterGroup[];
  readonly mayAct: boolean;
  readonly onRedrive: (group: DeadLetterGroup) => void;
  readonly onDiscard: (group: DeadLetterGroup) => void;
}

/** Open dead letters by cause, each group with how it came about in time. The whole row opens it. */
export function GroupList({ groups, mayAct, onRedrive, onDiscard }: GroupListProps) {
  return (
    <ul aria-label="Causes" className="flex flex-col shrink-0 divide-y divide-border border-b border-border">
      {groups.map((group) => (
        <li
          key={`${group.flow} ${group.nodeId} ${group.errorKind} ${group.cause}`}
          className="relative grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-2 px-4 py-3 hover:bg-muted/60 has-[a:focus-visible]:bg-muted/60 md:grid-cols-[1fr_10rem_auto_auto] md:px-6"
        >
          <GroupWords group={group} />
          <TimeBars buckets={group.buckets} className="max-md:col-start-1 max-md:row-start-2" />
          <div className="min-w-20 text-right max-md:col-start-2 max-md:row-start-2">
            <p className="text-base font-semibold tabular-nums">{group.count.toLocaleString('en')}</p>
            <p className="text-xs whitespace-nowrap text-muted-foreground">
              <Time at={group.lastAt} />
            </p>
          </div>
          {mayAct ? (
            <div className="max-md:col-start-2 max-md:row-start-1 max-md:self-start max-md:justify-self-end">
              <RowMenu name={causeInWords(group)}>
                <MenuItem onClick={() => onRedrive(group)}>Redrive…</MenuItem>
                <MenuItem danger onClick={() => onDiscard(group)}>
                  Discard…
                </MenuItem>
              </RowMenu>
            </div>
          ) : (
            <span />
          )}
        </li>
      ))}
    </ul>
  );
}

function GroupWords({ group }: { group: DeadLetterGroup }) {
  const place = group.nodeLabel === '' ? 'the run as a whole' : group.nodeLabel;
  return (
    <div className="min-w-0">
      <Link
        href={groupHref(group)}
        {...rowLink}
        className="block truncate text-sm font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
      >
        {causeInWords(group)}
      </Link>
      <p className="mt-0.5 truncate text-xs text-danger" title={group.message}>
        {group.message}
      </p>
      <p className="mt-0.5 flex min-w-0 flex-wrap gap-x-2 text-xs text-muted-foreground">
        <span className="truncate" title={group.flowName}>
          {group.flowName}
        </span>
        <span className="truncate">at {place}</span>
        <code className="font-mono text-subtle-foreground">{group.cause}</code>
        {group.count > 1 && (
          <span>
            first <Time at={group.firstAt} />
          </span>
        )}
      </p>
    </div>
  );
}

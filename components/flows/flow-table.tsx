'use client';

import Link from 'next/link';

import { RowMenuHeader } from '#components/ui/row-menu.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Time } from '#components/ui/time.tsx';
import type { FlowSummary } from '#core/api/flows.ts';

import { FlowMenu } from './flow-menu.tsx';
import { FlowStateBadges } from './flow-state-badges.tsx';
import { TriggerLabel } from './trigger-label.tsx';
import { TriggerNews } from './trigger-news.tsx';

export interface FlowTableProps {
  flows: readonly FlowSummary[];
  takenSlugs: ReadonlySet<string>;
  onDelete: (flow: FlowSummary) => void;
}

/** The flows as rows; the whole row opens the flow. */
export function FlowTable({ flows, takenSlugs, onDelete }: FlowTableProps) {
  return (
    <Table>
      <TableHead>
        <TableRow>
          <TableHeader className="md:first:pl-6">Name</TableHeader>
          <TableHeader className="hidden lg:table-cell">Trigger</TableHeader>
          <TableHeader className="hidden md:table-cell">State</TableHeader>
          <TableHeader className="hidden text-right sm:table-cell">Last 24 h</TableHeader>
          <TableHeader className="hidden xl:table-cell">Changed</TableHeader>
          <RowMenuHeader />
        </TableRow>
      </TableHead>
      <TableBody>
        {flows.map((flow) => (
          <TableRow key={flow.slug} className="relative hover:bg-muted/60 has-[a:focus-visible]:bg-muted/60">
            <TableCell className="max-w-0 min-w-40 py-2 md:first:pl-6">
              <FlowName flow={flow} />
              <TriggerNews flow={flow} className="mt-1 lg:hidden" />
              <div className="mt-1.5 flex flex-wrap items-center gap-2 md:hidden">
                <FlowStateBadges flow={flow} />
                <span className="text-xs sm:hidden">
                  <RecentRuns flow={flow} />
                </span>
              </div>
            </TableCell>
            <TableCell className="hidden w-px lg:table-cell">
              <TriggerLabel type={flow.trigger} />
              <TriggerNews flow={flow} />
            </TableCell>
            <TableCell className="hidden w-px md:table-cell">
              <FlowStateBadges flow={flow} />
            </TableCell>
            <TableCell className="hidden w-px text-right whitespace-nowrap sm:table-cell">
              <RecentRuns flow={flow} />
            </TableCell>
            <TableCell className="hidden w-px whitespace-nowrap text-muted-foreground xl:table-cell">
              <Time at={flow.updatedAt} />
              {flow.updatedBy !== null && <span className="text-subtle-foreground"> · {flow.updatedBy}</span>}
            </TableCell>
            <TableCell className="w-12">
              <FlowMenu flow={flow} takenSlugs={takenSlugs} onDelete={onDelete} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function FlowName({ flow }: { flow: FlowSummary }) {
  return (
    <div className="min-w-0">
      <Link
        href={`/flows/${flow.slug}`}
        title={flow.name}
        className="block truncate font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
      >
        {flow.name}
      </Link>
      <span className="block truncate font-mono text-xs text-subtle-foreground" title={flow.slug}>
        {flow.slug}
      </span>
    </div>
  );
}

function RecentRuns({ flow }: { flow: FlowSummary }) {
  const { total, failed } = flow.runs24h;
  if (total === 0) return <span className="text-subtle-foreground">No runs</span>;
  return (
    <span className="tabular-nums">
      {total.toLocaleString('en')} {total === 1 ? 'run' : 'runs'}
      {failed > 0 && <span className="text-danger"> · {failed.toLocaleString('en')} failed</span>}
    </span>
  );
}

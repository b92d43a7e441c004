'use client';

import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useSystem } from '#components/api/system.ts';
import { PageProblem } from '#components/shell/page-problem.tsx';
import { TableSkeleton } from '#components/shell/table-skeleton.tsx';
import { Card, CardHeader } from '#components/ui/card.tsx';
import { formatDuration } from '#components/ui/format-duration.ts';
import { Time } from '#components/ui/time.tsx';
import type { System } from '#core/api/system.ts';

import { TableSizes } from './table-sizes.tsx';
import { bytesInWords, concernsOf } from './system-words.ts';
import { WorkerTable } from './worker-table.tsx';

/** How the whole installation is: what needs somebody, queue, workers, database. */
export function SystemPage() {
  const system = useSystem();
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-4 p-4 md:p-6">
      {system.isPending ? (
        <TableSkeleton rows={8} label="Loading the system" />
      ) : system.data === undefined ? (
        <PageProblem
          title="The system could not be looked at"
          message={messageOf(system.error)}
          onRetry={() => void system.refetch()}
          isRetrying={system.isFetching}
        />
      ) : (
        <SystemBody system={system.data} />
      )}
    </div>
  );
}

function SystemBody({ system }: { system: System }) {
  const { queue, database, versions, workers } = system;
  const { migrations } = database;
  return (
    <>
      <Concerns concerns={concernsOf(system)} />
      <Card>
        <CardHeader title="Queue" description="Of all workspaces." />
        <Figures>
          <Figure label="due" value={queue.due.toLocaleString('en')} />
          <Figure
            label="oldest"
            value={queue.due === 0 ? 'none' : formatDuration(queue.oldestSeconds * 1_000)}
          />
          <Figure label="running" value={queue.running.toLocaleString('en')} />
          <Figure label="waiting" value={queue.waiting.toLocaleString('en')} />
          <Figure label="in doubt" value={queue.inDoubt.toLocaleString('en')} />
          <Figure label="mails to send" value={queue.mails.toLocaleString('en')} />
        </Figures>
      </Card>
      <Card>
        <CardHeader title="Workers" description="Each runs flows, as many at once as it has slots." />
        <WorkerTable workers={workers} />
      </Card>
      <Card>
        <CardHeader
          title="Database"
          description={
            <>
              Postgres {versions.postgres}, {database.isEmbedded ? 'brought by Patchbay' : 'of your own'},
              started <Time at={database.startedAt} />. {migrations.applied} migrations, the last one{' '}
              {migrations.last}.
            </>
          }
        />
        <Figures>
          <Figure label="size" value={bytesInWords(database.bytes)} />
          <Figure label="connections" value={`${database.connections} of ${database.maxConnections}`} />
          <Figure
            label="longest transaction"
            value={formatDuration(database.longestTransactionSeconds * 1_000)}
          />
          <Figure
            label="last backup"
            value={system.lastBackup === null ? 'none known' : <Time at={system.lastBackup.at} />}
          />
        </Figures>
        <TableSizes tables={database.tables} />
      </Card>
      <p className="text-xs text-muted-foreground">
        Patchbay {versions.patchbay} on Node {versions.node}. Read <Time at={system.at} exact />.
      </p>
    </>
  );
}

function Concerns({ concerns }: { concerns: readonly string[] }) {
  if (concerns.length === 0)
    return (
      <p className="flex items-center gap-2 rounded-lg border border-success/35 bg-success-soft/40 px-4 py-3 text-sm">
        <CircleCheck aria-hidden className="size-4 shrink-0 text-success" />
        All is well.
      </p>
    );
  return (
    <ul
      aria-label="What needs somebody"
      className="flex flex-col gap-2 rounded-lg border border-border bg-warning-soft px-4 py-3 text-sm"
    >
      {concerns.map((concern) => (
        <li key={concern} className="flex items-start gap-2">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
          {concern}
        </li>
      ))}
    </ul>
  );
}

function Figures({ children }: { children: ReactNode }) {
  return <dl className="flex flex-wrap gap-x-10 gap-y-3 border-t border-border px-4 py-3">{children}</dl>;
}

function Figure({ label, value }: { label: string; value: ReactNode }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-xs text-muted-foreground">{label}</dt>
      <dd className="text-lg font-medium tracking-tight tabular-nums">{value}</dd>
    </div>
  );
}

'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';

import { messageOf } from '#components/api/api-problem.ts';
import { useIterations, type IterationPlace, type LoopPlace } from '#components/api/loops.ts';
import { LoadMore } from '#components/shell/load-more.tsx';
import { formatDuration, msBetween } from '#components/ui/format-duration.ts';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { StatusIcon } from '#components/ui/status-badge.tsx';
import type { Iteration, Loop } from '#core/api/loops.ts';
import type { StepStatus } from '#core/api/runs.ts';

import { countsInWords } from './loop-counts.ts';

const ALL = 'all';
const FILTERS = [
  { value: ALL, label: 'All items' },
  { value: 'failed', label: 'Failed' },
  { value: 'running', label: 'Running' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'in_doubt', label: 'In doubt' },
  { value: 'succeeded', label: 'Succeeded' },
] as const;
type Filter = (typeof FILTERS)[number]['value'];

export interface IterationListProps {
  readonly runId: string;
  readonly place: LoopPlace;
  readonly counts: Loop | undefined;
  readonly now: number;
  readonly onOpen: (place: IterationPlace) => void;
}

/** The items of a loop, each with how it went; ten thousand are read as somebody scrolls, or from a number on. */
export function IterationList({ runId, place, counts, now, onOpen }: IterationListProps) {
  const [chosen, setChosen] = useState<Filter | null>(null);
  // What failed comes first, also when the counts come after the list.
  const filter = chosen ?? (counts && counts.iterations.failed > 0 ? 'failed' : ALL);
  const [from, setFrom] = useState('');
  const status: StepStatus | undefined = filter === ALL ? undefined : filter;
  const list = useIterations(runId, place, {
    status,
    from: /^\d{1,6}$/.test(from) ? Number(from) : undefined,
  });
  const all = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <div className="flex flex-col gap-2">
      {counts && (
        <p className="text-sm text-muted-foreground">{countsInWords(counts.iterations, counts.items)}</p>
      )}
      <div className="flex gap-2">
        <Select
          size="sm"
          aria-label="Items shown"
          className="w-32"
          options={FILTERS}
          value={filter}
          onValueChange={setChosen}
        />
        <div className="w-28">
          <Input
            inputMode="numeric"
            aria-label="From item"
            placeholder="From #"
            value={from}
            onValueChange={setFrom}
            className="h-7 text-xs"
          />
        </div>
      </div>
      {list.isPending && <Skeleton className="h-24" />}
      {list.isError && list.data === undefined && (
        <p className="text-sm text-danger">{messageOf(list.error)}</p>
      )}
      {list.data !== undefined && all.length === 0 && (
        <p className="py-3 text-sm text-subtle-foreground">
          {status === undefined ? 'No item has begun yet.' : 'No item is in this state.'}
        </p>
      )}
      {all.length > 0 && (
        <div className="overflow-hidden rounded-md border border-border">
          <ul aria-label="Items" className="flex max-h-96 flex-col overflow-y-auto">
            {all.map((iteration) => (
              <IterationRow
                key={iteration.key}
                iteration={iteration}
                now={now}
                onOpen={() => onOpen({ loopId: place.loopId, key: iteration.key })}
              />
            ))}
            {list.hasNextPage && (
              <li>
                <LoadMore
                  hasMore
                  isLoading={list.isFetchingNextPage}
                  isFailed={list.isFetchNextPageError}
                  endLabel=""
                  onLoad={() => void list.fetchNextPage()}
                />
              </li>
            )}
          </ul>
        </div>
      )}
    </div>
  );
}

function IterationRow({ iteration, now, onOpen }: { iteration: Iteration; now: number; onOpen: () => void }) {
  const { index, status, startedAt, finishedAt, error } = iteration;
  return (
    <li className="border-b border-border last:border-b-0 [contain-intrinsic-size:auto_2.25rem] [content-visibility:auto]">
      <button
        type="button"
        onClick={onOpen}
        className="flex min-h-9 w-full cursor-pointer items-center gap-2 px-3 text-left text-sm focus-ring-inset hover:bg-muted/70"
      >
        <StatusIcon status={status} />
        <span className="shrink-0 font-mono text-xs">#{index}</span>
        <span className="min-w-0 flex-1 truncate text-xs text-danger" title={error?.message}>
          {error?.message}
        </span>
        {startedAt !== null && (
          <span className="shrink-0 text-xs text-muted-foreground tabular-nums">
            {formatDuration(msBetween(startedAt, finishedAt, now))}
          </span>
        )}
        <ChevronRight aria-hidden className="size-3.5 shrink-0 text-subtle-foreground" />
      </button>
    </li>
  );
}

'use client';

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import type { Page } from '#core/api/common.ts';
import type { runListSchema, runSchema, RunChange, RunSummary } from '#core/api/runs.ts';

import { api, queryString, type Reply } from './client.ts';
import { mergeRuns } from './merge-runs.ts';
import { queryKeys } from './query-keys.ts';
import { runListQuery, type RunFilter } from './run-filter.ts';
import { throttle } from './throttle.ts';
import type { StreamState } from './event-source.ts';
import { useEventStream } from './use-event-stream.ts';

const PAGE_SIZE = 50;
const LIST_REFRESH_MS = 500;
const RUN_REFRESH_MS = 250;

type RunPages = InfiniteData<Page<RunSummary>, string | null>;

/** The list of runs, newest first, a page at a time. */
export function useRuns(filter: RunFilter) {
  return useInfiniteQuery({
    queryKey: queryKeys.runList(filter),
    queryFn: ({ pageParam, signal }) => readRunPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** Keeps the list that `useRuns(filter)` shows up to date while mounted. */
export function useLiveRuns(filter: RunFilter): StreamState {
  const client = useQueryClient();
  const feed = useMemo(() => makeListFeed(client, filter), [client, filter]);
  useEffect(() => feed.stop, [feed]);
  return useEventStream(`/runs/stream${queryString({ flow: filter.flow })}`, {
    onChange: feed.push,
    onGap: feed.reload,
  });
}

/** One run with its steps; those in loops are read by `useIterationSteps`, of one iteration at a time. */
export function useRun(id: string, { isWanted = true }: { readonly isWanted?: boolean } = {}) {
  return useQuery({
    queryKey: [...queryKeys.run(id), 'whole'],
    enabled: isWanted,
    queryFn: ({ signal }) =>
      api.get<Reply<typeof runSchema>>(`/runs/${encodeURIComponent(id)}`, {
        query: { loops: 'folded' },
        signal,
      }),
  });
}

/** As `useRun`, without large values: their parts are read by `useValuePart`. */
export function useReviewedRun(id: string) {
  return useQuery({
    queryKey: queryKeys.run(id),
    queryFn: ({ signal }) =>
      api.get<Reply<typeof runSchema>>(`/runs/${encodeURIComponent(id)}`, {
        query: { loops: 'folded', values: 'cut' },
        signal,
      }),
  });
}

/** Keeps what `useReviewedRun(id)` shows up to date while `isEnded` is false. */
export function useLiveRun(id: string, isEnded: boolean): StreamState {
  const client = useQueryClient();
  const refresh = useMemo(
    () => throttle(() => void client.invalidateQueries({ queryKey: queryKeys.run(id) }), RUN_REFRESH_MS),
    [client, id],
  );
  useEffect(() => () => refresh.cancel(), [refresh]);
  return useEventStream(isEnded ? null : `/runs/${encodeURIComponent(id)}/stream`, {
    onChange: refresh,
    onGap: refresh,
  });
}

/** Asks a run to stop. */
export function useCancelRun(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`/runs/${encodeURIComponent(id)}/cancel`),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.run(id) }),
  });
}

async function readRunPage(
  filter: RunFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<RunSummary>> {
  return api.get<Reply<typeof runListSchema>>('/runs', {
    query: { ...runListQuery(filter, Date.now()), limit: PAGE_SIZE, cursor },
    signal,
  });
}

/** Gathers the changes of half a second, then reads the first page once for all of them. */
function makeListFeed(client: QueryClient, filter: RunFilter) {
  let changes: RunChange[] = [];
  const reload = () => void client.invalidateQueries({ queryKey: queryKeys.runList(filter) });
  const refresh = throttle(() => {
    const gathered = changes;
    changes = [];
    refreshRuns(client, filter, gathered).catch(reload);
  }, LIST_REFRESH_MS);
  const push = (change: RunChange) => {
    changes.push(change);
    refresh();
  };
  return { push, reload, stop: refresh.cancel };
}

async function refreshRuns(
  client: QueryClient,
  filter: RunFilter,
  changes: readonly RunChange[],
): Promise<void> {
  const queryKey = queryKeys.runList(filter);
  if (client.getQueryData<RunPages>(queryKey) === undefined) return;
  const fresh = await readRunPage(filter, null);
  const loaded = client.getQueryData<RunPages>(queryKey);
  if (loaded === undefined) return;
  const merged = mergeRuns({ loaded, fresh, changes, statuses: filter.status });
  client.setQueryData<RunPages>(queryKey, merged.runs as RunPages);
  if (merged.isPartial) await client.invalidateQueries({ queryKey });
}

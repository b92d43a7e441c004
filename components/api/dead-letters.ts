'use client';

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import type { deadLetterGroupsSchema, deadLetterListSchema } from '#core/api/dead-letters.ts';

import { api, type Reply } from './client.ts';
import { deadLetterQuery, type DeadLetterView } from './dead-letter-filter.ts';
import { queryKeys } from './query-keys.ts';
import { throttle } from './throttle.ts';
import type { StreamState } from './event-source.ts';
import { useEventStream } from './use-event-stream.ts';

const PAGE_SIZE = 50;
const REFRESH_MS = 2_000;
/** The sidebar is on every page: a stream of its own would use up the browser's connections. */
const COUNT_EVERY_MS = 20_000;
/** More than these are counted as `99+`. */
const COUNTED = 100;

/** Open dead letters by flow, node and cause. */
export function useDeadLetterGroups(view: DeadLetterView, isWanted = true) {
  return useQuery({
    queryKey: queryKeys.deadLetterGroups(view),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const { flow, withinMs, from, to } = view;
      const query = deadLetterQuery({ flow, withinMs, from, to }, Date.now());
      return api.get<Reply<typeof deadLetterGroupsSchema>>(`/dead-letters/groups${query}`, { signal });
    },
  });
}

/** Dead letters, newest first, a page at a time. */
export function useDeadLetters(view: DeadLetterView) {
  return useInfiniteQuery({
    queryKey: queryKeys.deadLetterList(view),
    queryFn: ({ pageParam, signal }) => {
      const query = deadLetterQuery(view, Date.now(), { limit: PAGE_SIZE, cursor: pageParam });
      return api.get<Reply<typeof deadLetterListSchema>>(`/dead-letters${query}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** The dead letter of a run; null for one that never ended failed. `version` is read anew when it changes. */
export function useDeadLetterOf(runId: string, version: string, isWanted: boolean) {
  return useQuery({
    queryKey: [...queryKeys.deadLetterOf(runId), version],
    enabled: isWanted,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = deadLetterQuery({ q: runId, state: 'all' }, Date.now());
      const { data } = await api.get<Reply<typeof deadLetterListSchema>>(`/dead-letters${query}`, { signal });
      return data.find((each) => each.runId === runId) ?? null;
    },
  });
}

/** How many dead letters nobody has dealt with; 100 stands for that many or more. */
export function useOpenDeadLetters() {
  return useQuery({
    queryKey: queryKeys.deadLetterCount,
    queryFn: async ({ signal }) => {
      const query = { state: 'open', limit: COUNTED };
      return (await api.get<Reply<typeof deadLetterListSchema>>('/dead-letters', { query, signal })).data
        .length;
    },
    refetchInterval: COUNT_EVERY_MS,
  });
}

/** Puts one aside. It is never deleted, and the reason stays with it. */
export function useDiscard(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      api.post(`/dead-letters/${encodeURIComponent(runId)}/discard`, { reason }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: queryKeys.deadLetters });
      await client.invalidateQueries({ queryKey: queryKeys.run(runId) });
    },
  });
}

/** Keeps all that is shown of dead letters up to date while mounted: each comes and goes with a change of its run. */
export function useLiveDeadLetters(): StreamState {
  const client = useQueryClient();
  const refresh = useMemo(
    () => throttle(() => void client.invalidateQueries({ queryKey: queryKeys.deadLetters }), REFRESH_MS),
    [client],
  );
  useEffect(() => () => refresh.cancel(), [refresh]);
  return useEventStream('/runs/stream', { onChange: refresh, onGap: refresh });
}

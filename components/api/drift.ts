'use client';

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type {
  acceptDriftSchema,
  discardedQuarantinedSchema,
  driftListSchema,
  quarantineListSchema,
  replayedQuarantinedSchema,
} from '#core/api/drift.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

const LOOK_MS = 10_000;

/** What a flow (null: any flow) gets otherwise than before, kept current. */
export function useDrift(flow: string | null) {
  return useQuery({
    queryKey: queryKeys.driftOf(flow),
    queryFn: ({ signal }) =>
      api.get<Reply<typeof driftListSchema>>('/drift', { query: flow === null ? {} : { flow }, signal }),
    refetchInterval: LOOK_MS,
  });
}

/** Expects what a flow gets now. Resolves to how many changes that were. */
export function useAcceptDrift() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (flow: string) =>
      api.post<Reply<typeof acceptDriftSchema>>(`/flows/${encodeURIComponent(flow)}/drift/accept`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.drift }),
  });
}

/** Events of a flow (null: of any flow) that wait in quarantine, newest first, a page at a time. */
export function useQuarantine(flow: string | null) {
  return useInfiniteQuery({
    queryKey: queryKeys.quarantineOf(flow),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, cursor: pageParam, ...(flow === null ? {} : { flow }) };
      return api.get<Reply<typeof quarantineListSchema>>('/quarantine', { query, signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: LOOK_MS,
  });
}

/** Gives events in quarantine their runs. */
export function useReplayQuarantined() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (eventIds: readonly string[]) =>
      api.post<Reply<typeof replayedQuarantinedSchema>>('/quarantine/replay', { eventIds }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.quarantine }),
  });
}

/** Puts events in quarantine aside, with a reason. */
export function useDiscardQuarantined() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: { readonly eventIds: readonly string[]; readonly reason: string }) =>
      api.post<Reply<typeof discardedQuarantinedSchema>>('/quarantine/discard', given),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.quarantine }),
  });
}

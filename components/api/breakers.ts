'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { breakerListSchema, breakerSchema, Breaker } from '#core/api/breakers.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

const LOOK_MS = 5_000;

/** What holds calls of the workspace back, kept current. */
export function useBreakers() {
  return useQuery({
    queryKey: queryKeys.breakers,
    queryFn: ({ signal }) => api.get<Reply<typeof breakerListSchema>>('/breakers', { signal }),
    refetchInterval: LOOK_MS,
  });
}

/** Has a far end tried again now. */
export function useTryAgain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (scope: string) => api.post<Reply<typeof breakerSchema>>('/breakers/close', { scope }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.breakers }),
  });
}

/** True while calls wait for it. */
export function isHolding(breaker: Breaker): boolean {
  return breaker.state !== 'closed' || breaker.pausedUntil !== null;
}

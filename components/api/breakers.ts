'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { breakerListSchema, breakerSchema, type Breaker } from '#core/api/breakers.ts';

import { api } from './client.ts';
import { queryKeys } from './query-keys.ts';

const LOOK_MS = 5_000;

/** What holds calls of the workspace back, kept current. */
export function useBreakers() {
  return useQuery({
    queryKey: queryKeys.breakers,
    queryFn: ({ signal }) => api.get('/breakers', breakerListSchema, { signal }),
    refetchInterval: LOOK_MS,
  });
}

/** Has a far end tried again now. */
export function useTryAgain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (scope: string) => api.post('/breakers/close', { scope }, { schema: breakerSchema }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.breakers }),
  });
}

/** True while calls wait for it. */
export function isHolding(breaker: Breaker): boolean {
  return breaker.state !== 'closed' || breaker.pausedUntil !== null;
}

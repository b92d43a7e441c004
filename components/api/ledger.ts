'use client';

import { useQuery } from '@tanstack/react-query';

import type { ledgerSchema } from '#core/api/ledger.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** What was accepted, held against what became of it. `everyMs`: how often it is read again while it is looked at. */
export function useLedger(everyMs: number) {
  return useQuery({
    queryKey: queryKeys.ledger,
    queryFn: ({ signal }) => api.get<Reply<typeof ledgerSchema>>('/ledger', { signal }),
    refetchInterval: everyMs,
  });
}

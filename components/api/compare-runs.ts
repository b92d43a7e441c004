'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';

import type { runComparisonSchema } from '#core/api/compare-runs.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** A run beside another one of its flow; `other` null: beside the last that succeeded. */
export function useRunComparison(id: string, other: string | null) {
  return useQuery({
    queryKey: [...queryKeys.run(id), 'compare', other],
    placeholderData: keepPreviousData,
    // What is not there stays away: asking again would only keep the answer back.
    retry: false,
    queryFn: ({ signal }) =>
      api.get<Reply<typeof runComparisonSchema>>(`/runs/${encodeURIComponent(id)}/compare`, {
        query: { with: other },
        signal,
      }),
  });
}

'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { runComparisonSchema } from '#core/api/compare-runs.ts';

import { api } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** A run beside another one of its flow; `other` null: beside the last that succeeded. */
export function useRunComparison(id: string, other: string | null) {
  return useQuery({
    queryKey: [...queryKeys.run(id), 'compare', other],
    placeholderData: keepPreviousData,
    // What is not there stays away: asking again would only keep the answer back.
    retry: false,
    queryFn: ({ signal }) =>
      api.get(`/runs/${encodeURIComponent(id)}/compare`, runComparisonSchema, {
        query: { with: other },
        signal,
      }),
  });
}

'use client';

import { useQuery } from '@tanstack/react-query';

import { api, type Reply } from '#components/api/client.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import type { runListSchema } from '#core/api/runs.ts';

const LISTED = 5;

/** The last few runs of the workspace, newest first. */
export function useLatestRuns() {
  return useQuery({
    queryKey: queryKeys.latestRuns,
    queryFn: async ({ signal }) =>
      (await api.get<Reply<typeof runListSchema>>('/runs', { query: { limit: LISTED }, signal })).data,
  });
}

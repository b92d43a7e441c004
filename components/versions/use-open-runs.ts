'use client';

import { useQuery } from '@tanstack/react-query';

import { api, type Reply } from '#components/api/client.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import type { openRunsSchema } from '#core/api/flows.ts';

/** A flow's runs that have not ended, by version; read anew every few seconds while it is looked at. */
export function useOpenRuns(slug: string) {
  return useQuery({
    queryKey: [...queryKeys.flow(slug), 'open-runs'],
    queryFn: ({ signal }) =>
      api.get<Reply<typeof openRunsSchema>>(`/flows/${encodeURIComponent(slug)}/open-runs`, { signal }),
    refetchInterval: 5_000,
  });
}

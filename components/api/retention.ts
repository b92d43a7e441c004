'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { retentionPreviewSchema, retentionStateSchema, Retention } from '#core/api/retention.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** How long the workspace keeps what is over. */
export function useRetention() {
  return useQuery({
    queryKey: queryKeys.retention,
    queryFn: ({ signal }) => api.get<Reply<typeof retentionStateSchema>>('/retention', { signal }),
  });
}

/** About what a setting would remove, asked anew whenever it changes. */
export function useRetentionPreview(set: Retention) {
  return useQuery({
    queryKey: [...queryKeys.retention, 'preview', set],
    queryFn: ({ signal }) =>
      api.get<Reply<typeof retentionPreviewSchema>>('/retention/preview', { query: { ...set }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useSaveRetention() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (set: Retention) => api.put<Reply<typeof retentionStateSchema>>('/retention', set),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.retention }),
  });
}

'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { retentionPreviewSchema, retentionStateSchema, type Retention } from '#core/api/retention.ts';

import { api } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** How long the workspace keeps what is over. */
export function useRetention() {
  return useQuery({
    queryKey: queryKeys.retention,
    queryFn: ({ signal }) => api.get('/retention', retentionStateSchema, { signal }),
  });
}

/** About what a setting would remove, asked anew whenever it changes. */
export function useRetentionPreview(set: Retention) {
  return useQuery({
    queryKey: [...queryKeys.retention, 'preview', set],
    queryFn: ({ signal }) =>
      api.get('/retention/preview', retentionPreviewSchema, { query: { ...set }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useSaveRetention() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (set: Retention) => api.put('/retention', set, { schema: retentionStateSchema }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.retention }),
  });
}

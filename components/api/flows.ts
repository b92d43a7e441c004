'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { FlowSummary } from '#core/api/flows.ts';
import type { flowDocumentSchema, FlowDocument } from '#core/flow-document.ts';

import { api, callApi, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';
import { readAllPages } from './read-all-pages.ts';

const REFRESH_MS = 20_000;

/** Every flow of the workspace, refreshed while the page is looked at. */
export function useFlows() {
  return useQuery({
    queryKey: queryKeys.flows,
    queryFn: ({ signal }) => readAllPages<FlowSummary>('/flows', signal),
    refetchInterval: REFRESH_MS,
  });
}

/** The draft of a flow. */
export async function readFlow(slug: string): Promise<FlowDocument> {
  return api.get<Reply<typeof flowDocumentSchema>>(flowPath(slug));
}

/** Stores a new flow under a slug that is not taken. The document is checked by the server, fault by fault. */
export function useCreateFlow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (document: unknown) => callApi('/flows', { method: 'POST', body: document }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.flows }),
  });
}

/** Deletes a flow. Its runs are kept. */
export function useDeleteFlow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (slug: string) => api.delete(flowPath(slug)),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.flows }),
  });
}

function flowPath(slug: string): string {
  return `/flows/${encodeURIComponent(slug)}`;
}

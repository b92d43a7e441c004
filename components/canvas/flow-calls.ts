'use client';

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, type Reply } from '#components/api/client.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import { readAllPages } from '#components/api/read-all-pages.ts';
import type { flowSummarySchema, flowVersionDetailSchema, publishReplySchema } from '#core/api/flows.ts';
import type { FlowVersion, StartRunRequest } from '#core/api/flows.ts';
import type { runSchema } from '#core/api/runs.ts';

const PASSING: ReadonlySet<string> = new Set(['registering', 'removing']);

const pathOf = (slug: string) => `/flows/${encodeURIComponent(slug)}`;

/** What is published of a flow, its hook and its recent runs, as a query among others. */
export function flowSummaryQuery(slug: string) {
  return queryOptions({
    queryKey: [...queryKeys.flow(slug), 'summary'],
    queryFn: ({ signal }) => api.get<Reply<typeof flowSummarySchema>>(`${pathOf(slug)}/summary`, { signal }),
  });
}

/** What is published of a flow, its hook and its recent runs; kept current. */
export function useFlowSummary(slug: string) {
  return useQuery({
    ...flowSummaryQuery(slug),
    // What an app was asked for comes about within seconds.
    refetchInterval: ({ state: { data } }) =>
      data?.subscription && PASSING.has(data.subscription.status) ? 1_500 : 20_000,
  });
}

/** The versions of a flow, newest first. */
export function useFlowVersions(slug: string, isWanted: boolean) {
  return useQuery({
    queryKey: [...queryKeys.flow(slug), 'versions'],
    enabled: isWanted,
    queryFn: ({ signal }) => readAllPages<FlowVersion>(`${pathOf(slug)}/versions`, signal),
  });
}

/** Makes a version of the draft. `etag` is that of the draft that was looked at: nobody publishes what they have not seen. */
export function usePublishFlow(slug: string) {
  const refresh = useRefreshFlow(slug);
  return useMutation({
    mutationFn: ({ note, etag }: { note: string; etag: string }) =>
      api.post<Reply<typeof publishReplySchema>>(`${pathOf(slug)}/publish`, note === '' ? {} : { note }, {
        headers: { 'if-match': etag },
      }),
    onSuccess: refresh,
  });
}

export function useUnpublishFlow(slug: string) {
  const refresh = useRefreshFlow(slug);
  return useMutation({
    mutationFn: () => api.post<Reply<typeof flowSummarySchema>>(`${pathOf(slug)}/unpublish`),
    onSuccess: refresh,
  });
}

/** Publishes an earlier version again, as a new one. */
export function useRollbackFlow(slug: string) {
  const refresh = useRefreshFlow(slug);
  return useMutation({
    mutationFn: (version: number) =>
      api.post<Reply<typeof publishReplySchema>>(`${pathOf(slug)}/rollback`, { version }),
    onSuccess: refresh,
  });
}

/** Starts a run by hand. */
export function useStartRun(slug: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: StartRunRequest) =>
      api.post<Reply<typeof runSchema>>(`${pathOf(slug)}/runs`, request),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.runs }),
  });
}

/** The document of one version. */
export async function readVersionDocument(slug: string, version: number) {
  return (await api.get<Reply<typeof flowVersionDetailSchema>>(`${pathOf(slug)}/versions/${version}`))
    .document;
}

function useRefreshFlow(slug: string) {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: queryKeys.flow(slug) });
    await client.invalidateQueries({ queryKey: queryKeys.flows });
  };
}

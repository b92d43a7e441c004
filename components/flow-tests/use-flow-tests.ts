'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api, type Reply } from '#components/api/client.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import type {
  flowTestListSchema,
  flowTestRunSchema,
  flowTestSchema,
  CreateFlowTest,
  FlowTestRun,
  UpdateFlowTest,
} from '#core/api/flow-tests.ts';

const pathOf = (slug: string) => `/flows/${encodeURIComponent(slug)}/tests`;
const listKey = (slug: string) => [...queryKeys.flow(slug), 'tests'];
const lastRunKey = (slug: string) => [...queryKeys.flow(slug), 'test-run'];

/** The tests of a flow, oldest first. */
export function useFlowTests(slug: string) {
  return useQuery({
    queryKey: listKey(slug),
    queryFn: async ({ signal }) =>
      (await api.get<Reply<typeof flowTestListSchema>>(pathOf(slug), { signal })).data,
  });
}

/** What the tests came to when they were run last on this page; null before. */
export function useLastTestRun(slug: string) {
  return useQuery<FlowTestRun | null>({
    queryKey: lastRunKey(slug),
    queryFn: () => null,
    initialData: null,
    staleTime: Infinity,
  });
}

/** Runs tests of the stored draft, all or those of `ids`. */
export function useRunFlowTests(slug: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids?: readonly string[]) =>
      api.post<Reply<typeof flowTestRunSchema>>(`${pathOf(slug)}/run`, ids ? { ids } : {}),
    onSuccess: (run) => client.setQueryData(lastRunKey(slug), run),
  });
}

/** Adds a test. */
export function useCreateFlowTest(slug: string) {
  const refresh = useRefresh(slug);
  return useMutation({
    mutationFn: (request: CreateFlowTest) => api.post<Reply<typeof flowTestSchema>>(pathOf(slug), request),
    onSuccess: refresh,
  });
}

/** Changes a test. */
export function useUpdateFlowTest(slug: string) {
  const refresh = useRefresh(slug);
  return useMutation({
    mutationFn: ({ id, change }: { readonly id: string; readonly change: UpdateFlowTest }) =>
      api.patch<Reply<typeof flowTestSchema>>(`${pathOf(slug)}/${id}`, change),
    onSuccess: refresh,
  });
}

/** Takes a test away. */
export function useDeleteFlowTest(slug: string) {
  const refresh = useRefresh(slug);
  return useMutation({
    mutationFn: (id: string) => api.delete(`${pathOf(slug)}/${id}`),
    onSuccess: refresh,
  });
}

function useRefresh(slug: string) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: listKey(slug) });
}

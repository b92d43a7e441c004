'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { appHookListSchema, appHookSchema, PutAppHook } from '#core/api/app-hooks.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** How often it is asked, in milliseconds, what the apps have sent meanwhile: somebody is looking at it. */
const ASK_MS = 4_000;

/** Every app that sends the events of all its accounts to one address, set up or not; kept current. */
export function useAppHooks() {
  return useQuery({
    queryKey: queryKeys.appHooks,
    queryFn: async ({ signal }) =>
      (await api.get<Reply<typeof appHookListSchema>>('/app-hooks', { signal })).data,
    refetchInterval: ASK_MS,
  });
}

export function usePutAppHook(connector: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (hook: PutAppHook) => api.put<Reply<typeof appHookSchema>>(pathOf(connector), hook),
    onSuccess: () => refresh(client),
  });
}

export function useDeleteAppHook(connector: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(pathOf(connector)),
    onSuccess: () => refresh(client),
  });
}

/** Connectors say whether their events come, and flows whether they wait for that. */
async function refresh(client: ReturnType<typeof useQueryClient>): Promise<void> {
  await Promise.all(
    [queryKeys.appHooks, queryKeys.connectors, queryKeys.flows].map((queryKey) =>
      client.invalidateQueries({ queryKey }),
    ),
  );
}

function pathOf(connector: string): string {
  return `/app-hooks/${encodeURIComponent(connector)}`;
}

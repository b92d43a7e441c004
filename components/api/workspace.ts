'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';

import type {
  createdApiKeySchema,
  meSchema,
  sessionListSchema,
  ApiKey,
  changePasswordSchema,
  createApiKeySchema,
  patchMeSchema,
} from '#core/api/workspace.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';
import { readAllPages } from './read-all-pages.ts';

/** Who is signed in, and to which workspace. */
export function useMe() {
  return useQuery({
    queryKey: queryKeys.me,
    queryFn: ({ signal }) => api.get<Reply<typeof meSchema>>('/me', { signal }),
    staleTime: 60_000,
  });
}

export function useUpdateMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: z.input<typeof patchMeSchema>) => api.patch<Reply<typeof meSchema>>('/me', changes),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.me }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: z.input<typeof changePasswordSchema>) => api.post('/me/password', change),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.sessions }),
  });
}

/** The browsers in which this account is signed in. */
export function useSessions() {
  return useQuery({
    queryKey: queryKeys.sessions,
    queryFn: async ({ signal }) =>
      (await api.get<Reply<typeof sessionListSchema>>('/me/sessions', { signal })).data,
  });
}

export function useRevokeSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/me/sessions/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.sessions }),
  });
}

export function useApiKeys() {
  return useQuery({
    queryKey: queryKeys.apiKeys,
    queryFn: ({ signal }) => readAllPages<ApiKey>('/api-keys', signal),
  });
}

/** Makes a key. The reply is the only place where it can ever be read. */
export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: z.input<typeof createApiKeySchema>) =>
      api.post<Reply<typeof createdApiKeySchema>>('/api-keys', key),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  });
}

export function useRevokeApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/api-keys/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  });
}

'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';

import type { connectionAtRiskListSchema } from '#core/api/connection-risks.ts';
import type {
  authorizedSchema,
  connectionSchema,
  connectLinkListSchema,
  createdConnectLinkSchema,
  oauthAppListSchema,
  oauthAppSchema,
  testedConnectionSchema,
  Connection,
  connectorSchema,
  CreateConnection,
  CreateConnectLink,
  PatchConnection,
  PutOAuthApp,
} from '#core/api/connections.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';
import { readAllPages } from './read-all-pages.ts';

/** How often the connections at risk are asked for, in milliseconds. */
const AT_RISK_MS = 30_000;

export type Connector = z.output<typeof connectorSchema>;

/** Every connection of the workspace, without its secrets: those never leave the server. */
export function useConnections() {
  return useQuery({
    queryKey: queryKeys.connections,
    queryFn: ({ signal }) => readAllPages<Connection>('/connections', signal),
  });
}

/** The catalogue of connectors. */
export function useConnectors() {
  return useQuery({
    queryKey: queryKeys.connectors,
    queryFn: ({ signal }) => readAllPages<Connector>('/connectors', signal),
    staleTime: 300_000,
  });
}

export function useCreateConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (connection: CreateConnection) =>
      api.post<Reply<typeof connectionSchema>>('/connections', connection),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.connections }),
  });
}

export function useUpdateConnection(slug: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: PatchConnection) =>
      api.patch<Reply<typeof connectionSchema>>(connectionPath(slug), changes),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.connections }),
  });
}

export function useDeleteConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (slug: string) => api.delete(connectionPath(slug)),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.connections }),
  });
}

/** One connection, asked for now. */
export function readConnection(slug: string): Promise<Connection> {
  return api.get<Reply<typeof connectionSchema>>(connectionPath(slug));
}

/** Begins a consent; resolves to where the person has to go. */
export function authorizeConnection(slug: string): Promise<{ readonly url: string }> {
  return api.post<Reply<typeof authorizedSchema>>(`${connectionPath(slug)}/authorize`, {});
}

/** Calls the app in the connection's name, to see whether it works. */
export function testConnection(slug: string) {
  return api.post<Reply<typeof testedConnectionSchema>>(`${connectionPath(slug)}/test`, {});
}

/** Gives the account's tokens back to the provider and forgets them. */
export function disconnectConnection(slug: string) {
  return api.post<Reply<typeof connectionSchema>>(`${connectionPath(slug)}/disconnect`, {});
}

/** Connections that will need somebody soon, with the flows that stand on them; kept current. */
export function useAtRisk() {
  return useQuery({
    queryKey: queryKeys.atRisk,
    queryFn: async ({ signal }) =>
      (await api.get<Reply<typeof connectionAtRiskListSchema>>('/connections/at-risk', { signal })).data,
    refetchInterval: AT_RISK_MS,
  });
}

/** The workspace's OAuth apps: every app that has a consent screen, registered or not. */
export function useOAuthApps() {
  return useQuery({
    queryKey: queryKeys.oauthApps,
    queryFn: async ({ signal }) =>
      (await api.get<Reply<typeof oauthAppListSchema>>('/oauth-apps', { signal })).data,
  });
}

export function usePutOAuthApp(connector: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (app: PutOAuthApp) =>
      api.put<Reply<typeof oauthAppSchema>>(`/oauth-apps/${encodeURIComponent(connector)}`, app),
    onSuccess: () => refreshApps(client),
  });
}

export function useDeleteOAuthApp(connector: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(`/oauth-apps/${encodeURIComponent(connector)}`),
    onSuccess: () => refreshApps(client),
  });
}

/** Links by which someone without an account here grants access. */
export function useConnectLinks(slug: string) {
  return useQuery({
    queryKey: queryKeys.connectLinks(slug),
    queryFn: async ({ signal }) =>
      (await api.get<Reply<typeof connectLinkListSchema>>(`${connectionPath(slug)}/links`, { signal })).data,
  });
}

/** Makes a link. The reply is the only place where it can ever be read. */
export function useCreateConnectLink(slug: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (link: CreateConnectLink) =>
      api.post<Reply<typeof createdConnectLinkSchema>>(`${connectionPath(slug)}/links`, link),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.connectLinks(slug) }),
  });
}

export function useCancelConnectLink(slug: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`${connectionPath(slug)}/links/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.connectLinks(slug) }),
  });
}

async function refreshApps(client: ReturnType<typeof useQueryClient>): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: queryKeys.oauthApps }),
    client.invalidateQueries({ queryKey: queryKeys.connectors }),
  ]);
}

function connectionPath(slug: string): string {
  return `/connections/${encodeURIComponent(slug)}`;
}

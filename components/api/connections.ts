'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';

import {
  connectionListSchema,
  connectionSchema,
  connectorListSchema,
  type Connection,
  type connectorSchema,
  type CreateConnection,
  type PatchConnection,
} from '#core/api/workspace.ts';

import { api } from './client.ts';
import { queryKeys } from './query-keys.ts';
import { readAllPages } from './read-all-pages.ts';

export type Connector = z.output<typeof connectorSchema>;

/** Every connection of the workspace, without its secrets: those never leave the server. */
export function useConnections() {
  return useQuery({
    queryKey: queryKeys.connections,
    queryFn: ({ signal }) => readAllPages<Connection>('/connections', connectionListSchema, signal),
  });
}

/** The catalogue of connectors. */
export function useConnectors() {
  return useQuery({
    queryKey: queryKeys.connectors,
    queryFn: ({ signal }) => readAllPages<Connector>('/connectors', connectorListSchema, signal),
    staleTime: 300_000,
  });
}

export function useCreateConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (connection: CreateConnection) =>
      api.post('/connections', connection, { schema: connectionSchema }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.connections }),
  });
}

export function useUpdateConnection(slug: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: PatchConnection) =>
      api.patch(connectionPath(slug), changes, { schema: connectionSchema }),
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

function connectionPath(slug: string): string {
  return `/connections/${encodeURIComponent(slug)}`;
}

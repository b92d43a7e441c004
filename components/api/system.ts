'use client';

import { useQuery } from '@tanstack/react-query';

import { systemSchema } from '#core/api/system.ts';

import { api } from './client.ts';
import { queryKeys } from './query-keys.ts';

const READ_EVERY_MS = 5_000;

/** How the installation is, read again every 5 s. */
export function useSystem() {
  return useQuery({
    queryKey: queryKeys.system,
    queryFn: ({ signal }) => api.get('/system', systemSchema, { signal }),
    refetchInterval: READ_EVERY_MS,
  });
}

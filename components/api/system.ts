'use client';

import { useQuery } from '@tanstack/react-query';

import type { systemSchema } from '#core/api/system.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

const READ_EVERY_MS = 5_000;

/** How the installation is, read again every 5 s. */
export function useSystem() {
  return useQuery({
    queryKey: queryKeys.system,
    queryFn: ({ signal }) => api.get<Reply<typeof systemSchema>>('/system', { signal }),
    refetchInterval: READ_EVERY_MS,
  });
}

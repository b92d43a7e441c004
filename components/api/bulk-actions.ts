'use client';

import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { z } from 'zod';

import type {
  bulkActionListSchema,
  bulkActionSchema,
  bulkItemListSchema,
  bulkPreviewSchema,
  BulkAction,
  BulkItem,
  bulkActionRequestSchema,
} from '#core/api/bulk-actions.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

const ACTIVE_EVERY_MS = 1_000;
const ITEMS_EVERY_MS = 2_000;
const IDLE_EVERY_MS = 10_000;

export type BulkRequest = z.input<typeof bulkActionRequestSchema>;

/** How many runs, of which flows, an action would take. Null asks nothing. */
export function useBulkPreview(request: BulkRequest | null) {
  return useQuery({
    queryKey: [...queryKeys.bulkActions, 'preview', request],
    enabled: request !== null,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) =>
      api.post<Reply<typeof bulkPreviewSchema>>('/bulk-actions', { ...request, dryRun: true }, { signal }),
  });
}

/** Begins an action. The reply names it. */
export function useStartBulk() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: BulkRequest) => api.post<Pick<BulkAction, 'id'>>('/bulk-actions', request),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.bulkActions }),
  });
}

/** Every bulk action, newest first, a page at a time. */
export function useBulkActions() {
  return useInfiniteQuery({
    queryKey: queryKeys.bulkActionList,
    queryFn: ({ pageParam, signal }) =>
      api.get<Reply<typeof bulkActionListSchema>>('/bulk-actions', {
        query: { limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: (query) =>
      query.state.data?.pages.some(({ data }) => data.some(isMoving)) ? ACTIVE_EVERY_MS * 2 : IDLE_EVERY_MS,
  });
}

/** One action, kept up to date while it or the runs that it started go on. */
export function useBulkAction(id: string) {
  return useQuery({
    queryKey: queryKeys.bulkAction(id),
    queryFn: ({ signal }) => api.get<Reply<typeof bulkActionSchema>>(pathOf(id), { signal }),
    refetchInterval: ({ state }) =>
      state.data === undefined || isMoving(state.data) ? ACTIVE_EVERY_MS : IDLE_EVERY_MS,
  });
}

/** The runs of an action in order, a page at a time, kept up to date while `isLive`. */
export function useBulkItems(id: string, status: BulkItem['status'] | 'all', isLive: boolean) {
  return useInfiniteQuery({
    queryKey: queryKeys.bulkItems(id, status),
    queryFn: ({ pageParam, signal }) => {
      const query = { status: status === 'all' ? undefined : status, limit: 50, cursor: pageParam };
      return api.get<Reply<typeof bulkItemListSchema>>(`${pathOf(id)}/items`, { query, signal });
    },
    refetchInterval: isLive ? ITEMS_EVERY_MS : IDLE_EVERY_MS,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export type BulkCommand = 'pause' | 'continue' | 'cancel';

/** Pauses, continues or cancels. */
export function useBulkCommand(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (command: BulkCommand) => api.post(`${pathOf(id)}/${command}`),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.bulkActions }),
  });
}

/** Changes how many a second it takes; null: as fast as it goes. */
export function useBulkPace(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ratePerSecond: number | null) => api.patch(pathOf(id), { ratePerSecond }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.bulkActions }),
  });
}

/** True while something about it changes by itself. */
export function isMoving({ status, results }: BulkAction): boolean {
  return status === 'running' || results.queued + results.running + results.waiting > 0;
}

function pathOf(id: string): string {
  return `/bulk-actions/${encodeURIComponent(id)}`;
}

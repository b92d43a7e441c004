'use client';

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';

import type {
  alertChannelListSchema,
  alertChannelSchema,
  alertListSchema,
  alertRuleListSchema,
  alertRuleSchema,
  alertTestSchema,
  createdAlertChannelSchema,
  AlertListQuery,
  createAlertChannelSchema,
  CreateAlertRule,
  PatchAlertChannel,
  PatchAlertRule,
} from '#core/api/alerts.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** Rules are looked after every 10 s. */
const LOOK_MS = 10_000;
/** More than these are counted as `99+`. */
const COUNTED = 100;

export type AlertState = AlertListQuery['state'];

/** Alerts that are open, or that are over, those opened last first, a page at a time. Kept current. */
export function useAlerts(state: AlertState) {
  return useInfiniteQuery({
    queryKey: queryKeys.alertList(state),
    queryFn: ({ pageParam, signal }) =>
      api.get<Reply<typeof alertListSchema>>('/alerts', {
        query: { state, limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: LOOK_MS,
  });
}

/** How many alerts are open; 100 stands for that many or more. */
export function useOpenAlerts() {
  return useQuery({
    queryKey: queryKeys.alertCount,
    queryFn: async ({ signal }) => {
      const query = { state: 'open', limit: COUNTED };
      return (await api.get<Reply<typeof alertListSchema>>('/alerts', { query, signal })).data.length;
    },
    refetchInterval: 2 * LOOK_MS,
  });
}

export function useAlertRules() {
  return useQuery({
    queryKey: queryKeys.alertRules,
    queryFn: async ({ signal }) =>
      (await api.get<Reply<typeof alertRuleListSchema>>('/alert-rules', { signal })).data,
  });
}

export function useAlertChannels() {
  return useQuery({
    queryKey: queryKeys.alertChannels,
    queryFn: async ({ signal }) =>
      (await api.get<Reply<typeof alertChannelListSchema>>('/alert-channels', { signal })).data,
  });
}

/** Makes several rules, one after the other. */
export function useCreateAlertRules() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (rules: readonly CreateAlertRule[]) => {
      for (const rule of rules) await api.post<Reply<typeof alertRuleSchema>>('/alert-rules', rule);
    },
    onSettled: refresh,
  });
}

export function usePatchAlertRule() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, ...patch }: PatchAlertRule & { readonly id: string }) =>
      api.patch<Reply<typeof alertRuleSchema>>(`/alert-rules/${id}`, patch),
    onSettled: refresh,
  });
}

export function useDeleteAlertRule() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/alert-rules/${id}`),
    onSettled: refresh,
  });
}

/** Makes a channel. The reply is the only place where a webhook's signing secret can ever be read. */
export function useCreateAlertChannel() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (channel: z.input<typeof createAlertChannelSchema>) =>
      api.post<Reply<typeof createdAlertChannelSchema>>('/alert-channels', channel),
    onSuccess: refresh,
  });
}

export function usePatchAlertChannel() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, ...patch }: PatchAlertChannel & { readonly id: string }) =>
      api.patch<Reply<typeof alertChannelSchema>>(`/alert-channels/${id}`, patch),
    onSuccess: refresh,
  });
}

export function useDeleteAlertChannel() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/alert-channels/${id}`),
    onSettled: refresh,
  });
}

/** Sends a test by a channel, now. */
export function useTestAlertChannel() {
  return useMutation({
    mutationFn: (id: string) => api.post<Reply<typeof alertTestSchema>>(`/alert-channels/${id}/test`),
  });
}

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: queryKeys.alerts });
}

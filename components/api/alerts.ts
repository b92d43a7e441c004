'use client';

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';

import {
  alertChannelListSchema,
  alertChannelSchema,
  alertListSchema,
  alertRuleListSchema,
  alertRuleSchema,
  alertTestSchema,
  createdAlertChannelSchema,
  type AlertListQuery,
  type createAlertChannelSchema,
  type CreateAlertRule,
  type PatchAlertChannel,
  type PatchAlertRule,
} from '#core/api/alerts.ts';

import { api } from './client.ts';
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
      api.get('/alerts', alertListSchema, { query: { state, limit: 50, cursor: pageParam }, signal }),
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
      return (await api.get('/alerts', alertListSchema, { query, signal })).data.length;
    },
    refetchInterval: 2 * LOOK_MS,
  });
}

export function useAlertRules() {
  return useQuery({
    queryKey: queryKeys.alertRules,
    queryFn: async ({ signal }) => (await api.get('/alert-rules', alertRuleListSchema, { signal })).data,
  });
}

export function useAlertChannels() {
  return useQuery({
    queryKey: queryKeys.alertChannels,
    queryFn: async ({ signal }) =>
      (await api.get('/alert-channels', alertChannelListSchema, { signal })).data,
  });
}

/** Makes several rules, one after the other. */
export function useCreateAlertRules() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (rules: readonly CreateAlertRule[]) => {
      for (const rule of rules) await api.post('/alert-rules', rule, { schema: alertRuleSchema });
    },
    onSettled: refresh,
  });
}

export function usePatchAlertRule() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, ...patch }: PatchAlertRule & { readonly id: string }) =>
      api.patch(`/alert-rules/${id}`, patch, { schema: alertRuleSchema }),
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
      api.post('/alert-channels', channel, { schema: createdAlertChannelSchema }),
    onSuccess: refresh,
  });
}

export function usePatchAlertChannel() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, ...patch }: PatchAlertChannel & { readonly id: string }) =>
      api.patch(`/alert-channels/${id}`, patch, { schema: alertChannelSchema }),
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
    mutationFn: (id: string) =>
      api.post(`/alert-channels/${id}/test`, undefined, { schema: alertTestSchema }),
  });
}

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: queryKeys.alerts });
}

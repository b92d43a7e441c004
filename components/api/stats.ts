'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';

import type { dashboardSchema } from '#core/api/stats.ts';
import type { StatsRange } from '#core/stats/time-points.ts';

import { api, type Reply } from './client.ts';
import { queryKeys } from './query-keys.ts';

export interface DashboardView {
  readonly range: StatsRange;
  readonly flow: string | null;
}

const READ_EVERY_MS = 10_000;

/** What the workspace or a flow did, in the browser's time zone; read again every 10 s while it is looked at. */
export function useDashboard({ range, flow }: DashboardView) {
  return useQuery({
    queryKey: queryKeys.dashboard({ range, flow }),
    queryFn: ({ signal }) => {
      const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      return api.get<Reply<typeof dashboardSchema>>('/stats', {
        query: { range, flow: flow ?? undefined, timezone },
        signal,
      });
    },
    refetchInterval: READ_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

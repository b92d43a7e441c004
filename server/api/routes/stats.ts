import { dashboardQuerySchema, dashboardSchema } from '#core/api/stats.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { readDashboard } from '#server/stats/read-dashboard.ts';

export const statsRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/stats',
    id: 'readDashboard',
    tag: 'Statistics',
    summary: 'What the workspace or a flow did, and how fast',
    description:
      'Counts by when runs were accepted and when they ended, and percentiles out of histograms that are kept by the minute and merged, so that they are within 1.25 % of the exact ones for any stretch of time. They outlive the runs. The runs behind a part of the time are those of `/runs` with `from` and `to` and, for outcomes, `by=ended`.',
    action: 'run:read',
    query: dashboardQuerySchema,
    replies: { 200: { description: 'The statistics.', schema: dashboardSchema } },
    handle: async ({ actor, query }) => ({
      status: 200,
      body: await readDashboard(actor.workspaceId, query),
    }),
  }),
];

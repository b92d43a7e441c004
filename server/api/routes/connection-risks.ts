import { connectionAtRiskListSchema } from '#core/api/connection-risks.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { listConnectionsAtRisk } from '#server/connections/list-at-risk.ts';

export const connectionRiskRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/connections/at-risk',
    id: 'listConnectionsAtRisk',
    tag: 'Connections',
    summary: 'Connections that need somebody',
    description:
      'Those that must be reconnected, were never connected, cannot be renewed, or end within 7 days; with the published flows that use them.',
    action: 'connection:read',
    replies: { 200: { description: 'The gravest first.', schema: connectionAtRiskListSchema } },
    handle: async ({ actor }) => ({ status: 200, body: { data: await listConnectionsAtRisk(actor) } }),
  }),
];

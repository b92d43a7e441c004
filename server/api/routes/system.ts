import { systemSchema } from '#core/api/system.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { readSystem } from '#server/system/read-system.ts';

export const systemRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/system',
    id: 'readSystem',
    tag: 'System',
    summary: 'How the installation is',
    description:
      'Workers and what they hold, the queue, the database and its tables, versions, the last known backup; all workspaces together.',
    action: 'system:read',
    replies: { 200: { description: 'As it is now.', schema: systemSchema } },
    handle: async () => ({ status: 200, body: await readSystem() }),
  }),
];

import { listQuerySchema } from '#core/api/common.ts';
import { auditListSchema } from '#core/api/workspace.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { listAudit } from '#server/audit/list-audit.ts';

export const auditRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/audit',
    id: 'listAudit',
    tag: 'Audit',
    summary: 'What people and keys did, newest first',
    action: 'audit:read',
    query: listQuerySchema,
    replies: { 200: { description: 'A page of entries.', schema: auditListSchema } },
    handle: async ({ actor, query }) => ({ status: 200, body: await listAudit(actor.workspaceId, query) }),
  }),
];

import {
  auditCheckSchema,
  auditExportQuerySchema,
  auditListSchema,
  auditQuerySchema,
  auditVerifyQuerySchema,
} from '#core/api/audit.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { exportAudit } from '#server/audit/export-audit.ts';
import { listAudit } from '#server/audit/list-audit.ts';
import { verifyAudit } from '#server/audit/verify-audit.ts';

const tag = 'Audit';
const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' };

export const auditRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/audit',
    id: 'listAudit',
    tag,
    summary: 'What people and keys did, newest first',
    action: 'audit:read',
    query: auditQuerySchema,
    replies: { 200: { description: 'A page of entries.', schema: auditListSchema } },
    handle: async ({ actor, query }) => ({ status: 200, body: await listAudit(actor.workspaceId, query) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/audit/export',
    id: 'exportAudit',
    tag,
    summary: 'The entries as a file',
    description: 'CSV, or with `format=jsonl` a JSON object a line. Streamed, whatever its length.',
    action: 'audit:read',
    query: auditExportQuerySchema,
    replies: {
      200: { description: 'The file: every entry that fits, newest first.', contentType: 'text/csv' },
    },
    handle: ({ actor, query }) =>
      Promise.resolve({
        status: 200,
        headers: {
          'content-type': TYPES[query.format],
          'content-disposition': `attachment; filename="patchbay-audit.${query.format}"`,
        },
        stream: exportAudit(actor.workspaceId, query),
      }),
  }),
  defineRoute({
    method: 'GET',
    path: '/audit/verify',
    id: 'verifyAudit',
    tag,
    summary: 'Check that no entry was changed or removed',
    description:
      'Each entry has a hash over its content and the hash before it. Keep the last hash elsewhere, and give it to a later check as `anchor`.',
    action: 'audit:read',
    query: auditVerifyQuerySchema,
    replies: { 200: { description: 'What came of it.', schema: auditCheckSchema } },
    handle: async ({ actor, query: { anchor } }) => {
      const [position = '', hash = ''] = anchor?.split(':') ?? [];
      const given = anchor === undefined ? undefined : { position, hash };
      return { status: 200, body: await verifyAudit(actor.workspaceId, { anchor: given }) };
    },
  }),
];

import { z } from 'zod';

import {
  approvalListQuerySchema,
  approvalListSchema,
  approvalSchema,
  decisionRequestSchema,
} from '#core/api/approvals.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { decideApproval } from '#server/approvals/decide-approval.ts';
import { listApprovals } from '#server/approvals/list-approvals.ts';
import { readApproval } from '#server/approvals/read-approval.ts';

const tag = 'Approvals';
const params = z.object({ id: z.uuid() });

export const approvalRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/approvals',
    id: 'listApprovals',
    tag,
    summary: 'What flows ask people to decide, newest first',
    action: 'approval:read',
    query: approvalListQuerySchema,
    replies: { 200: { description: 'A page of approvals.', schema: approvalListSchema } },
    handle: async ({ actor, query }) => ({ status: 200, body: await listApprovals(actor, query) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/approvals/{id}',
    id: 'readApproval',
    tag,
    summary: 'One approval',
    action: 'approval:read',
    params,
    replies: { 200: { description: 'The approval.', schema: approvalSchema } },
    handle: async ({ actor, params: { id } }) => ({ status: 200, body: await readApproval(actor, id) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/approvals/{id}/decide',
    id: 'decideApproval',
    tag,
    summary: 'Approve or reject',
    description:
      'For those who are asked, and for owners and admins. The first decision counts, and the run goes on with it.',
    action: 'approval:decide',
    params,
    body: decisionRequestSchema,
    replies: {
      200: { description: 'The approval, decided.', schema: approvalSchema },
      409: { description: 'It is closed already; the detail says who decided.' },
    },
    handle: async ({ actor, params: { id }, body }) => ({
      status: 200,
      body: await decideApproval(actor, id, body),
    }),
  }),
];

import { z } from 'zod';

import {
  bulkActionListQuerySchema,
  bulkActionListSchema,
  bulkActionRequestSchema,
  bulkActionSchema,
  bulkItemListQuerySchema,
  bulkItemListSchema,
  bulkPaceRequestSchema,
  bulkPreviewSchema,
  type BulkAction,
} from '#core/api/bulk-actions.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import type { Actor } from '#server/auth/actor.ts';
import {
  cancelBulkAction,
  continueBulkAction,
  paceBulkAction,
  pauseBulkAction,
} from '#server/bulk/change-bulk-action.ts';
import { listBulkActions } from '#server/bulk/list-bulk-actions.ts';
import { listBulkItems } from '#server/bulk/list-bulk-items.ts';
import { readBulkAction } from '#server/bulk/read-bulk-action.ts';
import { replyToBulkRequest } from '#server/bulk/reply-to-bulk-request.ts';

const tag = 'Bulk actions';
const params = z.object({ id: z.uuid() });
const changed = { description: 'The bulk action.', schema: bulkActionSchema };
const ended = { description: 'It has ended already.' };

export const bulkActionRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/bulk-actions',
    id: 'createBulkAction',
    tag,
    summary: 'Redrive, replay or discard many runs, or replay quarantined events',
    description:
      'The runs (for `release`: the events) are chosen once, now; each is an item, oldest first. Workers take the items at the rate that you ask for. With a sample the action pauses after it.',
    action: 'run:replay',
    body: bulkActionRequestSchema,
    replies: {
      200: { description: 'What it would take, for a dry run.', schema: bulkPreviewSchema },
      201: { description: 'The bulk action.', schema: bulkActionSchema },
    },
    handle: ({ actor, body }) => replyToBulkRequest(actor, body),
  }),
  defineRoute({
    method: 'GET',
    path: '/bulk-actions',
    id: 'listBulkActions',
    tag,
    summary: 'Bulk actions, newest first',
    action: 'run:read',
    query: bulkActionListQuerySchema,
    replies: { 200: { description: 'A page of bulk actions.', schema: bulkActionListSchema } },
    handle: async ({ actor, query }) => ({
      status: 200,
      body: await listBulkActions(actor.workspaceId, query),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/bulk-actions/{id}',
    id: 'readBulkAction',
    tag,
    summary: 'One bulk action and how far it is',
    action: 'run:read',
    params,
    replies: { 200: changed },
    handle: async ({ actor, params: { id } }) => ({
      status: 200,
      body: await readBulkAction(actor.workspaceId, id),
    }),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/bulk-actions/{id}',
    id: 'updateBulkAction',
    tag,
    summary: 'Change the rate of a bulk action',
    action: 'run:replay',
    params,
    body: bulkPaceRequestSchema,
    replies: { 200: changed, 409: ended },
    handle: async ({ actor, params: { id }, body: { ratePerSecond } }) => ({
      status: 200,
      body:
        ratePerSecond === undefined
          ? await readBulkAction(actor.workspaceId, id)
          : await paceBulkAction(actor, id, ratePerSecond),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/bulk-actions/{id}/items',
    id: 'listBulkItems',
    tag,
    summary: 'The runs of a bulk action and what became of each',
    action: 'run:read',
    params,
    query: bulkItemListQuerySchema,
    replies: { 200: { description: 'A page of items, in their order.', schema: bulkItemListSchema } },
    handle: async ({ actor, params: { id }, query }) => ({
      status: 200,
      body: await listBulkItems(actor.workspaceId, id, query),
    }),
  }),
  changeRoute({
    verb: 'pause',
    summary: 'Pause a bulk action',
    description: 'It keeps its place. Nothing more of it is begun once this is answered.',
    change: pauseBulkAction,
  }),
  changeRoute({
    verb: 'continue',
    summary: 'Go on with a bulk action',
    description: 'After its sample, with the rest.',
    change: continueBulkAction,
  }),
  changeRoute({
    verb: 'cancel',
    summary: 'Cancel a bulk action',
    description: 'What is pending stays untouched; what was done stays done.',
    change: cancelBulkAction,
  }),
];

function changeRoute(route: {
  readonly verb: 'pause' | 'continue' | 'cancel';
  readonly summary: string;
  readonly description: string;
  readonly change: (actor: Actor, id: string) => Promise<BulkAction>;
}): Route {
  const { verb, summary, description, change } = route;
  return defineRoute({
    method: 'POST',
    path: `/bulk-actions/{id}/${verb}`,
    id: `${verb}BulkAction`,
    tag,
    summary,
    description,
    action: 'run:replay',
    params,
    replies: { 200: changed, 409: ended },
    handle: async ({ actor, params: { id } }) => ({ status: 200, body: await change(actor, id) }),
  });
}

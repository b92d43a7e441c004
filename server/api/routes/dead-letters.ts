import { z } from 'zod';

import { bulkActionSchema, bulkPreviewSchema } from '#core/api/bulk-actions.ts';
import {
  deadLetterGroupsQuerySchema,
  deadLetterGroupsSchema,
  deadLetterListQuerySchema,
  deadLetterListSchema,
  deadLetterSchema,
  discardRequestSchema,
  redriveRequestSchema,
} from '#core/api/dead-letters.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { replyToBulkRequest } from '#server/bulk/reply-to-bulk-request.ts';
import { discardDeadLetter } from '#server/dead-letters/discard-dead-letter.ts';
import { groupDeadLetters } from '#server/dead-letters/group-dead-letters.ts';
import { listDeadLetters } from '#server/dead-letters/list-dead-letters.ts';

const tag = 'Dead letters';

export const deadLetterRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/dead-letters',
    id: 'listDeadLetters',
    tag,
    summary: 'Runs that ended failed, newest first',
    description:
      'Those that nobody dealt with yet, unless `state` says otherwise. `q` is sought as in the list of runs.',
    action: 'run:read',
    query: deadLetterListQuerySchema,
    replies: { 200: { description: 'A page of dead letters.', schema: deadLetterListSchema } },
    handle: async ({ actor, query }) => ({
      status: 200,
      body: await listDeadLetters(actor.workspaceId, query),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/dead-letters/groups',
    id: 'groupDeadLetters',
    tag,
    summary: 'Open dead letters by flow, node and cause, the largest group first',
    description:
      'With how many failed when. Without `from` the time begins with the oldest of them, at least a day before its end. 500 groups at most; `total` counts all.',
    action: 'run:read',
    query: deadLetterGroupsQuerySchema,
    replies: { 200: { description: 'The groups.', schema: deadLetterGroupsSchema } },
    handle: async ({ actor, query }) => ({
      status: 200,
      body: await groupDeadLetters(actor.workspaceId, query),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/dead-letters/redrive',
    id: 'redriveDeadLetters',
    tag,
    summary: 'Redrive open dead letters',
    description:
      'Makes a bulk action of the kind `redrive`: follow it, pause it and cancel it under `/bulk-actions/{id}`.',
    action: 'run:replay',
    body: redriveRequestSchema,
    replies: {
      200: { description: 'What it would take, for a dry run.', schema: bulkPreviewSchema },
      201: { description: 'The bulk action.', schema: bulkActionSchema },
    },
    handle: ({ actor, body }) => replyToBulkRequest(actor, { kind: 'redrive', ...body }),
  }),
  defineRoute({
    method: 'POST',
    path: '/dead-letters/{runId}/discard',
    id: 'discardDeadLetter',
    tag,
    summary: 'Discard a dead letter',
    description: 'Nothing is done about its run. The row stays, with the reason, and so does the run.',
    action: 'run:replay',
    params: z.object({ runId: z.uuid() }),
    body: discardRequestSchema,
    replies: {
      200: { description: 'The dead letter, discarded.', schema: deadLetterSchema },
      409: { description: 'It was redriven or discarded already.' },
    },
    handle: async ({ actor, params: { runId }, body }) => ({
      status: 200,
      body: await discardDeadLetter(actor, runId, body.reason),
    }),
  }),
];

import { deadLetterListQuerySchema, deadLetterListSchema } from '#core/api/dead-letters.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { listDeadLetters } from '#server/dead-letters/list-dead-letters.ts';

const tag = 'Dead letters';

export const deadLetterRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/dead-letters',
    id: 'listDeadLetters',
    tag,
    summary: 'Runs that ended failed, newest first',
    description: 'Those that nobody dealt with yet, unless `state` says otherwise.',
    action: 'run:read',
    query: deadLetterListQuerySchema,
    replies: { 200: { description: 'A page of dead letters.', schema: deadLetterListSchema } },
    handle: async ({ actor, query }) => ({
      status: 200,
      body: await listDeadLetters(actor.workspaceId, query),
    }),
  }),
];

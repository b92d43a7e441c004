import { breakerListSchema, breakerSchema, closeBreakerSchema } from '#core/api/breakers.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { closeBreaker } from '#server/breakers/close-breaker.ts';
import { listBreakers } from '#server/breakers/list-breakers.ts';

const tag = 'Connections';

export const breakerRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/breakers',
    id: 'listBreakers',
    tag,
    summary: 'What holds calls back',
    description:
      'Connections, and hosts that steps call without one: those that failed or asked to wait, and those with a rate budget.',
    action: 'connection:read',
    replies: { 200: { description: 'By scope.', schema: breakerListSchema } },
    handle: async ({ actor }) => ({ status: 200, body: { data: await listBreakers(actor) } }),
  }),
  defineRoute({
    method: 'POST',
    path: '/breakers/close',
    id: 'closeBreaker',
    tag,
    summary: 'Try a far end again now',
    description:
      'One call goes out; when it is answered, all that waited follow. Changes nothing where nothing is held back.',
    action: 'run:resolve',
    body: closeBreakerSchema,
    replies: {
      200: { description: 'The breaker.', schema: breakerSchema },
      404: { description: 'Nothing is known of such a scope.' },
    },
    handle: async ({ actor, body }) => ({ status: 200, body: await closeBreaker(actor, body.scope) }),
  }),
];

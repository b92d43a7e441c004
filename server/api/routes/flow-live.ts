import { z } from 'zod';

import { flowLiveSchema, tabSchema, tellPresenceSchema } from '#core/api/flow-live.ts';
import { slugSchema } from '#core/flow-document.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { flowLiveStream, tellPresence } from '#server/flows/flow-live-stream.ts';

const tag = 'Flows';

export const flowLiveRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}/stream',
    id: 'streamFlow',
    tag,
    summary: 'Follow an open flow: its people, its draft, its versions',
    description:
      'With `tab`, a signed-in person is shown to everybody else who follows the flow, until they leave. An API key follows unseen.',
    action: 'flow:read',
    params: z.object({ slug: slugSchema }),
    query: z.object({ tab: tabSchema.optional().describe('Names this page: 32 random hexadecimal digits.') }),
    replies: {
      200: {
        description:
          'Server-sent events: the data of each says what its `kind` names. An event named `gap` says that some may have been missed; read again what you show.',
        schema: flowLiveSchema,
        contentType: 'text/event-stream',
      },
    },
    handle: async ({ actor, params: { slug }, query }) => ({
      status: 200,
      stream: await flowLiveStream(actor, slug, query.tab),
    }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/flows/{slug}/presence/{tab}',
    id: 'tellPresence',
    tag,
    summary: 'Show others what you have selected',
    description:
      'Told to everybody who follows the flow, and stored nowhere. It takes a person who follows the flow with the same `tab`.',
    action: 'flow:read',
    params: z.object({ slug: slugSchema, tab: tabSchema }),
    body: tellPresenceSchema,
    replies: { 204: { description: 'Told.' } },
    handle: async ({ actor, params: { slug, tab }, body }) => {
      await tellPresence(actor, slug, { tab, selected: body.selected });
      return { status: 204 };
    },
  }),
];

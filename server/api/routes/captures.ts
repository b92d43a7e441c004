import { z } from 'zod';

import { captureSchema, startCaptureSchema } from '#core/api/captures.ts';
import { slugSchema } from '#core/flow-document.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { endCapture, startCapture } from '#server/captures/change-captures.ts';
import { readCapture } from '#server/captures/read-capture.ts';

const tag = 'Flow tests';
const params = z.object({ slug: slugSchema });
const captureParams = params.extend({ id: z.uuid() });

export const captureRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/flows/{slug}/captures',
    id: 'startCapture',
    tag,
    summary: 'Wait for the next event that is sent to a flow',
    description:
      'The event of a published flow runs as ever. What is sent to a flow that is not published is still answered 410, but is captured if the trigger of the draft would take it, its signature included. Follow the flow to hear when it came: `GET /flows/{slug}/stream` tells `capture`.',
    action: 'run:start',
    params,
    body: startCaptureSchema,
    replies: {
      201: { description: 'From now on the next event is captured.', schema: captureSchema },
      409: { description: 'No event is sent to this flow.' },
    },
    handle: async ({ actor, params: { slug }, body }) => ({
      status: 201,
      body: await startCapture(actor, slug, body),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/flows/{slug}/captures/{id}',
    id: 'readCapture',
    tag,
    summary: 'The event that was captured',
    description: 'Kept for ten minutes after the end of the wait at most.',
    action: 'run:start',
    params: captureParams,
    replies: { 200: { description: 'The wait, and what came of it.', schema: captureSchema } },
    handle: async ({ actor, params: target }) => ({
      status: 200,
      body: await readCapture(actor, target),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/flows/{slug}/captures/{id}',
    id: 'endCapture',
    tag,
    summary: 'Wait no longer, and forget what came',
    action: 'run:start',
    params: captureParams,
    replies: { 204: { description: 'Ended.' } },
    handle: async ({ actor, params: target }) => {
      await endCapture(actor, target);
      return { status: 204 };
    },
  }),
];

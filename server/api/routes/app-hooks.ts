import { z } from 'zod';

import { appHookListSchema, appHookSchema, putAppHookSchema } from '#core/api/app-hooks.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { deleteAppHook, listAppHooks, putAppHook } from '#server/app-hooks/app-hooks.ts';

const tag = 'Connections';
const action = 'connection:manage';
const params = z.object({ connector: z.string().min(1).max(63) });

/** The addresses to which apps send the events of all their accounts. */
export const appHookRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/app-hooks',
    id: 'listAppHooks',
    tag,
    summary: 'Where apps send their events',
    description:
      'Every app that sends the events of all its accounts to one address, set up or not. Secrets are never shown.',
    action,
    replies: { 200: { description: 'All of them.', schema: appHookListSchema } },
    handle: async ({ actor }) => ({ status: 200, body: { data: await listAppHooks(actor.workspaceId) } }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/app-hooks/{connector}',
    id: 'putAppHook',
    tag,
    summary: 'Take the events of an app',
    description: 'Makes the address on the first call. `setup` says what to do with it.',
    action,
    params,
    body: putAppHookSchema,
    replies: {
      200: { description: 'The address, and what is left to do.', schema: appHookSchema },
      404: { description: 'No such app sends events to one address.' },
    },
    handle: async (request) => ({
      status: 200,
      body: await putAppHook(request.actor, request.params.connector, request.body),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/app-hooks/{connector}',
    id: 'deleteAppHook',
    tag,
    summary: 'Take the events of an app no more',
    description: 'The address is forgotten; another one is made when it is set up again.',
    action,
    params,
    replies: { 204: { description: 'Forgotten.' } },
    handle: async (request) => {
      await deleteAppHook(request.actor, request.params.connector);
      return { status: 204 };
    },
  }),
];

import { z } from 'zod';

import { problemSchema } from '#core/api/common.ts';
import { oauthAppListSchema, oauthAppSchema, putOAuthAppSchema } from '#core/api/connections.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { deleteOAuthApp, listOAuthApps, putOAuthApp } from '#server/oauth/oauth-apps.ts';

const tag = 'Connections';
const action = 'connection:manage';
const params = z.object({ connector: z.string().min(1).max(63) });

/** The clients by which members connect accounts. */
export const oauthAppRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/oauth-apps',
    id: 'listOAuthApps',
    tag,
    summary: 'The OAuth apps of the workspace',
    description: 'Every app that has a consent screen, registered or not. Secrets are never shown.',
    action,
    replies: { 200: { description: 'All of them.', schema: oauthAppListSchema } },
    handle: async ({ actor }) => ({ status: 200, body: { data: await listOAuthApps(actor.workspaceId) } }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/oauth-apps/{connector}',
    id: 'putOAuthApp',
    tag,
    summary: 'Register at an app',
    description: 'Keeps the client id and secret that the app gave out for this Patchbay.',
    action,
    params,
    body: putOAuthAppSchema,
    replies: {
      200: { description: 'The app.', schema: oauthAppSchema },
      404: {
        description: 'There is no such app that has a consent screen.',
        schema: problemSchema,
        contentType: 'application/problem+json',
      },
    },
    handle: async (request) => ({
      status: 200,
      body: await putOAuthApp(request.actor, request.params.connector, request.body),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/oauth-apps/{connector}',
    id: 'deleteOAuthApp',
    tag,
    summary: 'Forget a client',
    description: 'Connections made with it work until their tokens end.',
    action,
    params,
    replies: { 204: { description: 'Forgotten.' } },
    handle: async (request) => {
      await deleteOAuthApp(request.actor, request.params.connector);
      return { status: 204 };
    },
  }),
];

import { z } from 'zod';

import { changePasswordSchema, meSchema, patchMeSchema, sessionListSchema } from '#core/api/workspace.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { changePassword, listSessions, readMe, renameMe, revokeSession } from '#server/auth/account.ts';

const tag = 'Account';

export const meRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/me',
    id: 'readMe',
    tag,
    summary: 'Who asks, in which workspace, with which role',
    action: 'self:read',
    replies: { 200: { description: 'The caller. `user` is null for an API key.', schema: meSchema } },
    handle: async ({ actor }) => ({ status: 200, body: await readMe(actor) }),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/me',
    id: 'updateMe',
    tag,
    summary: 'Change your own name',
    action: 'self:manage',
    body: patchMeSchema,
    replies: { 200: { description: 'The caller.', schema: meSchema } },
    handle: async ({ actor, body }) => ({ status: 200, body: await renameMe(actor, body.name) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/me/password',
    id: 'changePassword',
    tag,
    summary: 'Change your password',
    description: 'Ends every other session of yours.',
    action: 'self:manage',
    body: changePasswordSchema,
    replies: { 204: { description: 'Changed.' } },
    handle: async ({ actor, body }) => {
      await changePassword(actor, body);
      return { status: 204 };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/me/sessions',
    id: 'listSessions',
    tag,
    summary: 'Browsers that are signed in as you',
    action: 'self:read',
    replies: { 200: { description: 'Your sessions.', schema: sessionListSchema } },
    handle: async ({ actor }) => ({ status: 200, body: await listSessions(actor) }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/me/sessions/{id}',
    id: 'revokeSession',
    tag,
    summary: 'Sign a browser out',
    action: 'self:manage',
    params: z.object({ id: z.uuid() }),
    replies: { 204: { description: 'Signed out; its open pages stop within 5 seconds.' } },
    handle: async ({ actor, params }) => {
      await revokeSession(actor, params.id);
      return { status: 204 };
    },
  }),
];

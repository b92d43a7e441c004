import { z } from 'zod';

import {
  authorizedSchema,
  connectLinkListSchema,
  createConnectLinkSchema,
  createdConnectLinkSchema,
  disconnectedConnectionSchema,
  testedConnectionSchema,
} from '#core/api/connections.ts';
import { slugSchema } from '#core/flow-document.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { makerOf } from '#server/auth/maker-of.ts';
import { findConnection } from '#server/connections/find-connection.ts';
import { requireManaged } from '#server/connections/rights.ts';
import { testConnection } from '#server/connections/test-connection.ts';
import { prisma } from '#server/db/prisma.ts';
import { beginConsent } from '#server/oauth/begin-consent.ts';
import { cancelConnectLink, createConnectLink, listConnectLinks } from '#server/oauth/connect-links.ts';
import { disconnect } from '#server/oauth/disconnect.ts';
import { ProblemError } from '#server/problem.ts';

const tag = 'Connections';
const params = z.object({ slug: slugSchema });
const action = 'connection:use';

/** What is done with a connection besides its fields: consent, links, test, and giving the tokens back. */
export const consentRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/connections/{slug}/authorize',
    id: 'authorizeConnection',
    tag,
    summary: 'Begin a consent',
    description:
      'Open the URL in a browser in which the same member is signed in; for an API key, the member who made it. It is good for ten minutes, once.',
    action,
    params,
    replies: { 200: { description: 'Where to go.', schema: authorizedSchema } },
    handle: async ({ actor, params: { slug } }) => {
      const { workspaceId } = actor;
      requireManaged(await findConnection(prisma(), workspaceId, slug), actor);
      const userId = actor.userId ?? (await makerOf(actor));
      if (userId === null) throw nobody();
      const { url } = await beginConsent({ workspaceId, slug }, { userId }, actor);
      return { status: 200, body: { url } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/connections/{slug}/test',
    id: 'testConnection',
    tag,
    summary: 'Test a connection',
    description: 'Makes a harmless call to the app and says whose account it is.',
    action,
    params,
    replies: { 200: { description: 'How it went.', schema: testedConnectionSchema } },
    handle: async (request) => ({
      status: 200,
      body: await testConnection(request.actor, request.params.slug),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/connections/{slug}/disconnect',
    id: 'disconnectConnection',
    tag,
    summary: 'Disconnect an account',
    description:
      'Gives the tokens back to the app and forgets them. Runs that need the connection wait. Where the app would end another connection with them, they are only forgotten.',
    action,
    params,
    replies: { 200: { description: 'The connection.', schema: disconnectedConnectionSchema } },
    handle: async (request) => ({ status: 200, body: await disconnect(request.actor, request.params.slug) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/connections/{slug}/links',
    id: 'listConnectLinks',
    tag,
    summary: 'The connect links of a connection',
    action,
    params,
    replies: { 200: { description: 'The latest 50.', schema: connectLinkListSchema } },
    handle: async (request) => ({
      status: 200,
      body: { data: await listConnectLinks(request.actor, request.params.slug) },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/connections/{slug}/links',
    id: 'createConnectLink',
    tag,
    summary: 'Make a connect link',
    description:
      'Someone without an account here grants access to theirs by it, once. Its address is in this reply alone.',
    action,
    params,
    body: createConnectLinkSchema,
    replies: { 201: { description: 'The link.', schema: createdConnectLinkSchema } },
    handle: async (request) => ({
      status: 201,
      body: await createConnectLink(request.actor, request.params.slug, request.body),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/connections/{slug}/links/{id}',
    id: 'cancelConnectLink',
    tag,
    summary: 'Cancel a connect link',
    action,
    params: params.extend({ id: z.uuid() }),
    replies: { 204: { description: 'Cancelled.' } },
    handle: async (request) => {
      await cancelConnectLink(request.actor, request.params.slug, request.params.id);
      return { status: 204 };
    },
  }),
];

function nobody(): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'no_member',
    title: 'Nobody would come back',
    detail:
      'A consent is bound to a member, and nobody in this workspace made this API key. Make a connect link instead.',
  });
}

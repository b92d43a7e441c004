import { z } from 'zod';

import { listQuerySchema } from '#core/api/common.ts';
import {
  connectionListSchema,
  connectionSchema,
  createConnectionSchema,
  patchConnectionSchema,
} from '#core/api/connections.ts';
import { slugSchema } from '#core/flow-document.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { consentRoutes } from '#server/api/routes/consent.ts';
import { deleteConnection } from '#server/connections/delete-connection.ts';
import { listConnections, readConnection } from '#server/connections/list-connections.ts';
import { createConnection, patchConnection } from '#server/connections/save-connection.ts';

const tag = 'Connections';
const params = z.object({ slug: slugSchema });

export const connectionRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/connections',
    id: 'listConnections',
    tag,
    summary: 'The connections of the workspace',
    description: 'Names of fields, never values.',
    action: 'connection:read',
    query: listQuerySchema,
    replies: { 200: { description: 'A page of connections.', schema: connectionListSchema } },
    handle: async ({ actor, query }) => ({
      status: 200,
      body: await listConnections(actor, query),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/connections',
    id: 'createConnection',
    tag,
    summary: 'Create a connection',
    description:
      'Which fields there are depends on the connector. They are sealed before they are stored and never shown again. One for the workspace takes an admin; one of your own, the role editor.',
    action: 'connection:use',
    body: createConnectionSchema,
    replies: { 201: { description: 'The connection.', schema: connectionSchema, headers: ['Location'] } },
    handle: async ({ actor, body }) => {
      const connection = await createConnection(actor, body);
      return {
        status: 201,
        body: connection,
        headers: { location: `/api/v1/connections/${connection.slug}` },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/connections/{slug}',
    id: 'readConnection',
    tag,
    summary: 'One connection',
    action: 'connection:read',
    params,
    replies: { 200: { description: 'The connection.', schema: connectionSchema } },
    handle: async (request) => ({
      status: 200,
      body: await readConnection(request.actor, request.params.slug),
    }),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/connections/{slug}',
    id: 'updateConnection',
    tag,
    summary: 'Rename a connection or replace fields',
    description: 'A field that is null is removed; fields that are left out stay as they are.',
    action: 'connection:use',
    params,
    body: patchConnectionSchema,
    replies: { 200: { description: 'The connection.', schema: connectionSchema } },
    handle: async (request) => ({
      status: 200,
      body: await patchConnection(request.actor, request.params.slug, request.body),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/connections/{slug}',
    id: 'deleteConnection',
    tag,
    summary: 'Delete a connection',
    description: 'Refused with 409 while a published flow uses it. Tokens are given back to the app.',
    action: 'connection:use',
    params,
    replies: { 204: { description: 'Deleted.' } },
    handle: async (request) => {
      await deleteConnection(request.actor, request.params.slug);
      return { status: 204 };
    },
  }),
  ...consentRoutes,
];

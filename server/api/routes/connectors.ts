import { z } from 'zod';

import { listQuerySchema } from '#core/api/common.ts';
import { connectorListSchema, connectorSchema } from '#core/api/connections.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { listConnectors, readConnector } from '#server/connectors/describe-connectors.ts';

const tag = 'Connectors';

export const connectorRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/connectors',
    id: 'listConnectors',
    tag,
    summary: 'The catalogue of connectors',
    description:
      'With the JSON Schemas of their connections, and of the settings and outputs of their operations.',
    action: 'catalog:read',
    query: listQuerySchema,
    replies: { 200: { description: 'A page of connectors.', schema: connectorListSchema } },
    handle: async ({ actor, query }) => ({
      status: 200,
      body: await listConnectors(actor.workspaceId, query),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/connectors/{id}',
    id: 'readConnector',
    tag,
    summary: 'One connector',
    action: 'catalog:read',
    params: z.object({ id: z.string().max(63) }),
    replies: { 200: { description: 'The connector.', schema: connectorSchema } },
    handle: async ({ actor, params: { id } }) => ({
      status: 200,
      body: await readConnector(actor.workspaceId, id),
    }),
  }),
];

import { z } from 'zod';

import { choiceListSchema, choiceQuerySchema } from '#core/api/choices.ts';
import { listQuerySchema } from '#core/api/common.ts';
import { connectorListSchema, connectorSchema } from '#core/api/connections.ts';
import { defineRoute, type Route } from '#server/api/route.ts';
import { listConnectors, readConnector } from '#server/connectors/describe-connectors.ts';
import { loadOptions } from '#server/connectors/load-options.ts';
import { parseSettings } from '#server/connectors/parse-settings.ts';

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
  defineRoute({
    method: 'GET',
    path: '/connectors/{id}/options/{loader}',
    id: 'loadOptions',
    tag,
    summary: 'What a setting can be chosen from',
    description:
      'Asks the account of a connection for a live list: channels, repositories, stages. Settings name their list as `choices`.',
    action: 'connection:use',
    params: z.object({ id: z.string().max(63), loader: z.string().max(63) }),
    query: choiceQuerySchema,
    replies: {
      200: { description: 'A page of choices.', schema: choiceListSchema },
      422: {
        description: 'The connection is of another kind, or a setting that the list depends on is empty.',
      },
      502: { description: 'What the far end said. With `Retry-After` where it named a time.' },
    },
    handle: async ({ actor, params, query, signal }) => ({
      status: 200,
      body: await loadOptions(actor, {
        ...query,
        connector: params.id,
        loader: params.loader,
        settings: parseSettings(query.settings),
        signal,
      }),
    }),
  }),
];

import { z } from 'zod';

import { listQuerySchema } from '#core/api/common.ts';
import { apiKeyListSchema, createApiKeySchema, createdApiKeySchema } from '#core/api/workspace.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '#server/api-keys/api-keys.ts';
import { defineRoute, type Route } from '#server/api/route.ts';

const tag = 'API keys';

export const apiKeyRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api-keys',
    id: 'listApiKeys',
    tag,
    summary: 'The API keys of the workspace',
    description: 'Without the keys themselves; `prefix` tells them apart.',
    action: 'api_key:read',
    query: listQuerySchema,
    replies: { 200: { description: 'A page of keys.', schema: apiKeyListSchema } },
    handle: async ({ actor, query }) => ({ status: 200, body: await listApiKeys(actor.workspaceId, query) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api-keys',
    id: 'createApiKey',
    tag,
    summary: 'Create an API key',
    description: 'The reply shows the key this once. Its role is at most your own.',
    action: 'api_key:manage',
    body: createApiKeySchema,
    replies: { 201: { description: 'The key.', schema: createdApiKeySchema } },
    handle: async ({ actor, body }) => ({ status: 201, body: await createApiKey(actor, body) }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api-keys/{id}',
    id: 'revokeApiKey',
    tag,
    summary: 'Revoke an API key',
    action: 'api_key:manage',
    params: z.object({ id: z.uuid() }),
    replies: { 204: { description: 'Revoked, from the next request on.' } },
    handle: async ({ actor, params }) => {
      await revokeApiKey(actor, params.id);
      return { status: 204 };
    },
  }),
];

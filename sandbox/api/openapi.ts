import { z } from 'zod';

import type { Operation } from '#sandbox/api/operation.ts';
import { OPERATIONS } from '#sandbox/api/operations.ts';
import { errorSchema } from '#sandbox/crm/schemas.ts';
import { SCOPES } from '#sandbox/scopes.ts';

type Json = Record<string, unknown>;

const RATE_HEADERS = {
  'X-RateLimit-Limit': header('Requests that a token may make in a window.'),
  'X-RateLimit-Remaining': header('Those that are left.'),
  'X-RateLimit-Reset': header('When the window ends, in seconds since 1970.'),
};

/** The OpenAPI 3.1 document of the API, made of the operations themselves. */
export function describeApi(url: string): Json {
  const scopes = Object.fromEntries(SCOPES.map(({ name, words }) => [name, words]));
  const machineScopes = Object.fromEntries(
    Object.entries(scopes).filter(([name]) => name !== 'offline_access'),
  );
  const tokenUrl = `${url}/oauth/token`;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Acme',
      version: '1',
      description: 'A small made-up CRM that comes with Patchbay, to try things on.',
    },
    servers: [{ url: `${url}/api/v1` }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: describePaths(),
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          flows: {
            authorizationCode: {
              authorizationUrl: `${url}/oauth/authorize`,
              tokenUrl,
              refreshUrl: tokenUrl,
              scopes,
            },
            clientCredentials: { tokenUrl, scopes: machineScopes },
          },
        },
      },
      schemas: { Error: schemaOf(errorSchema, 'output') },
      responses: {
        BadRequest: failure('The body is not JSON.'),
        Unauthorized: failure('There is no valid access token.', {
          'WWW-Authenticate': header(
            '`Bearer error="invalid_token"` for a token that expired or was revoked.',
          ),
        }),
        Forbidden: failure('The token lacks the scope that the message names.', RATE_HEADERS),
        NotFound: failure('There is no such thing.', RATE_HEADERS),
        Conflict: failure('It collides with something else, or the sandbox is full.', RATE_HEADERS),
        TooLarge: failure('The body has more than 64 KiB.', RATE_HEADERS),
        UnsupportedMediaType: failure('The body is not application/json.', RATE_HEADERS),
        Unprocessable: failure('Fields do not hold what they should; each is named.', RATE_HEADERS),
        TooManyRequests: failure('The token made too many requests.', {
          ...RATE_HEADERS,
          'Retry-After': header('Seconds to wait.'),
        }),
        Unavailable: failure('Out of order, because the Trouble page says so.', RATE_HEADERS),
      },
    },
  };
}

function describePaths(): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] ??= {};
    (paths[operation.path] ?? {})[operation.method] = describeOperation(operation);
  }
  return paths;
}

function describeOperation(operation: Operation): Json {
  const { id, summary, tag, scope, body, method } = operation;
  const parameters = [
    ...(operation.path.includes('{id}')
      ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
      : []),
    ...queryParameters(operation.query),
    ...(method === 'post' ? [idempotencyKey] : []),
  ];
  return {
    operationId: id,
    summary,
    tags: [tag],
    security: [{ oauth: scope === null ? [] : [scope] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: content(schemaOf(body, 'input')) } } : {}),
    responses: { ...success(operation), ...failures(operation) },
  };
}

function success({ status, reply, method }: Operation): Json {
  const headers = {
    ...RATE_HEADERS,
    ...(method === 'post'
      ? { 'Idempotent-Replayed': header('`true`: given before, nothing was done now.') }
      : {}),
  };
  const words = { 200: 'Done.', 201: 'Made.', 204: 'Gone.' };
  return {
    [status]: {
      description: words[status],
      headers,
      ...(reply ? { content: content(schemaOf(reply, 'output')) } : {}),
    },
  };
}

/** Only those that the operation can give. */
function failures({ method, path, scope, body, mayConflict }: Operation): Json {
  const given: readonly (readonly [number, string, boolean])[] = [
    [400, 'BadRequest', body !== null],
    [401, 'Unauthorized', true],
    [403, 'Forbidden', scope !== null],
    [404, 'NotFound', path.includes('{id}')],
    [409, 'Conflict', mayConflict],
    [413, 'TooLarge', method !== 'get'],
    [415, 'UnsupportedMediaType', body !== null],
    [422, 'Unprocessable', true],
    [429, 'TooManyRequests', true],
    [503, 'Unavailable', path.startsWith('/deals')],
  ];
  return Object.fromEntries(
    given
      .filter(([, , isGiven]) => isGiven)
      .map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
}

function queryParameters(query: z.ZodObject): readonly Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema,
  }));
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same request under the same key within 24 hours is done once and gets the same reply.',
  schema: { type: 'string', maxLength: 255 },
};

/** OpenAPI 3.1 says once for all schemas which dialect they are in. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

function failure(description: string, headers: Json = {}): Json {
  return { description, headers, content: content({ $ref: '#/components/schemas/Error' }) };
}

function content(schema: unknown): Json {
  return { 'application/json': { schema } };
}

function header(description: string): Json {
  return { description, schema: { type: 'string' } };
}

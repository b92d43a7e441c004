import type { z } from 'zod';

import type { JsonObject } from '#core/json.ts';
import { toResponses } from '#server/api/openapi-responses.ts';
import { toOpenapiSchema } from '#server/api/openapi-schemas.ts';
import type { Route } from '#server/api/route.ts';

/** One call of the API as an OpenAPI operation. */
export function toOperation(route: Route): JsonObject {
  const parameters = [
    ...schemaParameters(route.params, 'path'),
    ...schemaParameters(route.query, 'query'),
    ...headerParameters(route),
  ];
  const body = route.documentedBody ?? route.body;
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: toResponses(route),
    'x-patchbay-action': route.action,
  };
}

function schemaParameters(schema: z.ZodObject | undefined, place: 'path' | 'query'): JsonObject[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) =>
    parameter(name, field as z.ZodType, place),
  );
}

function parameter(name: string, field: z.ZodType, place: 'path' | 'query'): JsonObject {
  // The side that the handler sees says more: `status` is a list there, text before.
  const { description, ...schema } = toOpenapiSchema(field, 'output');
  const isList = schema['type'] === 'array';
  return {
    name,
    in: place,
    required: place === 'path' || !field.safeParse(undefined).success,
    ...(description === undefined ? {} : { description }),
    ...(isList ? { style: 'form', explode: false } : {}),
    schema,
  };
}

function headerParameters(route: Route): JsonObject[] {
  const headers = { ...(route.method === 'POST' ? IDEMPOTENCY : {}), ...route.requestHeaders };
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
}

const IDEMPOTENCY = {
  'Idempotency-Key':
    'A name for this request, 1 to 255 characters; a repeat within 24 hours gets the first reply.',
};

function requestBody(body: z.ZodType): JsonObject {
  return {
    // No body counts as `{}`.
    required: !body.safeParse({}).success,
    content: { 'application/json': { schema: toOpenapiSchema(body, 'input') } },
  };
}

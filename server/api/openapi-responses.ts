import { problemSchema } from '#core/api/common.ts';
import type { JsonObject } from '#core/json.ts';
import { toOpenapiSchema } from '#server/api/openapi-schemas.ts';
import type { Route } from '#server/api/route.ts';

type Reply = Route['replies'][number];

/** A route's own replies, and the refusals that its shape implies. */
export function toResponses(route: Route): JsonObject {
  const implied = impliedRefusals(route).filter((status) => route.replies[Number(status)] === undefined);
  return Object.fromEntries([
    ...Object.entries(route.replies).map(([status, reply]) => [
      status,
      toResponse(route, Number(status), reply),
    ]),
    ...implied.map((status) => [status, { $ref: `#/components/responses/${REFUSALS[status].name}` }]),
    ['default', { $ref: '#/components/responses/Problem' }],
  ]) as JsonObject;
}

/** The refusals that routes share. */
export function commonResponses(): JsonObject {
  const refusals = Object.values(REFUSALS).map(({ name, description }) => [name, problem(description)]);
  return Object.fromEntries([
    ...refusals,
    ['Problem', problem('Any other refusal or failure.')],
  ]) as JsonObject;
}

const REFUSALS = {
  400: { name: 'BadRequest', description: 'A parameter or the body is not valid; `errors` says where.' },
  401: { name: 'Unauthenticated', description: 'No API key or session, or one that is not good any more.' },
  403: { name: 'Forbidden', description: 'Your role does not allow it.' },
  404: { name: 'NotFound', description: 'There is no such thing in this workspace.' },
  409: { name: 'InFlight', description: 'The first request with this Idempotency-Key is still under way.' },
  413: { name: 'TooLarge', description: 'The body is too large.' },
  415: { name: 'NotJson', description: 'The body is not declared as JSON in UTF-8.' },
  422: { name: 'KeyReused', description: 'This Idempotency-Key came with another body before.' },
} as const;

type Refusal = keyof typeof REFUSALS;

function impliedRefusals(route: Route): Refusal[] {
  return [
    400,
    401,
    403,
    ...(route.params && route.method !== 'PUT' ? [404 as const] : []),
    ...(route.body ? [413 as const, 415 as const] : []),
    ...(route.method === 'POST' ? [409 as const, 422 as const] : []),
  ];
}

function toResponse(route: Route, status: number, reply: Reply): JsonObject {
  const description = describe(route, status, reply);
  const headers = headersOf(reply);
  if (status >= 400) return { ...problem(description), ...headers };
  if (!reply.schema) return { description, ...headers };
  const contentType = reply.contentType ?? 'application/json';
  // OpenAPI 3.1 describes the text of a stream, not its events; the route's description does that.
  const schema =
    contentType === 'text/event-stream' ? { type: 'string' } : toOpenapiSchema(reply.schema, 'output');
  return { description, ...headers, content: { [contentType]: { schema } } };
}

/** A refusal of its own may share the status with one that every POST has. */
function describe(route: Route, status: number, reply: Reply): string {
  if (route.method !== 'POST' || (status !== 409 && status !== 422)) return reply.description;
  return `${reply.description} Or: ${REFUSALS[status].description}`;
}

function headersOf(reply: Reply): JsonObject {
  if (!reply.headers?.length) return {};
  return { headers: Object.fromEntries(reply.headers.map((name) => [name, { schema: { type: 'string' } }])) };
}

function problem(description: string): JsonObject {
  return {
    description,
    content: { 'application/problem+json': { schema: toOpenapiSchema(problemSchema, 'output') } },
  };
}

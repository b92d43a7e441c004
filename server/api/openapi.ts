import type { Json, JsonObject } from '#core/json.ts';
import { namedSchemas } from '#server/api/openapi-schemas.ts';
import { toOperation } from '#server/api/openapi-operation.ts';
import { commonResponses } from '#server/api/openapi-responses.ts';
import type { Route } from '#server/api/route.ts';
import { ROUTES } from '#server/api/routes.ts';
import { cookieName } from '#server/auth/session-cookie.ts';

let made: JsonObject | undefined;

/** The OpenAPI 3.1 document of the API, derived from the routes and from the very schemas that check requests. */
export function openapiDocument(routes: readonly Route[] = ROUTES): JsonObject {
  if (routes !== ROUTES) return makeDocument(routes);
  made ??= makeDocument(routes);
  return made;
}

function makeDocument(routes: readonly Route[]): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = toOperation(route);
  }
  return withUsedSchemas({
    openapi: '3.1.0',
    info: { title: 'Patchbay', version: '1', description: DESCRIPTION },
    servers: [{ url: '/api/v1' }],
    security: [{ apiKey: [] }, { session: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: { securitySchemes: securitySchemes(), responses: commonResponses(), schemas: {} },
  });
}

const DESCRIPTION = `JSON in and out. Times are ISO 8601 in UTC.

**Errors.** Every refusal and failure is a problem (RFC 9457, \`application/problem+json\`, the schema \`Problem\`); \`errors\` lists every fault with a JSON pointer to its place.

**Lists.** They come in pages: give the \`next\` of one page as \`cursor\` to get the following one; the last has \`next: null\`.

**Safe repeats.** Every POST takes an \`Idempotency-Key\`. For 24 hours, the same key with the same body gets the first reply and does nothing again. That holds even where the server went down in between: the reply is then made again from what was done, within three minutes, or, where that cannot be (a new API key), 409 \`idempotency_reply_lost\` says what was done.

**Lost edits.** A draft has an \`ETag\`; send it as \`If-Match\` and a draft that somebody else saved meanwhile is not overwritten.`;

function securitySchemes(): JsonObject {
  return {
    apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer <api key>`.' },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieName('session'),
      description:
        'The session of a signed-in browser. What changes something must come from a page of this site.',
    },
  };
}

/** Adds the named schemas that the document refers to, directly or through others, and no more. */
function withUsedSchemas(document: JsonObject): JsonObject {
  const all = namedSchemas();
  const used = new Set<string>();
  const visit = (value: Json): void => {
    for (const name of referredSchemas(value)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(all[name] ?? null);
    }
  };
  visit(document);
  // A schema that only senders use needs no `Input` in its name.
  const rename = (name: string) => {
    const short = name.replace(/Input$/, '');
    return used.has(short) ? name : short;
  };
  const schemas = Object.fromEntries([...used].sort().map((name) => [rename(name), all[name] ?? {}]));
  const components = { ...(document['components'] as JsonObject), schemas };
  const text = JSON.stringify({ ...document, components });
  return JSON.parse(text.replace(REFERENCE, (_, name: string) => reference(rename(name)))) as JsonObject;
}

const REFERENCE = /"\$ref":"#\/components\/schemas\/([^"]+)"/g;

function reference(name: string): string {
  return `"$ref":"#/components/schemas/${name}"`;
}

function referredSchemas(value: Json): string[] {
  return [...JSON.stringify(value).matchAll(REFERENCE)].map((match) => match[1] ?? '');
}

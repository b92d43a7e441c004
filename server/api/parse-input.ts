import { z } from 'zod';

import { notFound, ProblemError } from '#server/problem.ts';
import type { Route } from '#server/api/route.ts';
import { toFaults, type Faults } from '#server/api/zod-faults.ts';

/** Names that people try; a key in a URL ends up in logs and histories. */
const KEY_PARAMETERS = ['api_key', 'apikey', 'api-key', 'access_token', 'token', 'key', 'authorization'];

/** The path's parameters. What cannot be an id names nothing: 404. */
export function parseParams(route: Route, raw: Readonly<Record<string, string>>): Record<string, unknown> {
  const schema =
    route.params ?? z.object(Object.fromEntries(Object.keys(raw).map((name) => [name, z.string()])));
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  // Creating by PUT deserves to hear what is wrong with the name.
  if (route.method === 'PUT') throw invalid('The address is not valid.', toFaults(parsed.error.issues));
  throw notFound(`${route.tag.toLowerCase()} of that name`);
}

/** The query's parameters: each at most once, none unknown. */
export function parseQuery(route: Route, search: URLSearchParams): Record<string, unknown> {
  const names = [...search.keys()];
  if (names.some((name) => KEY_PARAMETERS.includes(name.toLowerCase()))) {
    throw invalid(
      'Keys are not taken from the URL, where logs would keep them. Send the header Authorization: Bearer <api key>.',
      [],
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw invalid(`The query parameter ${repeated} is given twice. Give it once.`, []);
  const parsed = (route.query ?? z.object({})).strict().safeParse(Object.fromEntries(search));
  if (parsed.success) return parsed.data;
  throw invalid('The query parameters are not valid.', toFaults(parsed.error.issues));
}

/** The body. None at all counts as `{}`, so that calls whose settings are all optional need no body. */
export function parseBody(route: Route, value: unknown): unknown {
  const parsed = (route.body ?? z.strictObject({})).safeParse(value === undefined ? {} : value);
  if (parsed.success) return parsed.data;
  throw invalid('The body is not valid.', toFaults(parsed.error.issues));
}

function invalid(detail: string, errors: Faults): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'invalid_request',
    title: 'The request is not valid',
    detail,
    errors,
  });
}

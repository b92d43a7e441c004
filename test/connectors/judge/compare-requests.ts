import { isDeepStrictEqual } from 'node:util';

import { isJsonObject, type Json } from '#core/json.ts';
import type { JudgedRequest } from './judge-request.ts';

/** Requests that a vendor's SDK made, as `record-sdk.mjs` writes them down. */
export interface Recording {
  readonly source: { readonly package: string };
  /** By `operations/<id>`, `lists/<name>` or `account`. */
  readonly requests: Readonly<Record<string, RecordedRequest>>;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** How our request differs from the one that the vendor's SDK makes for the same; empty for not at all. */
export function compareRequests(ours: JudgedRequest, theirs: RecordedRequest): readonly string[] {
  const { pathname, searchParams } = new URL(ours.url);
  const body = ours.body === '' ? null : (JSON.parse(ours.body) as Json);
  return [
    ...differ('method', ours.method, theirs.method),
    ...differ('path', decodeURIComponent(pathname), decodeURIComponent(theirs.path)),
    ...differ('query', [...searchParams].sort(byText), [...theirs.query].sort(byText)),
    ...Object.entries(theirs.headers).flatMap(([name, value]) =>
      differ(`header ${name}`, ours.headers[name], value),
    ),
    ...differ('body', inOrder(body), inOrder(theirs.body)),
  ];
}

function differ(what: string, ours: unknown, theirs: unknown): readonly string[] {
  if (isDeepStrictEqual(ours, theirs)) return [];
  return [`${what}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`];
}

function byText(one: readonly string[], other: readonly string[]): number {
  return String(one) < String(other) ? -1 : 1;
}

/** The same with the keys in order, so that a difference is easy to see. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => inOrder(item));
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key] ?? null)]));
}

import type { ConnectorDef, HttpRequest, StepContext } from '#connectors/contract.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { type Encodings, ENCODINGS, fillTemplate } from './fill-template.ts';
import { fillPath } from './fill-path.ts';
import { formText } from './form-text.ts';
import type { HttpCall } from './http-call.ts';

/** Parameters in their order, by name and text. */
export type Query = readonly (readonly [string, string])[];

/** A request whose query and body are still apart, so that a page can be asked for. */
export interface CallParts {
  readonly call: HttpCall;
  readonly path: string;
  readonly query: Query;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
}

/** What of a step's context a call takes. */
export type CallContext = Pick<StepContext, 'http' | 'idempotencyKey' | 'signal' | 'timeoutMs'>;

/** A call with its settings filled in. Throws `StepFailure` for a path that is not whole. */
export function fillCall(call: HttpCall, settings: JsonObject, encodings: Encodings = ENCODINGS): CallParts {
  const fill = (values: HttpCall['query'] = {}) =>
    Object.entries(values).flatMap(([name, part]) => textsOf(name, fillTemplate(part, settings, encodings)));
  return {
    call,
    path: fillPath(call.path, settings),
    query: fill(call.query),
    headers: Object.fromEntries(fill(call.headers)),
    body: call.body === undefined ? undefined : fillTemplate(call.body, settings, encodings),
  };
}

/** The request of a call: to the connector's own address, with the account of the step's connection. */
export function requestOf(
  { call, path, query, headers, body }: CallParts,
  { baseUrl, http = {} }: Pick<ConnectorDef, 'baseUrl' | 'http'>,
  { idempotencyKey, signal, timeoutMs }: CallContext,
): HttpRequest {
  const content = contentOf(call, body);
  const search = new URLSearchParams(query.map(([name, text]) => [name, text])).toString();
  return {
    method: call.method,
    url: search === '' ? path : `${path}?${search}`,
    baseUrl: call.baseUrl ?? baseUrl,
    headers: {
      accept: 'application/json',
      ...http.headers,
      ...headers,
      ...(content && { 'content-type': content.type }),
      ...(call.method !== 'GET' && { 'idempotency-key': idempotencyKey }),
    },
    ...(content && { body: content.text }),
    signal,
    timeoutMs,
    isAuthenticated: true,
  };
}

function contentOf(
  { method, bodyType = 'json', body: template }: HttpCall,
  body: Json | undefined,
): { readonly type: string; readonly text: string } | undefined {
  if (method === 'GET' || template === undefined) return undefined;
  if (bodyType === 'form') return { type: 'application/x-www-form-urlencoded', text: formText(body ?? {}) };
  return { type: 'application/json; charset=utf-8', text: JSON.stringify(body ?? {}) };
}

function textsOf(name: string, value: Json | undefined): Query {
  if (value === undefined || value === null) return [];
  const values = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return values.map((each) => [name, typeof each === 'object' ? JSON.stringify(each) : String(each)]);
}

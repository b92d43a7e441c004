import type { z } from 'zod';

import { problemFromReply, unreachableProblem } from './api-problem.ts';

export const API_BASE = '/api/v1';

type QueryValue = string | number | boolean | readonly string[] | null | undefined;

/** What a reply described by the schema holds. Only its type: a page that need not check a reply does without the schemas themselves. */
export type Reply<S extends z.ZodType> = z.output<S>;

export interface ApiCall<T> {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Checks the reply. Without one it is taken at the server's word, which its own tests hold to the same schemas. */
  readonly schema?: z.ZodType<T>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The key under which a POST happens once. Default: a fresh one for each call. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface ApiReply<T> {
  readonly data: T;
  readonly status: number;
  readonly etag: string | null;
}

/**
 * Calls the REST API with the session's cookie. `path` starts below `/api/v1`.
 * Throws `ApiProblem` for every answer other than success and when none comes; an abort passes through.
 */
export async function callApi<T = undefined>(path: string, call: ApiCall<T> = {}): Promise<ApiReply<T>> {
  const response = await send(path, call);
  const etag = response.headers.get('etag');
  if (!response.ok) throw problemFromReply(response.status, await readJson(response));
  const body = await readJson(response);
  if (call.schema === undefined) {
    const isAsked = (call.method ?? 'GET') === 'GET';
    if (isAsked && body === undefined) throw unexpectedReply(path, 'it holds no JSON');
    return { data: body as T, status: response.status, etag };
  }
  const parsed = call.schema.safeParse(body);
  if (!parsed.success) throw unexpectedReply(path, inWords(parsed.error));
  return { data: parsed.data, status: response.status, etag };
}

/** The calls of `callApi` by method, giving the reply's data alone. */
export const api = {
  get: async <T>(path: string, call?: ApiCall<T>) => (await callApi(path, call)).data,
  post: async <T = undefined>(path: string, body?: unknown, call?: ApiCall<T>) =>
    (await callApi(path, { ...call, method: 'POST', body })).data,
  put: async <T = undefined>(path: string, body: unknown, call?: ApiCall<T>) =>
    (await callApi(path, { ...call, method: 'PUT', body })).data,
  patch: async <T = undefined>(path: string, body: unknown, call?: ApiCall<T>) =>
    (await callApi(path, { ...call, method: 'PATCH', body })).data,
  delete: async (path: string) => (await callApi(path, { method: 'DELETE' })).data,
};

async function send<T>(path: string, call: ApiCall<T>): Promise<Response> {
  const method = call.method ?? 'GET';
  const headers: Record<string, string> = { accept: 'application/json', ...call.headers };
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  if (method === 'POST') headers['idempotency-key'] = call.idempotencyKey ?? randomKey();
  try {
    return await fetch(`${API_BASE}${path}${queryString(call.query)}`, {
      method,
      headers,
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal: call.signal,
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch (thrown) {
    if (call.signal?.aborted === true) throw thrown;
    throw unreachableProblem(thrown);
  }
}

/** `?a=1&b=x,y` of what is set; lists are joined by commas; empty without any. */
export function queryString(query: ApiCall<unknown>['query'] = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    if (Array.isArray(value) && value.length === 0) continue;
    params.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** 128 random bits. `crypto.randomUUID` is missing where a page is served over plain http from another machine. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // A proxy's HTML page or an empty body: the caller says so by the status or the schema.
    return undefined;
  }
}

function unexpectedReply(path: string, why: string): Error {
  return new Error(
    `Patchbay's answer to ${path} was not understood (${why}). ` +
      'Reload the page: this browser tab may be older than the server.',
  );
}

function inWords({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}`;
}

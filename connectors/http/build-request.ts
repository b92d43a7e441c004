import type { z } from 'zod';

import type { HttpRequest, StepContext } from '#connectors/contract.ts';
import { type Json, isJsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { type requestInput, SAFE_METHODS } from './definition.ts';

export type RequestSettings = z.output<typeof requestInput>;

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$/;
/** What a header value can hold: no line breaks, which would begin another header. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

interface Content {
  readonly type: string;
  readonly text: string;
}

/** What of a step's context a request takes. */
export type RequestContext = Pick<StepContext, 'idempotencyKey' | 'connection' | 'signal' | 'timeoutMs'>;

/** The request that the settings describe, with the key that makes repeats harmless; the connection shows who calls. */
export function buildRequest(settings: RequestSettings, context: RequestContext): HttpRequest {
  const { method } = settings;
  const headers = readHeaders(settings.headers ?? {});
  const content = contentOf(settings);
  if (content !== undefined && !headers.has('content-type')) headers.set('content-type', content.type);
  if (!SAFE_METHODS.has(method) && !headers.has('idempotency-key')) {
    headers.set('idempotency-key', context.idempotencyKey);
  }
  return {
    method,
    url: withQuery(settings),
    headers: Object.fromEntries(headers),
    ...(content !== undefined && { body: content.text }),
    signal: context.signal,
    timeoutMs: context.timeoutMs,
    isAuthenticated: context.connection !== undefined,
  };
}

function withQuery({ url: address, query = {} }: RequestSettings): string {
  if (!URL.canParse(address))
    throw invalid('invalid_url', 'This is not a URL that can be called.', '/config/url');
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== null) url.searchParams.append(name, String(item));
    }
  }
  return url.href;
}

function readHeaders(given: NonNullable<RequestSettings['headers']>): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const pointer = `/config/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const key = name.toLowerCase();
    if (value === null) continue;
    if (!HEADER_NAME.test(name))
      throw invalid('invalid_header', `"${name}" is not the name of a header.`, pointer);
    if (headers.has(key)) throw invalid('invalid_header', `The header "${name}" is there twice.`, pointer);
    if (!HEADER_VALUE.test(String(value))) {
      const message = `The header "${name}" has a line break or a character that headers cannot carry.`;
      throw invalid('invalid_header', message, pointer);
    }
    headers.set(key, String(value));
  }
  return headers;
}

function contentOf({ method, bodyType, body }: RequestSettings): Content | undefined {
  if (method === 'GET' || method === 'HEAD' || bodyType === 'none' || body === undefined) return undefined;
  switch (bodyType) {
    case 'json':
      return { type: 'application/json', text: JSON.stringify(body) };
    case 'text':
      return {
        type: 'text/plain; charset=utf-8',
        text: typeof body === 'string' ? body : JSON.stringify(body),
      };
    case 'form':
      return { type: 'application/x-www-form-urlencoded', text: formText(body as Json) };
  }
}

function formText(body: Json): string {
  if (!isJsonObject(body))
    throw invalid('invalid_body', 'A form needs an object: names and their values.', '/config/body');
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (typeof item === 'object' && item !== null) {
        throw invalid('invalid_body', `A form cannot carry the object in "${name}".`, `/config/body/${name}`);
      }
      if (item !== null) form.append(name, String(item));
    }
  }
  return form.toString();
}

function invalid(code: string, message: string, pointer: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code, message, pointer });
}

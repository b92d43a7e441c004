import { z } from 'zod';

import { webhookInput } from '#connectors/core/webhook.ts';
import { jsonSchema, type FlowNode } from '#core/flow-document.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { toFaults } from '#server/api/zod-faults.ts';
import { redactHeaders } from '#server/ingress/redact-headers.ts';
import { ProblemError } from '#server/problem.ts';
import { isJsonType, readContentType } from '#server/runs/parse-event-body.ts';

/** The event of a start by hand, in the columns that a received one has. */
export interface ManualEvent {
  readonly method: string;
  readonly query: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly contentType: string;
}

/**
 * Makes the event out of the caller's input. For a webhook flow the input stands for the request:
 * `{ body, headers, query, method }`, each optional, and loses the credentials that a received one loses; for a schedule
 * it is `{ plannedAt }`, by default now; for every other flow it is the body (for a poll: the item).
 * Throws 422 with pointers into `/input`.
 */
export function manualEvent(trigger: FlowNode | undefined, input: Json): ManualEvent {
  if (trigger?.type === 'core.schedule') return jsonEvent(tickOf(input));
  if (trigger?.type !== 'core.webhook') return jsonEvent(input);
  const request = requestOf(input);
  const headers = lowerCaseHeaders(request.headers);
  const contentType = headers['content-type'] ?? 'application/json';
  // Versions and drafts that may run are validated before.
  const settings = webhookInput.parse(trigger.config);
  return {
    method: request.method ?? (settings.method === 'ANY' ? 'POST' : settings.method),
    query: request.query,
    headers: redactHeaders(headers, settings.verify),
    body: bodyBytes(request.body, contentType),
    contentType,
  };
}

/** An event whose body is the value. */
export function jsonEvent(value: Json): ManualEvent {
  return { method: '', query: {}, headers: {}, body: jsonBytes(value), contentType: 'application/json' };
}

const tickSchema = z.strictObject({ plannedAt: z.iso.datetime({ offset: true }).optional() });

function tickOf(input: Json): JsonObject {
  const parsed = tickSchema.safeParse(input);
  if (parsed.success) return { plannedAt: new Date(parsed.data.plannedAt ?? Date.now()).toISOString() };
  throw new ProblemError({
    status: 422,
    code: 'invalid_input',
    title: 'The input is not a planned time',
    detail: 'This flow starts on a schedule: give no input, or { "plannedAt": "2026-01-15T08:00:00Z" }.',
    errors: toFaults(parsed.error.issues, ['input']),
  });
}

const requestSchema = z.strictObject({
  body: jsonSchema.optional(),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not the name of a header'),
      z.string().regex(/^[\t\x20-\x7e\x80-\uffff]*$/, 'is not the value of a header'),
    )
    .default({}),
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  method: z
    .string()
    .regex(/^[A-Z]{1,20}$/, 'name a method in capitals, such as POST')
    .optional(),
});

function requestOf(input: Json): z.output<typeof requestSchema> {
  const parsed = requestSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    status: 422,
    code: 'invalid_input',
    title: 'The input is not a request',
    detail:
      'This flow starts from a webhook: give its input as { "body", "headers", "query", "method" }, each optional.',
    errors: toFaults(parsed.error.issues, ['input']),
  });
}

/** The body is stored unpacked, so a `content-encoding` would lie. */
function lowerCaseHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(pairs.filter(([name]) => name !== 'content-encoding' && name !== '__proto__'));
}

/** Text under a type other than JSON is sent as it is; everything else as JSON. */
function bodyBytes(body: Json | undefined, contentType: string): Uint8Array {
  if (body === undefined) return new Uint8Array();
  const isText = typeof body === 'string' && !isJsonType(readContentType(contentType).type);
  return isText ? Buffer.from(body) : jsonBytes(body);
}

function jsonBytes(value: Json): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

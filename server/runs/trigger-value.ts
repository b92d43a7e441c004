import type { Json, JsonObject } from '#core/json.ts';
import { isJsonObject } from '#core/json.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { parseEventBody } from '#server/runs/parse-event-body.ts';

/** The columns of an event that make up the trigger value, under Prisma's names. */
export interface TriggerEvent {
  readonly method: string;
  readonly query: unknown;
  readonly headers: unknown;
  /** The bytes as they came, compressed if they came so. */
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly receivedAt: Date;
}

/**
 * What expressions see as `trigger`: `{ body, headers, query, method, receivedAt }`.
 *
 * JSON bodies are parsed, form bodies become an object, everything else is text; an empty body is null. JSON that does not
 * parse stays text, so nothing is lost. Credentials were taken out of the headers before the event was stored.
 * The result and the objects in it are fresh, and none has a `__proto__` of the sender's choosing.
 */
export function triggerValue(event: TriggerEvent): JsonObject {
  const headers = asObject(event.headers);
  return {
    body: parseEventBody(event.body, event.contentType, textOf(headers['content-encoding'])),
    headers,
    query: asObject(event.query),
    method: event.method,
    receivedAt: event.receivedAt.toISOString(),
  };
}

function asObject(value: unknown): JsonObject {
  const stored = isJsonObject(value) ? fromStoredJson(value) : {};
  return isJsonObject(stored) ? stored : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

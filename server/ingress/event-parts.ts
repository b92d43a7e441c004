import type { Json, JsonObject } from '#core/json.ts';
import type { HookCase } from '#server/ingress/hook-case.ts';
import { readQuery } from '#server/ingress/read-query.ts';
import { redactHeaders } from '#server/ingress/redact-headers.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';

/** The parts of an event that expressions, schema and storage share; the parsed ones are made when first asked for. */
export interface EventParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly trigger: () => JsonObject;
  readonly body: () => Json;
}

export function eventParts({ published, request, body }: HookCase): EventParts {
  const headers = redactHeaders(request.headers.values, published.trigger.settings.verify);
  const query = readQuery(request.search);
  let trigger: JsonObject | undefined;
  const theTrigger = () =>
    (trigger ??= {
      ...triggerValue({
        method: request.method,
        query: {},
        headers,
        body,
        contentType: headers['content-type'] ?? '',
        receivedAt: new Date(request.nowMs),
      }),
      // As they came, not as they will be stored.
      headers,
      query,
    });
  return { headers, query, trigger: theTrigger, body: () => theTrigger()['body'] ?? null };
}

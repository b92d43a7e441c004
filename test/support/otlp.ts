import { z } from 'zod';

import type { SinkRequest } from '#test/support/sink.ts';

const HEX = (length: number) => z.string().regex(new RegExp(`^(?!0+$)[0-9a-f]{${length}}$`));
const attributesSchema = z
  .array(
    z.strictObject({
      key: z.string().min(1),
      value: z.union([
        z.strictObject({ stringValue: z.string() }),
        z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
        z.strictObject({ doubleValue: z.number() }),
        z.strictObject({ boolValue: z.boolean() }),
      ]),
    }),
  )
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]])));
const spanSchema = z.strictObject({
  traceId: HEX(32),
  spanId: HEX(16),
  parentSpanId: HEX(16).optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: z.string().regex(/^\d{19}$/),
  endTimeUnixNano: z.string().regex(/^\d{19}$/),
  attributes: attributesSchema,
  status: z.strictObject({ code: z.int().min(0).max(2).optional(), message: z.string().optional() }),
});
const requestSchema = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: attributesSchema }),
      scopeSpans: z.array(
        z.strictObject({ scope: z.object({ name: z.string() }), spans: z.array(spanSchema) }),
      ),
    }),
  ),
});

export type ReceivedSpan = z.output<typeof spanSchema>;

/** The spans of OTLP/HTTP export requests, each read by what the protocol's JSON encoding allows. Throws for anything else. */
export function readSpans(requests: readonly SinkRequest[]): ReceivedSpan[] {
  return requests.flatMap((request) => {
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json')
      throw new Error('An export request is a POST of JSON.');
    const { resourceSpans } = requestSchema.parse(request.json());
    return resourceSpans.flatMap(({ resource, scopeSpans }) => {
      if (resource.attributes['service.name'] === undefined)
        throw new Error('The resource has no service.name.');
      return scopeSpans.flatMap(({ spans }) => spans);
    });
  });
}

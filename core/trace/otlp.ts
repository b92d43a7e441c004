/** One stretch of a trace, as it is exported. Never with payloads, settings or messages that may quote them. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent for the first of a trace. */
  readonly parentId?: string | undefined;
  readonly name: string;
  /** What it is to the callers around it. */
  readonly kind: 'internal' | 'client' | 'consumer';
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  /** The code of the error that it ended with. */
  readonly error?: string | undefined;
}

const KINDS = { internal: 1, client: 3, consumer: 5 } as const;
const STATUS_ERROR = 2;

/** The body of an OTLP/HTTP export request in its JSON encoding. */
export function toOtlp(spans: readonly Span[], resource: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [{ scope: { name: 'patchbay' }, spans: spans.map(spanOf) }],
      },
    ],
  });
}

function spanOf(span: Span) {
  const { traceId, spanId, parentId, name, kind, start, end, error } = span;
  return {
    traceId,
    spanId,
    ...(parentId !== undefined && { parentSpanId: parentId }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(Math.max(start, end)),
    attributes: attributesOf({ ...span.attributes, 'error.type': error }),
    status: error === undefined ? {} : { code: STATUS_ERROR, message: error },
  };
}

function attributesOf(attributes: Span['attributes']) {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  // 64-bit integers are texts in the JSON of protobuf.
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** To the microsecond, which is what a double holds of today. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1_000)}000`;
}

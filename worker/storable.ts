import type { Json } from '#core/json.ts';
import type { StepError } from '#core/step-failure.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';

/** The largest value that one step leaves in the journal. */
export const MAX_STORED_BYTES = 5 * 1_048_576;
/** jsonb would go deeper, but its parser's stack is the server's, not ours. */
export const MAX_DEPTH = 500;

/** A value as the journal keeps it, or why it cannot. */
export function storable(
  value: Json,
  what: string,
  maxBytes: number = MAX_STORED_BYTES,
): { readonly text: string } | { readonly error: StepError } {
  const text = depthWithin(value, MAX_DEPTH) ? toStoredJson(value) : undefined;
  if (text === undefined)
    return refuse('output_too_deep', `${what} is nested more than ${MAX_DEPTH} levels deep.`);
  const bytes = text.length > maxBytes / 3 ? Buffer.byteLength(text) : 0;
  if (bytes <= maxBytes) return { text };
  const megabytes = (bytes / 1_048_576).toFixed(1);
  return refuse(
    'output_too_large',
    `${what} is ${megabytes} MiB; no more than ${maxBytes / 1_048_576} MiB are kept. Ask for less, or in parts.`,
  );
}

/** For what is kept for the reader alone: what does not fit is left out rather than failing the step. */
export function storableOrNull(value: Json): string | null {
  const stored = storable(value, '');
  return 'text' in stored ? stored.text : null;
}

function depthWithin(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  const items: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  return items.every((item) => depthWithin(item, levels - 1));
}

function refuse(code: string, message: string): { error: StepError } {
  return { error: { kind: 'invalid', code, message } };
}

import { jsonPointer } from '#core/fault.ts';
import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';

/** What a poll brought, free of the connection's secrets. */
export interface PolledItems {
  /** In the order of the reply; of items with the same key the first. */
  readonly items: ReadonlyMap<string, Json>;
  /** How many the reply listed. */
  readonly found: number;
  /** What the next request sees as `cursor`. */
  readonly cursor: Json;
  /** True when there is more to be had at once. */
  readonly hasMore: boolean;
}

export const MAX_ITEMS = 10_000;
const MAX_CURSOR_BYTES = 65_536;

/** Throws `StepFailure` (`too_many_items`). */
export function requireFewItems(count: number): void {
  if (count <= MAX_ITEMS) return;
  const message = `The reply lists ${count} items; ${MAX_ITEMS} are taken at a time. Ask for fewer.`;
  throw invalid('too_many_items', message, ['items']);
}

/** Throws `StepFailure` (`cursor_too_large`). */
export function requireSmallCursor(cursor: Json): void {
  if (Buffer.byteLength(JSON.stringify(cursor)) <= MAX_CURSOR_BYTES) return;
  const message = 'The cursor is larger than 64 KiB. Keep only what the next request needs.';
  throw invalid('cursor_too_large', message, ['cursor']);
}

/** A fault of the trigger's settings, with the way to the setting. */
export function invalid(code: string, message: string, path: readonly PropertyKey[]): StepFailure {
  return new StepFailure({ kind: 'invalid', code, message, pointer: jsonPointer(['config', ...path]) });
}

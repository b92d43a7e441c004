import { canonicalText } from '#core/canonical-text.ts';
import type { Json } from '#core/json.ts';
import { fieldReader } from './field-path.ts';

/** The items without doubles, in their order. Without fields, whole items are compared. */
export function dedupeItems(
  items: readonly Json[],
  { fields, keep }: { readonly fields: readonly string[]; readonly keep: 'first' | 'last' },
): Json[] {
  const readers = (fields.length === 0 ? [''] : fields).map(fieldReader);
  const kept = new Map<string, number>();
  items.forEach((item, index) => {
    const key = canonicalText(readers.map((read) => read(item)));
    if (keep === 'last' || !kept.has(key)) kept.set(key, index);
  });
  return [...kept.values()].sort((one, other) => one - other).map((index) => items[index]!);
}

/** The items in lists of `size`; the last may be shorter. */
export function cutBatches(items: readonly Json[], size: number): Json[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** At most `count` items after (counted from the end: before) the `skip` that are passed over. */
export function limitItems(
  items: readonly Json[],
  { count, skip, from }: { readonly count: number; readonly skip: number; readonly from: 'start' | 'end' },
): Json[] {
  if (from === 'start') return items.slice(skip, skip + count);
  const end = Math.max(0, items.length - skip);
  return items.slice(Math.max(0, end - count), end);
}

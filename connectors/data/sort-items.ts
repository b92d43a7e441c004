import type { z } from 'zod';

import { readInstant } from '#core/expression/functions/instant.ts';
import type { Json } from '#core/json.ts';
import { dataFailure, quote } from './data-failure.ts';
import { fieldReader } from './field-path.ts';
import type { sortInput } from './lists.ts';

type Key = z.output<typeof sortInput>['keys'][number];
/** What is compared: a place among the kinds, then the value within its kind; null comes last whatever the order. */
type SortValue = readonly [kind: number, value: number | string] | null;

/** English, whatever the machine's own language: the same list is in the same order everywhere. */
const dictionary = new Intl.Collator('en');

/** The items in order; equal ones keep theirs. Throws `StepFailure` that names the item, from 1, which cannot be compared. */
export function sortItems(items: readonly Json[], keys: readonly Key[]): Json[] {
  const values = keys.map((key) => {
    const read = fieldReader(key.field);
    return items.map((item, index) => sortValue(read(item), key, index));
  });
  const order = items.map((_, index) => index);
  order.sort((one, other) => {
    for (const [place, key] of keys.entries()) {
      const compared = compare(values[place]![one]!, values[place]![other]!, key.order === 'descending');
      if (compared !== 0) return compared;
    }
    return one - other;
  });
  return order.map((index) => items[index]!);
}

function sortValue(value: Json, { field, as }: Key, index: number): SortValue {
  if (value === null || (value === '' && as !== 'text')) return null;
  switch (as) {
    case 'auto':
      return autoValue(value);
    case 'text':
      return [0, typeof value === 'string' ? value : JSON.stringify(value)];
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number === 'number' && Number.isFinite(number)) return [0, number];
      break;
    }
    case 'date': {
      const instant = readInstant(value);
      if (instant !== undefined) return [0, instant];
      break;
    }
  }
  const what = as === 'date' ? 'a date such as 2026-01-15' : 'a number';
  const message = `Item ${index + 1}: ${field === '' ? 'it' : `"${field}"`} is ${quote(value)}, not ${what}.`;
  throw dataFailure('sort_bad_value', message, { setting: 'items', detail: { item: index } });
}

function autoValue(value: Json): SortValue {
  if (typeof value === 'boolean') return [0, Number(value)];
  if (typeof value === 'number') return [1, value];
  if (typeof value === 'string') return [2, value];
  return [3, JSON.stringify(value)];
}

function compare(one: SortValue, other: SortValue, isDescending: boolean): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const compared = one[0] - other[0] || compareValues(one[1], other[1]);
  return isDescending ? -compared : compared;
}

function compareValues(one: number | string, other: number | string): number {
  return typeof one === 'string' ? dictionary.compare(one, String(other)) : one - Number(other);
}

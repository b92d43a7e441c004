import type { z } from 'zod';

import { canonicalText } from '#core/canonical-text.ts';
import { emptyObject, type Json } from '#core/json.ts';
import type { aggregateInput } from './aggregate.ts';
import { dataFailure, quote } from './data-failure.ts';
import { exactSum } from './exact-sum.ts';
import { fieldReader, fieldTitle } from './field-path.ts';

type Settings = z.output<typeof aggregateInput>;
type Measure = Settings['measures'][number];

/** A value and the place of its item in the list, for messages. */
interface Entry {
  readonly value: Json;
  readonly index: number;
}

interface Group {
  readonly keys: readonly Json[];
  readonly items: Entry[];
}

/** One object for each group, in the order in which groups come up; one for the whole list when nothing is grouped. */
export function aggregateItems({ items, groupBy, measures }: Settings): Json {
  const list = (items as readonly Json[]).map((value, index) => ({ value, index }));
  if (groupBy.length === 0) return measured({ keys: [], items: list }, groupBy, measures);
  return groupsOf(list, groupBy).map((group) => measured(group, groupBy, measures));
}

function groupsOf(list: readonly Entry[], groupBy: readonly string[]): readonly Group[] {
  const readers = groupBy.map(fieldReader);
  const groups = new Map<string, Group>();
  for (const entry of list) {
    const keys = readers.map((read) => read(entry.value));
    const name = canonicalText(keys);
    const group = groups.get(name) ?? { keys, items: [] };
    groups.set(name, group);
    group.items.push(entry);
  }
  return [...groups.values()];
}

function measured(group: Group, groupBy: readonly string[], measures: readonly Measure[]): Json {
  const result = emptyObject();
  groupBy.forEach((field, index) => (result[fieldTitle(field)] = group.keys[index] ?? null));
  for (const measure of measures) {
    const read = fieldReader(measure.field);
    const entries = group.items.map(({ value, index }) => ({ value: read(value), index }));
    result[measure.name] = resultOf(measure, entries);
  }
  return result;
}

function resultOf(measure: Measure, entries: readonly Entry[]): Json {
  switch (measure.measure) {
    case 'count':
      return entries.length;
    case 'count_distinct':
      return distinct(present(entries)).length;
    case 'sum':
      return exactSum(numbers(measure, entries));
    case 'average': {
      const found = numbers(measure, entries);
      return found.length === 0 ? null : exactSum(found) / found.length;
    }
    case 'min':
      return extreme(measure, entries, -1);
    case 'max':
      return extreme(measure, entries, 1);
    case 'first':
      return entries[0]?.value ?? null;
    case 'last':
      return entries.at(-1)?.value ?? null;
    case 'list':
      return entries.map(({ value }) => value);
    case 'list_distinct':
      return distinct(present(entries));
  }
}

function present(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(({ value }) => value !== null && value !== '');
}

function distinct(entries: readonly Entry[]): readonly Json[] {
  return [...new Map(entries.map(({ value }) => [canonicalText(value), value])).values()];
}

function numbers(measure: Measure, entries: readonly Entry[]): readonly number[] {
  return present(entries).map((entry) => numberIn(entry.value) ?? refuse(measure, entry, 'a number'));
}

function numberIn(value: Json): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Numbers by size, if all are; else texts by their characters, so that ISO dates are in order. */
function extreme(measure: Measure, entries: readonly Entry[], direction: 1 | -1): Json {
  const found = present(entries);
  const areNumbers = found.every(({ value }) => numberIn(value) !== undefined);
  const values = found.map((entry) => {
    if (areNumbers) return numberIn(entry.value)!;
    return typeof entry.value === 'string'
      ? entry.value
      : refuse(measure, entry, 'a text like others of the list');
  });
  return values.reduce<number | string | null>((best, value) => {
    if (best === null) return value;
    return (direction > 0 ? value > best : value < best) ? value : best;
  }, null);
}

function refuse({ name, field }: Measure, { value, index }: Entry, wanted: string): never {
  const what = field === '' ? 'it' : `"${field}"`;
  const message = `Item ${index + 1}: ${what} is ${quote(value)}, not ${wanted}, so "${name}" cannot be worked out.`;
  throw dataFailure('aggregate_bad_value', message, { setting: 'items', detail: { item: index } });
}

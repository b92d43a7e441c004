import { isJsonObject } from '#core/json.ts';
import type { Json } from '#core/json.ts';
import { type DataField, listFields } from '#core/pills/list-fields.ts';
import type { PillPath } from '#core/pills/pill-path.ts';

import { lookOfPill } from './pill-look.ts';
import type { PillFacts, PillLook } from './pill-look.ts';

/** A field with how it is drawn. */
export interface FoundField {
  readonly field: DataField;
  readonly look: PillLook;
}

/** Places of one source that are searched; more would be felt while typing. */
const MAX_SEARCHED = 5_000;

/**
 * Where the data of a step begins: the item of a list, the steps before, nearest first, and the event. The trigger is listed
 * as the event alone, which is what it puts out.
 */
export function dataRoots({ scope, item, list, document, catalog }: PillFacts): readonly DataField[] {
  const isTrigger = (id: string) =>
    document.nodes.some((node) => node.id === id && catalog(node.type, node.version)?.kind === 'trigger');
  const all = isJsonObject(scope.steps) ? Object.entries(scope.steps).toReversed() : [];
  const steps = all.filter(([id]) => !isTrigger(id));
  const root = (parts: PillPath['parts'], value: Json | undefined): DataField[] =>
    value === undefined ? [] : [{ path: { base: 'context', parts }, value }];
  return [
    ...(list && isJsonObject(item) ? [{ path: list, value: item }] : []),
    ...root(['item'], scope.item),
    ...root(['index'], scope.index),
    ...steps.flatMap(([nodeId, value]) => root(['steps', nodeId], value)),
    ...root(['trigger'], scope.trigger),
    ...root(['run'], scope.run),
    ...root(['flow'], scope.flow),
  ];
}

/**
 * The fields whose step, names or example have every word of the query, those whose last name begins with it first; for an
 * empty query the nearest. `left` says how many more there are.
 */
export function searchData(
  facts: PillFacts,
  query: string,
  limit: number,
): { readonly found: readonly FoundField[]; readonly left: number } {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fields = dataRoots(facts).flatMap((root) => {
    const step = lookOfPill(root.path, facts).step.toLowerCase();
    return listFields(root, MAX_SEARCHED).filter((field) => matches(field, step, words));
  });
  const first = words[0];
  const ordered =
    first === undefined ? fields : [...fields.filter(begins(first)), ...fields.filter(not(begins(first)))];
  const found = ordered.slice(0, limit).map((field) => ({ field, look: lookOfPill(field.path, facts) }));
  return { found, left: ordered.length - found.length };
}

function matches({ path, value }: DataField, step: string, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const sample = typeof value === 'string' ? value : typeof value === 'object' ? '' : String(value);
  const text = `${step} ${path.parts.join(' ')} ${sample}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function begins(word: string): (field: DataField) => boolean {
  return ({ path }) => String(path.parts.at(-1)).toLowerCase().startsWith(word);
}

function not(test: (field: DataField) => boolean): (field: DataField) => boolean {
  return (field) => !test(field);
}

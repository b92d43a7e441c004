import { canonicalText } from '../canonical-text.ts';
import { isJsonObject, type Json } from '../json.ts';
import { longestRise } from './longest-rise.ts';

/** Two items, one of each list, that are the same thing; their indexes. */
export interface ItemPair {
  readonly from: number;
  readonly to: number;
  /** True where other items that are in both lists stand on its other side now. */
  readonly isMoved: boolean;
}

/** Fields that name an item, the surest first. */
const NAMING_FIELDS = ['id', '_id', 'uuid', 'key', 'sku', 'slug', 'code', 'number', 'email', 'name'];
/** Beyond so many comparisons, items are paired by their place alone. */
const MAX_COMPARISONS = 250_000;

/**
 * Which items of two lists belong together. Objects that a field names, in each list uniquely, by that name, wherever they
 * stand. All others in order: equal ones first, then what stands between these, one by one.
 */
export function matchItems(before: readonly Json[], after: readonly Json[]): readonly ItemPair[] {
  return byName(before, after) ?? inOrder(before.map(canonicalText), after.map(canonicalText));
}

function byName(before: readonly Json[], after: readonly Json[]): readonly ItemPair[] | undefined {
  for (const field of NAMING_FIELDS) {
    const places = placesOf(before, field);
    const others = places && placesOf(after, field);
    if (!places || !others) continue;
    const found = [...others].flatMap(([name, to]) => {
      const from = places.get(name);
      return from === undefined ? [] : [{ from, to }];
    });
    // Names without any in common may be made anew each time: they say nothing.
    if (found.length > 0) return markMoves(found);
  }
  return undefined;
}

/** The place of each item by its name; undefined where some item has none, or two have the same. */
function placesOf(items: readonly Json[], field: string): ReadonlyMap<string, number> | undefined {
  if (items.length === 0) return undefined;
  const places = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const name = isJsonObject(item) && Object.hasOwn(item, field) ? item[field] : undefined;
    if (typeof name !== 'string' && typeof name !== 'number') return undefined;
    places.set(`${typeof name} ${name}`, index);
  }
  return places.size === items.length ? places : undefined;
}

/** As few as possible are said to have moved. */
function markMoves(pairs: readonly { from: number; to: number }[]): readonly ItemPair[] {
  const sorted = pairs.toSorted((one, other) => one.to - other.to);
  const stayed = new Set(longestRise(sorted.map(({ from }) => from)));
  return sorted.map((pair, index) => ({ ...pair, isMoved: !stayed.has(index) }));
}

function inOrder(before: readonly string[], after: readonly string[]): readonly ItemPair[] {
  const pairs: ItemPair[] = [];
  const pairUp = (from: number, to: number) => pairs.push({ from, to, isMoved: false });
  let [from, to] = [0, 0];
  const anchors = [...commonItems(before, after), { from: before.length, to: after.length }];
  for (const anchor of anchors) {
    while (from < anchor.from && to < anchor.to) pairUp(from++, to++);
    if (anchor.from < before.length && anchor.to < after.length) pairUp(anchor.from, anchor.to);
    from = anchor.from + 1;
    to = anchor.to + 1;
  }
  return pairs;
}

interface Anchor {
  readonly from: number;
  readonly to: number;
}

/** Equal items in the same order in both: as many as there can be, by way of the table that everybody learns. */
function commonItems(before: readonly string[], after: readonly string[]): readonly Anchor[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  const head = Array.from({ length: start }, (_, index) => ({ from: index, to: index }));
  const tail = Array.from({ length: end }, (_, index) => ({
    from: before.length - end + index,
    to: after.length - end + index,
  }));
  const middle = commonInMiddle(
    before.slice(start, before.length - end),
    after.slice(start, after.length - end),
  );
  return [...head, ...middle.map(({ from, to }) => ({ from: from + start, to: to + start })), ...tail];
}

function commonInMiddle(before: readonly string[], after: readonly string[]): readonly Anchor[] {
  const width = after.length + 1;
  if (before.length * after.length > MAX_COMPARISONS) return [];
  /** `lengths[i * width + j]`: how many items `before` from `i` on and `after` from `j` on have in common. */
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const anchors: Anchor[] = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) anchors.push({ from: i++, to: j++ });
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return anchors;
}

/** Deeper, nothing is counted: what recurses so far ends by itself. */
const MAX_DEPTH = 2_000;

/** Data is never changed once it is made, so what it weighs is known for as long as it lives. */
const known = new WeakMap<object, number>();

/**
 * What a value weighs written out: one for each value, and an eighth for each character. Parts that several places share
 * count at each, as they do for whatever walks through the value; each is itself looked at once.
 */
export function expandedWeight(value: unknown, depth = 0): number {
  if (typeof value === 'string') return 1 + value.length / 8;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  // A value that holds itself ends here.
  known.set(value, 1);
  let weight = 1;
  for (const part of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value))
    weight += expandedWeight(part, depth + 1);
  known.set(value, weight);
  return weight;
}

/** What is known of the items that an output of n8n gives, in terms of this flow. */
export type ItemData =
  | {
      readonly kind: 'one' | 'many';
      /** The expression for the item, or for the list of items. */
      readonly text: string;
      /** The only fields that have a counterpart, by their paths in n8n. */
      readonly fields?: Readonly<Record<string, string>>;
      /** Fields that have none. */
      readonly lacks?: readonly string[];
      /** The loop in which the expression can be read. */
      readonly scope?: string;
      /** True when it reads `item`, which means something else in a loop within the loop. */
      readonly readsItem?: boolean;
    }
  | { readonly kind: 'unknown'; readonly why: string };

export function one(text: string): ItemData {
  return { kind: 'one', text };
}

export function many(text: string): ItemData {
  return { kind: 'many', text };
}

export function unknown(why: string): ItemData {
  return { kind: 'unknown', why };
}

export const SEVERAL =
  'n8n did this once for each item of a list; here a step runs once. Put it into a “For each” over the list';

/** The data where ways meet: that of whichever is taken. */
export function mergeWays(found: readonly ItemData[], areExclusive: boolean): ItemData {
  const [first, ...rest] = found;
  if (first === undefined) return unknown('nothing comes in');
  const bad = found.find(({ kind }) => kind === 'unknown');
  if (bad !== undefined) return bad;
  if (rest.every((other) => JSON.stringify(other) === JSON.stringify(first))) return first;
  const texts = found.map((data) =>
    data.kind === 'one' && data.fields === undefined && data.scope === undefined ? data.text : undefined,
  );
  if (!areExclusive || texts.includes(undefined))
    return unknown('several ways meet here, and which one the data is of is not known');
  return { kind: 'one', text: `(${texts.join(' ?? ')})` };
}

import { parseRunSearch } from '#core/run-search/parse-run-search.ts';
import type { SearchConditions } from '#server/sql/run-conditions.ts';
import { selectKnownKey } from '#server/sql/select-known-key.ts';

/**
 * What runs of a workspace are searched for. Where what is written names the business key of a run, exactly that is meant, and
 * nothing else is looked for. With `as` `text` it is a text, whatever it looks like. Undefined for nothing.
 */
export async function findSearch(
  workspaceId: string,
  { q: written, as }: { readonly q?: string | undefined; readonly as?: 'auto' | 'text' | undefined },
): Promise<SearchConditions | undefined> {
  if (written === undefined || written === '') return undefined;
  if (as === 'text') return { text: written };
  const { keys, fields, isAlsoText } = parseRunSearch(written);
  const key = await selectKnownKey(workspaceId, keys);
  if (key !== null) return { key };
  return fields.length === 0 ? { text: written } : { fields, ...(isAlsoText && { text: written }) };
}

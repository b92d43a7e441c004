import type { KeyTerm } from '#core/run-search/parse-run-search.ts';
import { pool } from '#server/db/pool.ts';
import { storableText } from '#server/sql/storable-text.ts';

/** The first of these business keys that some run of the workspace has; null where none has any. Blind to case. */
export async function selectKnownKey(workspaceId: string, keys: readonly KeyTerm[]): Promise<KeyTerm | null> {
  const { rows } = await pool().query<{ place: string }>(SELECT_KNOWN_KEY, [
    workspaceId,
    keys.map(({ name }) => storableText(name ?? undefined)),
    keys.map(({ value }) => storableText(value)),
  ]);
  return rows[0] === undefined ? null : (keys[Number(rows[0].place) - 1] ?? null);
}

const SELECT_KNOWN_KEY = `
  SELECT place FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS wanted (name, value, place)
  WHERE EXISTS (
    SELECT FROM run r
    WHERE r.workspace_id = $1 AND r.business_key IS NOT NULL AND lower(r.business_key ->> 'value') = lower(wanted.value)
      AND (wanted.name IS NULL OR lower(r.business_key ->> 'name') = lower(wanted.name)))
  ORDER BY place LIMIT 1`;

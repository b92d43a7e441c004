import type pg from 'pg';

/**
 * Every table whose rows have a data key of their own, wrapped by the master key: columns `id`, `workspace_id` (the place that the
 * key is bound to), `wrapped_key` and `key_version`, which may be null together. A new one has to be named here, or its rows
 * are lost with the next change of the master key; a test compares the list with the database.
 */
export const SEALED_TABLES = [
  'connection',
  'oauth_app',
  'oauth_consent',
  'subscription',
  'app_hook',
  'alert_channel',
] as const;

export type SealedTable = (typeof SEALED_TABLES)[number];

/** So many rows of a table are under one master key. */
export interface SealedCount {
  readonly table: SealedTable;
  readonly keyVersion: number;
  readonly records: number;
}

/** How many rows of each sealed table are under which master key. */
export async function countSealed(db: pg.Pool | pg.ClientBase): Promise<readonly SealedCount[]> {
  const each = SEALED_TABLES.map(
    (table) =>
      `SELECT '${table}' AS "table", key_version AS "keyVersion", count(*)::int AS records
       FROM ${table} WHERE key_version IS NOT NULL GROUP BY key_version`,
  );
  const { rows } = await db.query<SealedCount>(`${each.join(' UNION ALL ')} ORDER BY 1, 2`);
  return rows;
}

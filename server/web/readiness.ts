import { migrationNames } from '#server/db/migrate.ts';
import { pool } from '#server/db/pool.ts';

/** Why the process cannot serve, in one sentence; null when it can: the database answers and is migrated. */
export async function unreadiness(): Promise<string | null> {
  try {
    const { rows } = await pool().query<{ migration_name: string }>(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    const applied = new Set(rows.map((row) => row.migration_name));
    const missing = (await migrationNames()).filter((name) => !applied.has(name));
    return missing.length === 0 ? null : `Migrations are missing: ${missing.join(', ')}.`;
  } catch (cause) {
    return isMissingTable(cause) ? 'The database has not been migrated.' : 'The database does not answer.';
  }
}

function isMissingTable(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === '42P01';
}

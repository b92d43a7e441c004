import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { openSchemaEngine } from '#server/db/schema-engine.ts';

/** The folder of the migrations. */
export const MIGRATIONS = resolve(import.meta.dirname, '../../prisma/migrations');
const FILTERS = { externalTables: [], externalEnums: [] };

/**
 * Brings a database up to the newest migration; Prisma's own `_prisma_migrations` keeps the record.
 *
 * @returns the names of the migrations that were applied now.
 */
export async function applyMigrations(connectionString: string): Promise<readonly string[]> {
  const engine = await openSchemaEngine(connectionString);
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: await readMigrations(),
      filters: FILTERS,
    });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}

/** Names of the migrations on disk, oldest first. */
export async function migrationNames(): Promise<readonly string[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function readMigrations() {
  const names = await migrationNames();
  return {
    baseDir: MIGRATIONS,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(MIGRATIONS, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  };
}

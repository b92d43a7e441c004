import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

import { BackupError } from '#server/backup/backup-error.ts';
import { findPgTool, migrationsInCustom, runPgTool } from '#server/backup/pg-tools.ts';
import { PLAIN_MARK } from '#server/backup/plain-dump.ts';
import { linesOf, restorePlain } from '#server/backup/restore-plain.ts';
import { withDatabase, type OpenDatabase } from '#server/backup/with-database.ts';
import { applyMigrations, migrationNames } from '#server/db/migrate.ts';
import type { Env } from '#server/env.ts';
import { isInUse, selectDropStatements } from '#server/sql/backup-catalog.ts';

export interface Restored {
  /** Migrations that the backup lacked and that were applied now. */
  readonly migrated: readonly string[];
}

interface Restore {
  readonly file: string;
  /** True replaces whatever the database holds. */
  readonly isForced: boolean;
}

/**
 * Puts a backup of either kind into an empty database, and brings that up to date. A plain one is all there or nothing is
 * changed. Throws `BackupError`: for a database that is in use or, unless forced, not empty; for a backup that is broken or of
 * a newer Patchbay.
 */
export async function restoreDatabase(env: Env, restore: Restore): Promise<Restored> {
  const kind = await kindOf(restore.file);
  return withDatabase(env, async (database) => {
    if (database.isSupervised || (await isInUse(database.client)))
      throw new BackupError('A Patchbay uses the database: stop it, then restore.');
    const drops = await selectDropStatements(database.client);
    if (drops.length > 0 && !restore.isForced)
      throw new BackupError(
        'The database is not empty. Restore into an empty one, or replace what it holds with --force.',
      );
    if (kind === 'custom') await restoreCustom(env, database, { file: restore.file, drops });
    else await restoreScript(database, { file: restore.file, drops });
    return { migrated: await applyMigrations(database.url) };
  });
}

async function kindOf(file: string): Promise<'custom' | 'plain'> {
  const handle = await open(file, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new BackupError(`${file} cannot be read (${cause.code}).`);
  });
  const { buffer } = await handle.read(Buffer.alloc(5), 0, 5, 0);
  await handle.close();
  if (buffer.toString('latin1') === 'PGDMP') return 'custom';
  if (buffer[0] === 0x1f && buffer[1] === 0x8b) return 'plain';
  throw new BackupError(`${file} is no backup that patchbay backup or pg_dump --format=custom wrote.`);
}

interface Source {
  readonly file: string;
  /** What takes away the database's present content. */
  readonly drops: readonly string[];
}

async function restoreScript({ client }: OpenDatabase, { file, drops }: Source): Promise<void> {
  const unzipped = createReadStream(file).pipe(createGunzip()) as AsyncIterable<Buffer>;
  const lines = linesOf(unzipped);
  await client.query('BEGIN');
  try {
    const first = (await lines.next()).value?.toString('utf8') ?? '';
    if (!first.startsWith(PLAIN_MARK)) throw new BackupError(`${file} is no backup of Patchbay.`);
    await refuseNewer(first.slice(PLAIN_MARK.length).trim().split(' '));
    for (const statement of drops) await client.query(statement);
    await restorePlain(client, lines);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new BackupError(`${file} is broken or was cut off. Nothing was restored; use another backup.`);
    throw error;
  }
}

async function restoreCustom(env: Env, { client, url, major }: OpenDatabase, source: Source): Promise<void> {
  const program = await findPgTool('pg_restore', { major, binDir: env.PATCHBAY_PG_BIN });
  if (!program)
    throw new BackupError(
      `A backup of this kind takes pg_restore of Postgres ${major} or newer: install it, or name its folder with PATCHBAY_PG_BIN.`,
    );
  await refuseNewer(await migrationsInCustom(program, source.file));
  for (const statement of source.drops) await client.query(statement);
  await runPgTool(program, url, [
    ...['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction', source.file],
  ]);
}

async function refuseNewer(migrations: readonly string[]): Promise<void> {
  const known = await migrationNames();
  const unknown = migrations.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BackupError(
      `The backup is of a newer Patchbay (${unknown.join(', ')}): update this one first.`,
    );
  if (migrations.length === 0) throw new BackupError('The backup holds no Patchbay.');
}

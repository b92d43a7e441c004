import { createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import pg from 'pg';

import { BackupError } from '#server/backup/backup-error.ts';
import { findPgTool, runPgTool } from '#server/backup/pg-tools.ts';
import { plainDump } from '#server/backup/plain-dump.ts';
import { withDatabase, type OpenDatabase } from '#server/backup/with-database.ts';
import { migrationNames } from '#server/db/migrate.ts';
import type { Env } from '#server/env.ts';
import { selectMigrations } from '#server/sql/backup-catalog.ts';
import { LAST_BACKUP, upsertNote } from '#server/sql/system-rows.ts';

export interface Backup {
  readonly file: string;
  readonly bytes: number;
  /** `custom` is pg_dump's own; `plain` is a gzip-compressed script that psql reads, too. */
  readonly format: 'custom' | 'plain';
}

/**
 * Writes the whole database to a file, out of one snapshot; Patchbay may run meanwhile. The file is there once it is whole and
 * on the disk. Throws `BackupError`.
 */
export async function backupDatabase(env: Env, out: string): Promise<Backup> {
  if (existsSync(out)) throw new BackupError(`${out} is there already: name another file.`);
  const cluster = join(env.PATCHBAY_DATA_DIR, 'postgres', 'PG_VERSION');
  if (!env.DATABASE_URL && !existsSync(cluster))
    throw new BackupError(
      `${env.PATCHBAY_DATA_DIR} holds no database: set PATCHBAY_DATA_DIR or DATABASE_URL.`,
    );
  return withDatabase(env, async (database) => {
    const unfinished = `${out}.unfinished`;
    try {
      const format = await write(env, database, unfinished);
      await flush(unfinished);
      await rename(unfinished, out);
      const { size: bytes } = await stat(out);
      await noteBackup(database, { file: basename(out), format, bytes });
      return { file: out, format, bytes };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  });
}

async function write(env: Env, database: OpenDatabase, file: string): Promise<Backup['format']> {
  const migrations = await knownMigrations(database);
  const program = await findPgTool('pg_dump', { major: database.major, binDir: env.PATCHBAY_PG_BIN });
  // Made before, so that nobody else can read it.
  await (await open(file, 'wx', 0o600)).close();
  if (program) {
    await runPgTool(program, database.url, [
      ...['--format=custom', '--no-owner', '--no-privileges', '--exclude-schema=pgboss', `--file=${file}`],
    ]);
    return 'custom';
  }
  const { client } = database;
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query('SET LOCAL search_path = public');
  await pipeline(Readable.from(plainDump(client, migrations)), createGzip(), createWriteStream(file));
  await client.query('COMMIT');
  return 'plain';
}

async function knownMigrations({ client }: OpenDatabase): Promise<readonly string[]> {
  const applied = await selectMigrations(client);
  if (!applied)
    throw new BackupError('The database holds no Patchbay: check DATABASE_URL or PATCHBAY_DATA_DIR.');
  const known = await migrationNames();
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length === 0) return applied;
  throw new BackupError(
    `The database belongs to a newer Patchbay (${unknown.join(', ')}): back it up with that one.`,
  );
}

/** For the system page. A database that cannot take the note is backed up all the same. */
async function noteBackup({ client }: OpenDatabase, backup: Backup): Promise<void> {
  await client.query('BEGIN');
  try {
    await upsertNote(client, LAST_BACKUP, { ...backup });
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    if (!keepsNoNotes(error)) throw error;
  }
}

/** A standby, a role without the right to write, or an older Patchbay that keeps no notes. */
function keepsNoNotes(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ['25006', '42501', '42P01'].includes(error.code ?? '');
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.sync();
  await handle.close();
}

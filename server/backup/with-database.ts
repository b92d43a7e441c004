import pg from 'pg';

import { BackupError } from '#server/backup/backup-error.ts';
import { databaseFault } from '#server/db/database-fault.ts';
import { startEmbeddedPostgres } from '#server/db/embedded.ts';
import { trySessionLock } from '#server/db/session-lock.ts';
import type { Env } from '#server/env.ts';

/** A connection for the work alone. */
export interface OpenDatabase {
  readonly client: pg.Client;
  readonly url: string;
  /** The server's major version. */
  readonly major: number;
  /** True while a Patchbay runs on the embedded database. */
  readonly isSupervised: boolean;
}

/**
 * Opens the database that `DATABASE_URL` names, or the embedded one in the data directory, for the length of the work. The
 * embedded one is started where it does not run, and stopped again then.
 */
export async function withDatabase<T>(env: Env, work: (open: OpenDatabase) => Promise<T>): Promise<T> {
  if (!env.DATABASE_URL) return withEmbedded(env.PATCHBAY_DATA_DIR, work);
  const fault = await databaseFault(env.DATABASE_URL);
  if (fault) throw new BackupError(fault);
  return withClient(env.DATABASE_URL, false, work);
}

async function withEmbedded<T>(dataDir: string, work: (open: OpenDatabase) => Promise<T>): Promise<T> {
  const server = await startEmbeddedPostgres({ dataDir });
  // A running Patchbay holds it, and keeps its server; while we do, none can start.
  const lock = await trySessionLock(server.url, 'supervisor');
  try {
    return await withClient(server.url, lock === null, work);
  } finally {
    await lock?.release();
    if (lock) await server.stop();
  }
}

async function withClient<T>(
  url: string,
  isSupervised: boolean,
  work: (open: OpenDatabase) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'backup', keepAlive: true });
  // The query in hand rejects with the same cause.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number }>(
      `SELECT current_setting('server_version_num')::int AS version`,
    );
    return await work({ client, url, major: Math.floor(rows[0]!.version / 10_000), isSupervised });
  } finally {
    await client.end();
  }
}

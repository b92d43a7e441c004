import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { keepDatabase } from '#scripts/supervisor/keep-database.ts';
import { databaseFault } from '#server/db/database-fault.ts';
import { startEmbeddedPostgres } from '#server/db/embedded.ts';
import { applyMigrations } from '#server/db/migrate.ts';
import { createPool } from '#server/db/pool.ts';
import { trySessionLock, withSessionLock } from '#server/db/session-lock.ts';
import { EnvironmentError, type Env } from '#server/env.ts';
import { listenFault } from '#server/web/listen-fault.ts';
import { admitKeys } from '#server/vault/admit-keys.ts';
import type { KeyTexts } from '#server/vault/key-files.ts';
import { readKeyRing } from '#server/vault/key-ring.ts';

const OWNER_LOCK = 'supervisor';

export interface PreparedDatabase {
  readonly url: string;
  /** Stops the embedded Postgres; does nothing for a database that is somebody else's. */
  stop(): Promise<void>;
}

/** The database that `DATABASE_URL` names, or the embedded one in the data directory, started now. */
export async function prepareDatabase(env: Env, say: (line: string) => void): Promise<PreparedDatabase> {
  if (!env.DATABASE_URL) return startOwnDatabase(env.PATCHBAY_DATA_DIR, say);
  const fault = await databaseFault(env.DATABASE_URL);
  if (fault) throw new EnvironmentError(fault);
  return { url: env.DATABASE_URL, stop: () => Promise.resolve() };
}

async function startOwnDatabase(dataDir: string, say: (line: string) => void): Promise<PreparedDatabase> {
  say('Starting Postgres …');
  const postgres = await startEmbeddedPostgres({ dataDir });
  // Held until the end. A supervisor that was killed lets go of it, so its server is taken over; a living one does not.
  const lock = await trySessionLock(postgres.url, OWNER_LOCK);
  if (!lock) {
    throw new EnvironmentError(
      `The data directory ${resolve(dataDir)} is in use by another Patchbay: stop that one, or set PATCHBAY_DATA_DIR.`,
    );
  }
  const keeper = keepDatabase({
    postgres,
    lock,
    takeLock: () => trySessionLock(postgres.url, OWNER_LOCK),
    say,
  });
  return {
    url: postgres.url,
    stop: async () => {
      await keeper.stop();
      await postgres.stop();
    },
  };
}

/** Brings the database up to date; two processes that start at once take turns. */
export async function migrate(url: string, say: (line: string) => void): Promise<void> {
  const applied = await withSessionLock(url, 'migrations', () => applyMigrations(url));
  if (applied.length > 0)
    say(`Applied ${applied.length === 1 ? 'a migration' : `${applied.length} migrations`}.`);
}

/** Throws `EnvironmentError` when the keys at hand do not open what the database holds. */
export async function requireKeys(url: string, keys: KeyTexts): Promise<void> {
  const pool = createPool(url, { max: 1 });
  try {
    const fault = await admitKeys(pool, readKeyRing(keys));
    if (fault) throw new EnvironmentError(fault);
  } finally {
    await pool.end();
  }
}

/** Throws when the port cannot be opened. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const fault = await portFault(host, port);
  if (fault) throw new EnvironmentError(listenFault(fault, { host, port }));
}

/** Why a port cannot be opened; null when it can. Waits a moment for a Patchbay that is just letting go of it. */
export async function portFault(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  for (let left = 4; ; left -= 1) {
    const fault = await tryListen(host, port);
    if (fault?.code !== 'EADDRINUSE' || left === 0) return fault;
    await sleep(500);
  }
}

/** `portFault` at this very moment. */
export function tryListen(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', done);
    probe.listen(port, host, () => probe.close(() => done(null)));
  });
}

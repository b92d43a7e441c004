import pg from 'pg';

import { env, EnvironmentError } from '#server/env.ts';

/** One pool a process, also where a bundler loads this module twice. */
const holder = globalThis as typeof globalThis & { patchbayPool?: pg.Pool };

/** The `pg` pool of the hot path: ingress, journal, claims. Everything else goes through Prisma. */
export function pool(): pg.Pool {
  holder.patchbayPool ??= createPool(databaseUrl());
  return holder.patchbayPool;
}

export function databaseUrl(): string {
  const url = env().DATABASE_URL;
  if (!url)
    throw new EnvironmentError(
      'DATABASE_URL is not set. Start Patchbay with npm start, which brings its own Postgres.',
    );
  return url;
}

/** Longer than the pauses of all that looks again and again: to open a connection costs more than a look. */
const IDLE_MS = 120_000;

export function createPool(connectionString: string, options: pg.PoolConfig = {}): pg.Pool {
  const created = new pg.Pool({
    connectionString,
    max: 10,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: IDLE_MS,
    ...options,
  });
  // Without listeners, Postgres going away would end the process: idle clients report here, checked-out ones on themselves.
  created.on('error', ignoreLostConnection);
  created.on('connect', (client) => client.on('error', ignoreLostConnection));
  return created;
}

/** The query in flight rejects with the same cause; the pool replaces the client. */
function ignoreLostConnection(): void {}

export async function closePool(): Promise<void> {
  const open = holder.patchbayPool;
  holder.patchbayPool = undefined;
  await open?.end();
}

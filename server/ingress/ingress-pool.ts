import type pg from 'pg';

import { createPool, databaseUrl } from '#server/db/pool.ts';

/** Longer than any healthy statement of ingress; a server that stopped answering must not hold senders. */
const STATEMENT_TIMEOUT_MS = 5_000;

const holder = globalThis as typeof globalThis & {
  patchbayIngressPool?: pg.Pool;
  patchbayWakePool?: pg.Pool;
};

/**
 * Connections that ingress has for itself, so that a slow page never slows a webhook: two for batches, one for look-ups.
 * Generic plans, because the statements are few, long and always the same.
 */
export function ingressPool(): pg.Pool {
  holder.patchbayIngressPool ??= createPool(databaseUrl(), {
    max: 3,
    connectionTimeoutMillis: 2_000,
    query_timeout: STATEMENT_TIMEOUT_MS + 500,
    keepAlive: true,
    application_name: 'patchbay-ingress',
    options: `-c statement_timeout=${STATEMENT_TIMEOUT_MS} -c plan_cache_mode=force_generic_plan`,
  });
  return holder.patchbayIngressPool;
}

/** The connection that wake-ups go out on. They are hints, so their commits do not wait for the disk. */
export function wakePool(): pg.Pool {
  holder.patchbayWakePool ??= createPool(databaseUrl(), {
    max: 1,
    connectionTimeoutMillis: 2_000,
    query_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'patchbay-ingress-wake',
    options: '-c synchronous_commit=off',
  });
  return holder.patchbayWakePool;
}

/** Closes the connections; a later call opens new ones. */
export async function closeIngressPools(): Promise<void> {
  const open = [holder.patchbayIngressPool, holder.patchbayWakePool];
  holder.patchbayIngressPool = undefined;
  holder.patchbayWakePool = undefined;
  await Promise.all(open.map(async (each) => each?.end()));
}

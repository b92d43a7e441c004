import type pg from 'pg';

import { pool } from '#server/db/pool.ts';
import { unlessConflicted } from '#server/db/transaction-conflict.ts';

/**
 * Runs `work` in one transaction on a `pg` client, for writes that Prisma cannot make together (rows and their wake-up). It is run anew
 * where the transaction meets another one (a deadlock), so it changes nothing but rows.
 *
 * @param from default: the process's own pool.
 */
export function inClientTransaction<T>(
  work: (client: pg.PoolClient) => Promise<T>,
  from: pg.Pool = pool(),
): Promise<T> {
  return unlessConflicted(() => transact(work, from));
}

async function transact<T>(work: (client: pg.PoolClient) => Promise<T>, from: pg.Pool): Promise<T> {
  const client = await from.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A client that cannot even roll back is not given to anyone else.
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

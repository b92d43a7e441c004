import type pg from 'pg';

import { pool } from '#server/db/pool.ts';

/**
 * Runs `work` in one transaction on a `pg` client, for writes that Prisma cannot make together (rows and their wake-up).
 *
 * @param from default: the process's own pool.
 */
export async function inClientTransaction<T>(
  work: (client: pg.PoolClient) => Promise<T>,
  from: pg.Pool = pool(),
): Promise<T> {
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

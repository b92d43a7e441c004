import { beforeAll, beforeEach, expect, test } from 'vitest';

import { inClientTransaction } from '#server/db/client-transaction.ts';
import { pool } from '#server/db/pool.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();

beforeAll(async () => {
  await pool().query('CREATE TABLE tally (id int PRIMARY KEY, count int NOT NULL DEFAULT 0)');
});
beforeEach(async () => {
  await pool().query('TRUNCATE tally; INSERT INTO tally (id) VALUES (1), (2)');
});

type Run = (sql: string, values: readonly number[]) => Promise<unknown>;

const WAYS: readonly (readonly [string, (work: (run: Run) => Promise<void>) => Promise<void>])[] = [
  ['pg', (work) => inClientTransaction((client) => work((sql, values) => client.query(sql, [...values])))],
  ['Prisma', (work) => inTransaction((tx) => work((sql, values) => tx.$executeRawUnsafe(sql, ...values)))],
];

test.each(WAYS)(
  'of two transactions of %s that wait for each other both are made, each once',
  async (_, transact) => {
    const both = Promise.withResolvers<void>();
    let begun = 0;
    let tries = 0;
    const count = (first: number, second: number) =>
      transact(async (run) => {
        tries += 1;
        await run('UPDATE tally SET count = count + 1 WHERE id = $1', [first]);
        begun += 1;
        if (begun === 2) both.resolve();
        await both.promise;
        await run('UPDATE tally SET count = count + 1 WHERE id = $1', [second]);
      });
    await Promise.all([count(1, 2), count(2, 1)]);
    const { rows } = await pool().query('SELECT id, count FROM tally ORDER BY id');
    expect(rows).toEqual([
      { id: 1, count: 2 },
      { id: 2, count: 2 },
    ]);
    // The one that was ended may be quicker than the one that waited for it, and meet it once more.
    expect(tries).toBeGreaterThanOrEqual(3);
  },
);

test.each(WAYS)('a transaction of %s that fails otherwise is not made again', async (_, transact) => {
  let tries = 0;
  const work = transact(async (run) => {
    tries += 1;
    await run('INSERT INTO tally (id) VALUES ($1)', [1]);
  });
  await expect(work).rejects.toThrow();
  expect(tries).toBe(1);
});

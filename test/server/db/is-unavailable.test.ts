import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, expect, test } from 'vitest';

import { PrismaClient } from '#prisma/generated/client.ts';
import { problemResponse } from '#server/api/problem-response.ts';
import { isUnavailable } from '#server/db/is-unavailable.ts';
import { createPool } from '#server/db/pool.ts';
import { createTestDatabase } from '#test/support/database.ts';

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const NOBODY = 'postgres://somebody:secret@127.0.0.1:1/nowhere';

function prismaAt(url: string, options: Parameters<typeof createPool>[1] = {}): PrismaClient {
  const client = new PrismaClient({ adapter: new PrismaPg(createPool(url, options)) });
  closing.push(() => client.$disconnect());
  return client;
}

/** A server that accepts and says nothing. */
async function silentServer(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  closing.push(() => server.close());
  return `postgres://somebody:secret@127.0.0.1:${(server.address() as AddressInfo).port}/nowhere`;
}

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test.each<[string, () => Promise<unknown>]>([
  ['a query', () => prismaAt(NOBODY).user.count()],
  ['a transaction', () => prismaAt(NOBODY).$transaction((tx) => tx.user.count())],
  ['a raw query', () => prismaAt(NOBODY).$queryRaw`select 1`],
  ['a query of the pool', () => createPool(NOBODY).query('select 1')],
  [
    'a query that nobody answers',
    async () => prismaAt(await silentServer(), { connectionTimeoutMillis: 100 }).user.count(),
  ],
  [
    'a transaction that finds no room in time',
    async () => prismaAt(await silentServer()).$transaction((tx) => tx.user.count(), { maxWait: 100 }),
  ],
])('%s without a database is told to come back', async (_, work) => {
  const thrown = await thrownBy(work());
  expect(isUnavailable(thrown)).toBe(true);
  const response = problemResponse(thrown, 'r1');
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await response.text()).not.toMatch(/secret|127\.0\.0\.1|prisma/i);
});

test('what the database refuses is no absence', async () => {
  const database = await createTestDatabase();
  closing.push(() => database.drop());
  const prisma = prismaAt(database.url);
  const missing = await thrownBy(prisma.$queryRaw`select * from no_such_table`);
  expect(missing).toBeInstanceOf(Error);
  expect(isUnavailable(missing)).toBe(false);
  expect(isUnavailable(new Error('anything'))).toBe(false);
  expect(isUnavailable(undefined)).toBe(false);
});

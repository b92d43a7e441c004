import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll } from 'vitest';

import { closePool } from '#server/db/pool.ts';
import { closePrisma } from '#server/db/prisma.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

/** Where the tests' Patchbay is said to be served. */
export const PUBLIC_URL = 'http://127.0.0.1:3000';

/** Gives this test file a migrated database of its own and an environment that names it. Call it at the top level. */
export function useAppDatabase(publicUrl: string = PUBLIC_URL): void {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    process.env['DATABASE_URL'] = database.url;
    process.env['PATCHBAY_URL'] = publicUrl;
    process.env['PATCHBAY_SECRET_KEY'] = randomBytes(32).toString('base64');
  });
  afterAll(async () => {
    await closePrisma();
    await closePool();
    await database?.drop();
  });
}

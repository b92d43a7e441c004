import { randomBytes } from 'node:crypto';

import { query } from '#test/support/query.ts';

/** A database without anything in it, on the tests' server. */
export async function createEmptyDatabase(): Promise<string> {
  const name = `empty_${randomBytes(6).toString('hex')}`;
  const url = new URL(process.env['PATCHBAY_TEST_POSTGRES'] ?? '');
  await query(url.href, `CREATE DATABASE ${name} TEMPLATE template0`);
  url.pathname = `/${name}`;
  return url.href;
}

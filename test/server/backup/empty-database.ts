import { randomBytes } from 'node:crypto';

import pg from 'pg';

/** A database without anything in it, on the tests' server. */
export async function createEmptyDatabase(): Promise<string> {
  const name = `empty_${randomBytes(6).toString('hex')}`;
  const url = new URL(process.env['PATCHBAY_TEST_POSTGRES'] ?? '');
  await query(url.href, `CREATE DATABASE ${name} TEMPLATE template0`);
  url.pathname = `/${name}`;
  return url.href;
}

export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values?: readonly unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values && [...values])).rows;
  } finally {
    await client.end();
  }
}

import pg from 'pg';

import type { Haystack } from './canaries.ts';

/** Every value of every table, the queue's too, as bytes: what a stolen backup would show. */
export async function dumpDatabase(url: string): Promise<readonly Haystack[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const dump: Haystack[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<(Buffer | string | null)[]>({
        text: `SELECT * FROM ${name}`,
        rowMode: 'array',
        types: RAW,
      });
      dump.push({ name: `table ${name}`, bytes: Buffer.concat(rows.flat().flatMap(bytesOf)) });
    }
    return dump;
  } finally {
    await client.end();
  }
}

const BYTEA = 17;
/** Bytes as bytes, all else as the text that Postgres writes. */
const RAW = {
  getTypeParser: ((oid: number) =>
    oid === BYTEA ? (text: string) => Buffer.from(text.slice(2), 'hex') : (text: string) => text) as never,
};

function bytesOf(value: Buffer | string | null): Buffer[] {
  if (value === null) return [];
  return [Buffer.isBuffer(value) ? value : Buffer.from(value), Buffer.from('\n')];
}

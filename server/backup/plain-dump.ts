import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type pg from 'pg';

import { copyOut } from '#server/backup/copy-rows.ts';
import { MIGRATIONS } from '#server/db/migrate.ts';
import {
  MIGRATIONS_TABLE,
  selectSequenceStatements,
  selectTables,
  type CatalogTable,
} from '#server/sql/backup-catalog.ts';

/** The first line of a plain backup, before the names of its migrations. */
export const PLAIN_MARK = '-- Patchbay backup, format 1. Migrations: ';

/**
 * A database as a script that psql reads: the schema as the migrations make it, every table's rows by COPY, the
 * sequences; out of the snapshot of the client's transaction, a row at a time. The queue is left out: it makes itself
 * anew, and its jobs are hints.
 */
export async function* plainDump(client: pg.Client, migrations: readonly string[]): AsyncGenerator<Buffer> {
  const line = (text: string) => Buffer.from(`${text}\n`, 'utf8');
  yield line(`${PLAIN_MARK}${migrations.join(' ')}`);
  yield line(
    '-- The master key is not in it: connections open only with the PATCHBAY_SECRET_KEY that sealed them.',
  );
  yield line(
    "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET search_path = public; SET statement_timeout = 0;",
  );
  yield line('BEGIN;');
  for (const name of migrations) yield line(await readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8'));
  yield line(MIGRATIONS_TABLE);
  const tables = inOrder(await selectTables(client));
  // Nothing is counted, and nothing refused, while rows are put back as they were.
  for (const { name } of tables) yield line(`ALTER TABLE "${name}" DISABLE TRIGGER USER;`);
  // What the migrations themselves put there stands in the copy, too.
  yield line(`TRUNCATE ${tables.map(({ name }) => `"${name}"`).join(', ')};`);
  for (const { name, columns } of tables) {
    const list = columns.map((column) => `"${column}"`).join(', ');
    yield line(`COPY "${name}" (${list}) FROM stdin;`);
    yield* copyOut(client, `COPY "${name}" (${list}) TO STDOUT`) as AsyncIterable<Buffer>;
    yield line('\\.');
  }
  for (const statement of await selectSequenceStatements(client)) yield line(statement);
  for (const { name } of tables) yield line(`ALTER TABLE "${name}" ENABLE TRIGGER USER;`);
  yield line('COMMIT;');
  yield line(END_MARK);
}

/** The last line of a plain backup: one without it was cut off. */
export const END_MARK = '-- End of the backup.';

/** What is referred to goes first. */
function inOrder(tables: readonly CatalogTable[]): readonly CatalogTable[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const sorted = new Set<CatalogTable>();
  const add = (table: CatalogTable, above: readonly string[]) => {
    if (above.includes(table.name))
      throw new Error(`The tables ${above.join(', ')} refer to each other in a circle.`);
    for (const name of table.refersTo) add(byName.get(name)!, [...above, table.name]);
    sorted.add(table);
  };
  for (const table of tables) add(table, []);
  return [...sorted];
}

/**
 * Writes prisma/migrations/<name>/migration.sql: the difference between the newest older migration's schema and
 * prisma/schema.prisma, then the folder's extra.sql (what Prisma's schema cannot say).
 *
 * node scripts/make-migration.ts 0001_init
 *
 * Nothing is read from a database, but the engine insists on one: DATABASE_URL's, else a passing cluster.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { startEmbeddedPostgres } from '#server/db/embedded.ts';
import { migrationNames } from '#server/db/migrate.ts';
import { openSchemaEngine } from '#server/db/schema-engine.ts';

const PRISMA = resolve(import.meta.dirname, '../prisma');
const MIGRATIONS = join(PRISMA, 'migrations');

await makeMigration(process.argv[2]);

async function makeMigration(name: string | undefined): Promise<void> {
  if (!name || !/^\d{4}_[a-z0-9_]+$/.test(name)) {
    process.stderr.write('Name the migration, such as 0002_add_variables.\n');
    process.exitCode = 1;
    return;
  }
  const folder = join(MIGRATIONS, name);
  await mkdir(folder, { recursive: true });
  const previous = (await migrationNames()).filter((other) => other < name).at(-1);
  const target = await schemaFile(join(PRISMA, 'schema.prisma'));
  const sql = await diff(
    previous
      ? { tag: 'schemaDatamodel', files: [await schemaFile(join(MIGRATIONS, previous, 'schema.prisma'))] }
      : { tag: 'empty' },
    { tag: 'schemaDatamodel', files: [target] },
  );
  const extraPath = join(folder, 'extra.sql');
  const extra = existsSync(extraPath) ? `\n${await readFile(extraPath, 'utf8')}` : '';
  await writeFile(join(folder, 'migration.sql'), sql + extra);
  await writeFile(join(MIGRATIONS, 'migration_lock.toml'), 'provider = "postgresql"\n');
  await copyFile(join(PRISMA, 'schema.prisma'), join(folder, 'schema.prisma'));
  process.stdout.write(
    `${join('prisma/migrations', name, 'migration.sql')}: ${sql.split('\n').length} lines\n`,
  );
}

type Engine = Awaited<ReturnType<typeof openSchemaEngine>>;
type DiffTarget = Parameters<Engine['diff']>[0]['from'];

async function diff(from: DiffTarget, to: DiffTarget): Promise<string> {
  return await withDatabase(async (url) => {
    const engine = await openSchemaEngine(url);
    const filters = { externalTables: [], externalEnums: [] };
    const result = await engine.diff({ from, to, script: true, exitCode: true, filters });
    engine.free();
    return result.stdout ?? '';
  });
}

async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = process.env['DATABASE_URL'];
  if (given) return await work(given);
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-migration-'));
  const server = await startEmbeddedPostgres({ dataDir });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function schemaFile(path: string): Promise<{ path: string; content: string }> {
  return { path, content: await readFile(path, 'utf8') };
}

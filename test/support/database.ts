import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import pg from 'pg';

import { applyMigrations, migrationNames } from '#server/db/migrate.ts';

const MIGRATIONS = resolve(import.meta.dirname, '../../prisma/migrations');
/** Any number: it only has to be the same in every test process. */
const TEMPLATE_LOCK = 7_219_301;

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh, migrated database on the tests' server, cloned from a template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withAdmin(async (admin) => {
    const template = await prepareTemplate(admin);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  return { url: urlOf(name), drop: () => withAdmin((admin) => dropDatabase(admin, name)) };
}

/** Makes the template for the present migrations once; the session lock keeps test processes from doing it twice. */
async function prepareTemplate(admin: pg.Client): Promise<string> {
  const template = `template_${await migrationsHash()}`;
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
  if (!rowCount) {
    const unfinished = `${template}_new`;
    await admin.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${unfinished} TEMPLATE template0`);
    await applyMigrations(urlOf(unfinished));
    await closeSessions(admin, unfinished);
    await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  }
  return template;
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of await migrationNames())
    hash.update(await readFile(join(MIGRATIONS, name, 'migration.sql')));
  return hash.digest('hex').slice(0, 12);
}

async function closeSessions(admin: pg.Client, name: string): Promise<void> {
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
}

async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function withAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl() });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function adminUrl(): string {
  const url = process.env['PATCHBAY_TEST_POSTGRES'];
  if (!url)
    throw new Error('PATCHBAY_TEST_POSTGRES is not set; vitest sets it in test/support/global-setup.ts');
  return url;
}

function urlOf(database: string): string {
  const url = new URL(adminUrl());
  url.pathname = `/${database}`;
  return url.href;
}

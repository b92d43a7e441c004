import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from 'commander';
import type pg from 'pg';

import type { Env } from '#server/env.ts';
import type { KeyRing } from '#server/vault/key-ring.ts';
import type { Rotation } from '#server/vault/rotate-keys.ts';
import { CliError } from './cli-error.ts';
import { isJson } from './is-json.ts';
import { onServerSide } from './on-server-side.ts';
import { printJson, printLines, printTable } from './output.ts';

/** So often progress is told, in milliseconds. */
const TELL_EVERY_MS = 1_000;

/** `patchbay keys …`: the master key that wraps the keys of all secrets. They work on the database itself. */
export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description('the master key: what is sealed with it, and its change');
  keys.command('status').description('which records are under which master key').action(showKeys);
  keys
    .command('new')
    .description('make a new key: into the data directory of the embedded database, else printed')
    .action(makeKey);
  keys
    .command('rotate')
    .description('bring every record under the current key, while Patchbay runs')
    .action(rotate);
}

async function showKeys(_: object, command: Command): Promise<void> {
  const report = await withKeys(async ({ pool, ring }) => {
    const { describeKeys } = await import('#server/vault/describe-keys.ts');
    return describeKeys(pool, ring);
  });
  if (isJson(command)) return printJson(report);
  printLines([`Current key: ${report.current}. Previous key: ${report.previous ?? 'none'}.`]);
  const rows = report.tables.map(({ table, current, previous, strange }) =>
    [table, current, previous, strange].map(String),
  );
  printTable(['TABLE', 'CURRENT KEY', 'PREVIOUS KEY', 'OTHER KEYS'], rows, 'Nothing is sealed yet.');
}

async function makeKey(_: object, command: Command): Promise<void> {
  const made = await onServerSide(async (env) => {
    const { keepsKeyFiles, replaceKeyFile } = await import('#server/vault/key-files.ts');
    const { keyName } = await import('#server/vault/describe-keys.ts');
    if (keepsKeyFiles(env)) {
      const { current } = await replaceKeyFile(env.PATCHBAY_DATA_DIR);
      return { key: null, name: keyName(current.version) };
    }
    const { randomBytes } = await import('node:crypto');
    return { key: randomBytes(32).toString('base64'), name: null };
  });
  if (isJson(command)) return printJson(made);
  if (made.key === null)
    return printLines([
      `The data directory has a new key, ${made.name}; the one before is kept as secret-key-previous.`,
      'Now restart Patchbay, which goes on with the old key until then, and run: npx patchbay keys rotate',
    ]);
  return printLines([
    made.key,
    'Nothing was changed. Set it as PATCHBAY_SECRET_KEY, and the key in use now as PATCHBAY_SECRET_KEY_PREVIOUS. With more than one',
    'process, there is an order to keep to: docs/guides/keys.md.',
  ]);
}

async function rotate(_: object, command: Command): Promise<void> {
  const isQuiet = isJson(command);
  const { rotation, retired, hasFiles } = await withKeys(async ({ pool, ring, env }) => {
    const { rotateKeys } = await import('#server/vault/rotate-keys.ts');
    const { keepsKeyFiles, retireKeyFile } = await import('#server/vault/key-files.ts');
    const done = await rotateKeys(pool, ring, { onProgress: isQuiet ? () => undefined : progress() });
    const isOver = done.left + done.strange === 0 && keepsKeyFiles(env);
    return {
      rotation: done,
      retired: isOver ? await retireKeyFile(env.PATCHBAY_DATA_DIR, new Date()) : null,
      hasFiles: keepsKeyFiles(env),
    };
  });
  if (isQuiet) printJson({ ...rotation, retired });
  else printLines(wordsOf(rotation, { retired, hasFiles }));
  if (rotation.left + rotation.strange > 0) throw new CliError('Not everything is under the current key.');
}

function progress(): (now: { readonly rewrapped: number; readonly left: number }) => void {
  let toldAt = performance.now();
  return ({ rewrapped, left }) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    process.stderr.write(`${rewrapped} done, ${left} left\n`);
  };
}

function wordsOf(
  { rewrapped, left, strange, damaged }: Rotation,
  { retired, hasFiles }: { readonly retired: string | null; readonly hasFiles: boolean },
): string[] {
  const held = left - damaged.length;
  const words = [
    `Brought ${rewrapped} records under the current key; ${left} are left under the previous one.`,
  ];
  if (held > 0) words.push(`${held} of them are held by somebody: run the command again.`);
  if (damaged.length > 0)
    words.push(
      `${damaged.length} of them were changed since they were sealed and open with no key. Delete them and make them anew:`,
      ...damaged.map(({ table, id }) => `  ${table} ${id}`),
    );
  if (strange > 0)
    words.push(
      `${strange} records are under a key that is not at hand: give it as PATCHBAY_SECRET_KEY_PREVIOUS and run the command again.`,
    );
  if (left + strange > 0) return words;
  if (!hasFiles)
    return [
      ...words,
      'PATCHBAY_SECRET_KEY_PREVIOUS can be removed, with the next restart of all processes.',
      BACKUPS,
    ];
  return retired === null ? words : [...words, `The key before is now ${retired}.`, BACKUPS];
}

const BACKUPS =
  'Keep the key before for as long as you keep backups that were made with it: they open with no other.';

interface OpenKeys {
  readonly env: Env;
  readonly pool: pg.Pool;
  readonly ring: KeyRing;
}

async function withKeys<T>(work: (open: OpenKeys) => Promise<T>): Promise<T> {
  return onServerSide(async (env) => {
    const { withDatabase } = await import('#server/backup/with-database.ts');
    const { createPool } = await import('#server/db/pool.ts');
    const { prepareKeys } = await import('#server/vault/key-files.ts');
    const { readKeyRing } = await import('#server/vault/key-ring.ts');
    if (!env.DATABASE_URL && !existsSync(join(env.PATCHBAY_DATA_DIR, 'postgres', 'PG_VERSION')))
      throw new CliError(
        `${env.PATCHBAY_DATA_DIR} holds no database: set PATCHBAY_DATA_DIR or DATABASE_URL.`,
      );
    const ring = readKeyRing(await prepareKeys(env));
    return withDatabase(env, async ({ url }) => {
      const pool = createPool(url, { max: 1 });
      try {
        return await work({ env, pool, ring });
      } catch (error) {
        throw isTableMissing(error) ? new CliError(NOT_MIGRATED) : error;
      } finally {
        await pool.end();
      }
    });
  });
}

const NOT_MIGRATED = 'The database belongs to no Patchbay, or an older one: start Patchbay on it first.';

function isTableMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42P01';
}

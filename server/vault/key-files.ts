import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { EnvironmentError, type Env } from '#server/env.ts';
import { readKeyRing, type KeyRing } from '#server/vault/key-ring.ts';

/** Master keys as the environment has them. */
export interface KeyTexts {
  readonly PATCHBAY_SECRET_KEY: string;
  readonly PATCHBAY_SECRET_KEY_PREVIOUS: string | undefined;
}

type KeySource = Pick<
  Env,
  'DATABASE_URL' | 'PATCHBAY_DATA_DIR' | 'PATCHBAY_SECRET_KEY' | 'PATCHBAY_SECRET_KEY_PREVIOUS'
>;

/**
 * The master keys: those of the environment, or the files `secret-key` and `secret-key-previous` in the data directory of the
 * embedded database, of which the first is made at the first start. Throws `EnvironmentError` when a key is missing, because
 * a new one could not open what the old one sealed, or is no key.
 */
export async function prepareKeys(env: KeySource): Promise<KeyTexts> {
  const texts = keepsKeyFiles(env) ? await keysOfFiles(env) : keysOfEnvironment(env);
  readKeyRing(texts);
  return texts;
}

/** True where the keys are files beside the embedded database. */
export function keepsKeyFiles(env: KeySource): boolean {
  return !env.PATCHBAY_SECRET_KEY && !env.DATABASE_URL;
}

/**
 * Puts a new key into the data directory and keeps the one before as the previous key; processes that run go on with what they have. Throws
 * `EnvironmentError` while a previous key is still kept.
 */
export async function replaceKeyFile(dataDir: string): Promise<KeyRing> {
  const { current: file, previous } = filesIn(dataDir);
  if (!existsSync(file))
    throw new EnvironmentError(
      `${resolve(dataDir)} holds no file secret-key: start Patchbay once, or set PATCHBAY_DATA_DIR.`,
    );
  const old = await readText(file);
  // A replacement that was cut off in the middle is finished.
  if (existsSync(previous) && (await readText(previous)) !== old)
    throw new EnvironmentError(
      `${previous} is there already, so the last change of the key is not over: restart Patchbay, then run patchbay keys rotate.`,
    );
  await writeKey(previous, old);
  await writeKey(file, newKey());
  return readKeyRing({ PATCHBAY_SECRET_KEY: await readText(file), PATCHBAY_SECRET_KEY_PREVIOUS: old });
}

/** Sets the previous key aside, once nothing is sealed with it any more; null when there is none. Backups may need it: it is not deleted. */
export async function retireKeyFile(dataDir: string, now: Date): Promise<string | null> {
  const { previous } = filesIn(dataDir);
  if (!existsSync(previous)) return null;
  const retired = join(resolve(dataDir), `secret-key-until-${now.toISOString().replace(/[:.]/g, '-')}`);
  await rename(previous, retired);
  return retired;
}

function keysOfEnvironment(env: KeySource): KeyTexts {
  return {
    PATCHBAY_SECRET_KEY: env.PATCHBAY_SECRET_KEY ?? '',
    PATCHBAY_SECRET_KEY_PREVIOUS: env.PATCHBAY_SECRET_KEY_PREVIOUS,
  };
}

async function keysOfFiles(env: KeySource): Promise<KeyTexts> {
  const { current, previous } = filesIn(env.PATCHBAY_DATA_DIR);
  if (!existsSync(current)) await writeFirstKey(env.PATCHBAY_DATA_DIR, current);
  return {
    PATCHBAY_SECRET_KEY: await readText(current),
    PATCHBAY_SECRET_KEY_PREVIOUS: existsSync(previous)
      ? await readText(previous)
      : env.PATCHBAY_SECRET_KEY_PREVIOUS,
  };
}

async function writeFirstKey(dataDir: string, file: string): Promise<void> {
  if (existsSync(join(dataDir, 'postgres', 'PG_VERSION'))) {
    throw new EnvironmentError(
      `${resolve(dataDir)} holds a database but not its file secret-key: put the file back, or set PATCHBAY_SECRET_KEY.`,
    );
  }
  await mkdir(dataDir, { recursive: true });
  // Of two that start at once, the second finds the key of the first.
  await writeKey(file, newKey(), { isFirst: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

function filesIn(dataDir: string): { readonly current: string; readonly previous: string } {
  return { current: resolve(dataDir, 'secret-key'), previous: resolve(dataDir, 'secret-key-previous') };
}

async function readText(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}

function newKey(): string {
  return randomBytes(32).toString('base64');
}

/** Whole or not at all, and on the disk: a key that is lost cannot be made again. Throws `EEXIST` for a first key where there is one. */
async function writeKey(file: string, key: string, { isFirst = false } = {}): Promise<void> {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await handle.writeFile(`${key}\n`);
    await handle.sync();
    // Unlike a rename, a link replaces nothing.
    await (isFirst ? link(unfinished, file) : rename(unfinished, file));
  } finally {
    await handle.close();
    await rm(unfinished, { force: true });
  }
  const folder = await open(dirname(file));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

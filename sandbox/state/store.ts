import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { newState } from '#sandbox/state/new-state.ts';
import { prune } from '#sandbox/state/prune.ts';
import type { State } from '#sandbox/state/state.ts';

/** Where a running Acme tells which state file it uses. */
export const IN_USE_PATH = '/state-in-use';
const ASK_MS = 1_000;

export interface Store {
  readonly state: State;
  /**
   * Resolves once everything that was changed before this call is in the file. Calls that come while a write is under
   * way share the next one.
   */
  save(): Promise<void>;
}

/** The state file cannot be used; the message is one plain sentence. */
export class StateFileError extends Error {
  override name = 'StateFileError';
}

/**
 * Opens the state in a JSON file, made on the first start; without a file it lives in memory. A file is replaced as a whole
 * (written beside it, then renamed), so a process that is killed leaves the old one or the new one. It holds tokens: only
 * its owner may read it. Throws a
 * `StateFileError` when the file cannot be used, or when another Acme uses it.
 */
export async function openStore(file?: string): Promise<Store> {
  const found = file ? await readState(file) : null;
  if (file && found?.url) await refuseWhenInUse(file, found.url);
  const state = found ?? (await newState());
  let isBeingWritten: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;

  async function write(): Promise<void> {
    next = null;
    prune(state, Date.now());
    if (file) await replace(file, JSON.stringify(state, mapsAsPairs));
  }

  const store: Store = {
    state,
    save: () => {
      if (next) return next;
      next = isBeingWritten.then(write);
      // Whoever asked for it hears of a failure; the write after it must not.
      isBeingWritten = next.catch(() => undefined);
      return next;
    },
  };
  await store.save();
  return store;
}

/** Names a state file without telling where it is: what an Acme answers to another that wants to use the same one. */
export function fingerprintOf(file: string): string {
  return createHash('sha256').update(resolve(file)).digest('hex');
}

/** Two that write the same file would undo each other's changes. The one that wrote it last is asked whether it still runs. */
async function refuseWhenInUse(file: string, url: string): Promise<void> {
  const reply = await fetch(`${url}${IN_USE_PATH}`, { signal: AbortSignal.timeout(ASK_MS) }).catch(
    () => null,
  );
  if ((await reply?.text().catch(() => '')) === fingerprintOf(file))
    throw new StateFileError(`${resolve(file)} is in use by the Acme at ${url}.`);
}

async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new StateFileError(`Acme cannot write ${resolve(file)} (${codeOf(cause)}).`, { cause });
  }
}

async function readState(file: string): Promise<State | null> {
  try {
    const found = JSON.parse(await readFile(file, 'utf8'), pairsAsMaps) as Partial<State> | null;
    if (found?.format === 1) return found as State;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    if (!(cause instanceof SyntaxError))
      throw new StateFileError(`Acme cannot read ${resolve(file)} (${codeOf(cause)}).`, { cause });
  }
  throw new StateFileError(
    `${resolve(file)} is not a state of Acme: move it away, and Acme begins with its sample data.`,
  );
}

function mapsAsPairs(_key: string, value: unknown): unknown {
  return value instanceof Map ? { map: [...(value as Map<string, unknown>)] } : value;
}

function pairsAsMaps(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'map') return value;
  const { map } = value as { map: unknown };
  return Array.isArray(map) ? new Map(map as [string, unknown][]) : value;
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

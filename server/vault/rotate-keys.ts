import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';

import { inClientTransaction } from '#server/db/client-transaction.ts';
import { VaultError } from '#server/vault/aead.ts';
import type { KeyRing } from '#server/vault/key-ring.ts';
import { rewrap } from '#server/vault/sealed-record.ts';
import { countSealed, SEALED_TABLES, type SealedTable } from '#server/vault/sealed-tables.ts';

/** Records that are held at once, for a few milliseconds. */
const BATCH = 200;
const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export interface RotateOptions {
  /** Told after each batch. */
  readonly onProgress?: (progress: RotationProgress) => void;
  /** How long nothing may move while others hold what is left. Default 30 s. */
  readonly patienceMs?: number;
}

export interface RotationProgress {
  /** Brought under the current key by this call. */
  readonly rewrapped: number;
  /** Still under the previous one. */
  readonly left: number;
}

export interface Rotation extends RotationProgress {
  /** Of those that are left, the ones whose bytes were changed since they were sealed: nothing opens them. */
  readonly damaged: readonly SealedRow[];
  /** Records under a key that is neither the current nor the previous one. */
  readonly strange: number;
}

/** A row of a sealed table. */
export interface SealedRow {
  readonly table: SealedTable;
  readonly id: string;
}

/** Raised when a rotation must not begin; its message is one plain sentence. */
export class RotationError extends Error {
  override name = 'RotationError';
}

/**
 * Brings every record under the current master key, a batch at a time, while Patchbay runs: only data keys are wrapped anew, and
 * a record that somebody else is changing is left alone and looked at again. What was done stays done, so it may be cut off
 * and called again. In the end the keys before are forgotten, unless records are left under them.
 *
 * Throws `RotationError` when no process has been started with the current key: those that run could not open what it wraps.
 */
export async function rotateKeys(
  pool: pg.Pool,
  ring: KeyRing,
  { onProgress, patienceMs = PATIENCE_MS }: RotateOptions = {},
): Promise<Rotation> {
  await requireNotedKey(pool, ring);
  const goal = (await countOthers(pool, ring)).left;
  let rewrapped = 0;
  let movedAt = performance.now();
  for (;;) {
    const damaged: SealedRow[] = [];
    for (const table of SEALED_TABLES) {
      let after: string | undefined = FIRST_ID;
      while (after !== undefined) {
        const batch = await rewrapBatch(pool, ring, { table, after });
        after = batch.last;
        damaged.push(...batch.damaged.map((id) => ({ table, id })));
        if (batch.rewrapped === 0) continue;
        rewrapped += batch.rewrapped;
        movedAt = performance.now();
        onProgress?.({ rewrapped, left: Math.max(0, goal - rewrapped) });
      }
    }
    const { left, strange } = await countOthers(pool, ring);
    if (left <= damaged.length || performance.now() - movedAt > patienceMs) {
      if (left + strange === 0) await forgetOtherKeys(pool, ring);
      return { rewrapped, left, strange, damaged };
    }
    await sleep(PAUSE_MS);
  }
}

async function requireNotedKey(pool: pg.Pool, { current }: KeyRing): Promise<void> {
  const { rowCount } = await pool.query('SELECT 1 FROM master_key WHERE version = $1', [current.version]);
  if (rowCount === 1) return;
  throw new RotationError(
    'Patchbay has not been started with the current key yet, so it could not open what this would wrap: restart it first, every web process and worker (docs/guides/keys.md).',
  );
}

async function countOthers(
  pool: pg.Pool,
  { current, previous }: KeyRing,
): Promise<{ readonly left: number; readonly strange: number }> {
  const count = { left: 0, strange: 0 };
  for (const { keyVersion, records } of await countSealed(pool)) {
    if (keyVersion === previous?.version) count.left += records;
    else if (keyVersion !== current.version) count.strange += records;
  }
  return count;
}

interface Batch {
  readonly rewrapped: number;
  /** Ids of those that do not open. */
  readonly damaged: readonly string[];
  /** Where the next batch begins; undefined when there was none left. */
  readonly last: string | undefined;
}

interface WrappedRow {
  readonly id: string;
  readonly workspaceId: string;
  readonly wrappedKey: Uint8Array;
  readonly keyVersion: number;
}

async function rewrapBatch(
  pool: pg.Pool,
  ring: KeyRing,
  { table, after }: { readonly table: SealedTable; readonly after: string },
): Promise<Batch> {
  return inClientTransaction(async (client) => {
    // Who changes a record locks it first: we wait for nobody, and nobody's change is undone.
    const { rows } = await client.query<WrappedRow>(
      `SELECT id, workspace_id AS "workspaceId", wrapped_key AS "wrappedKey", key_version AS "keyVersion"
       FROM ${table} WHERE key_version = $1 AND id > $2 ORDER BY id LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED`,
      [ring.previous?.version ?? null, after],
    );
    const { wrapped, damaged } = rewrapRows(rows, ring);
    await client.query(
      `UPDATE ${table} t SET wrapped_key = n.wrapped_key, key_version = $3
       FROM unnest($1::uuid[], $2::bytea[]) AS n(id, wrapped_key) WHERE t.id = n.id`,
      [[...wrapped.keys()], [...wrapped.values()], ring.current.version],
    );
    return { rewrapped: wrapped.size, damaged, last: rows.at(-1)?.id };
  }, pool);
}

function rewrapRows(rows: readonly WrappedRow[], ring: KeyRing) {
  const wrapped = new Map<string, Uint8Array>();
  const damaged: string[] = [];
  for (const { id, workspaceId, wrappedKey, keyVersion } of rows) {
    try {
      const fresh = rewrap({ workspaceId, recordId: id }, { wrappedKey, keyVersion }, ring);
      if (fresh) wrapped.set(id, fresh.wrappedKey);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      damaged.push(id);
    }
  }
  return { wrapped, damaged };
}

/** Who comes with another key from now on is refused, also where no record would tell. */
async function forgetOtherKeys(pool: pg.Pool, { current }: KeyRing): Promise<void> {
  await pool.query('DELETE FROM master_key WHERE version <> $1', [current.version]);
}

import type pg from 'pg';

import { inClientTransaction } from '#server/db/client-transaction.ts';
import { seal, unseal, VaultError } from '#server/vault/aead.ts';
import type { KeyRing, MasterKey } from '#server/vault/key-ring.ts';
import { countSealed } from '#server/vault/sealed-tables.ts';

const PROOF = Buffer.from('patchbay');
/** Any number: it only has to be the same in every process. */
const FIRST_KEY_LOCK = 5_190_044;

/**
 * Why a process with these keys must not work on this database, in one sentence; null when it may. Every record has to be under a
 * key at hand, and the database has to know one of them: it notes a proof of the first key that it meets, and of each that
 * follows while its predecessor is at hand. Throws what the database throws.
 */
export async function admitKeys(pool: pg.Pool, ring: KeyRing): Promise<string | null> {
  const keys = [ring.current, ring.previous].filter((key) => key !== null);
  const versions = new Set(keys.map(({ version }) => version));
  const shut = (await countSealed(pool)).filter(({ keyVersion }) => !versions.has(keyVersion));
  const records = shut.reduce((sum, count) => sum + count.records, 0);
  if (records > 0) return shutFault(records);
  return (await noteKey(pool, keys)) ? null : OTHER_KEY;
}

const REMEDY =
  'Set the key that was in use before, or give it as PATCHBAY_SECRET_KEY_PREVIOUS (docs/guides/keys.md)';
const OTHER_KEY = `This database belongs to another PATCHBAY_SECRET_KEY than the one at hand. ${REMEDY}.`;

function shutFault(records: number): string {
  const what = records === 1 ? 'A record' : `${records} records`;
  return `${what} in this database cannot be opened with the PATCHBAY_SECRET_KEY at hand. ${REMEDY}.`;
}

/** Notes the current key, the first of `keys`, where none is noted or one of them is. False where only strangers are. */
async function noteKey(pool: pg.Pool, keys: readonly MasterKey[]): Promise<boolean> {
  return inClientTransaction(async (client) => {
    // Of processes that start at once with different keys, one is first.
    await client.query('SELECT pg_advisory_xact_lock($1)', [FIRST_KEY_LOCK]);
    const { rows } = await client.query<StoredProof>('SELECT version, proof FROM master_key');
    if (rows.length > 0 && !keys.some((key) => rows.some((row) => isProofOf(key, row)))) return false;
    const [{ version, bytes }] = keys as [MasterKey];
    await client.query('INSERT INTO master_key (version, proof) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      version,
      seal(bytes, PROOF, contextOf(version)),
    ]);
    return true;
  }, pool);
}

interface StoredProof {
  readonly version: number;
  readonly proof: Uint8Array;
}

function isProofOf(key: MasterKey, { version, proof }: StoredProof): boolean {
  if (version !== key.version) return false;
  try {
    return unseal(key.bytes, proof, contextOf(version)).equals(PROOF);
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}

function contextOf(version: number): string[] {
  return ['master key', String(version)];
}

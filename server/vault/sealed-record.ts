import { randomBytes } from 'node:crypto';

import { seal, unseal, VaultError } from '#server/vault/aead.ts';
import { keyRing, type KeyRing, type MasterKey } from '#server/vault/key-ring.ts';

/** The row that secrets belong to. Sealed bytes open in no other. */
export interface RecordPlace {
  readonly workspaceId: string;
  readonly recordId: string;
}

/** A record's secrets as they are stored. */
export interface SealedRecord {
  /** The record's data key, wrapped by the master key that `keyVersion` names. */
  readonly wrappedKey: Uint8Array;
  readonly keyVersion: number;
  /** By field name: nonce, ciphertext and tag under the data key, bound to place and name. */
  readonly fields: ReadonlyMap<string, Uint8Array>;
}

/** Raised for a record under a master key that is not at hand, as while keys change and this process was not told: it may open later. */
export class MissingKeyError extends VaultError {
  override name = 'MissingKeyError';
}

/** Seals fields under a fresh data key. */
export function sealFields(
  place: RecordPlace,
  fields: Readonly<Record<string, string>>,
  ring: KeyRing = keyRing(),
): SealedRecord {
  const dataKey = randomBytes(32);
  const sealed = Object.entries(fields).map(
    ([name, value]) => [name, seal(dataKey, Buffer.from(value, 'utf8'), fieldContext(place, name))] as const,
  );
  return { ...wrap(place, dataKey, ring.current), fields: new Map(sealed) };
}

/** Opens every field. Throws `VaultError` when a byte, a name or the place differs, `MissingKeyError` without the master key. */
export function openFields(
  place: RecordPlace,
  record: SealedRecord,
  ring: KeyRing = keyRing(),
): Record<string, string> {
  const dataKey = unwrap(place, record, ring);
  const opened = Object.create(null) as Record<string, string>;
  for (const [name, sealed] of record.fields) {
    opened[name] = unseal(dataKey, sealed, fieldContext(place, name)).toString('utf8');
  }
  return opened;
}

/** The same record under the current master key; null when it already is. The fields' bytes stay as they are. */
export function rewrap(
  place: RecordPlace,
  record: Pick<SealedRecord, 'wrappedKey' | 'keyVersion'>,
  ring: KeyRing = keyRing(),
): Pick<SealedRecord, 'wrappedKey' | 'keyVersion'> | null {
  if (record.keyVersion === ring.current.version) return null;
  return wrap(place, unwrap(place, record, ring), ring.current);
}

function wrap(
  place: RecordPlace,
  dataKey: Buffer,
  master: MasterKey,
): Pick<SealedRecord, 'wrappedKey' | 'keyVersion'> {
  return {
    wrappedKey: seal(master.bytes, dataKey, keyContext(place, master.version)),
    keyVersion: master.version,
  };
}

function unwrap(
  place: RecordPlace,
  record: Pick<SealedRecord, 'wrappedKey' | 'keyVersion'>,
  ring: KeyRing,
): Buffer {
  const master = [ring.current, ring.previous].find((key) => key?.version === record.keyVersion);
  if (!master) {
    throw new MissingKeyError(
      'This secret was sealed with another PATCHBAY_SECRET_KEY. Set that key, or give it as PATCHBAY_SECRET_KEY_PREVIOUS.',
    );
  }
  return unseal(master.bytes, record.wrappedKey, keyContext(place, record.keyVersion));
}

function keyContext(place: RecordPlace, version: number): string[] {
  return ['data key', place.workspaceId, place.recordId, String(version)];
}

/** The key version is bound through the data key, so that a new master key needs no new field bytes. */
function fieldContext(place: RecordPlace, name: string): string[] {
  return ['field', place.workspaceId, place.recordId, name];
}

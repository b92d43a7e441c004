import { createHmac, hkdfSync } from 'node:crypto';

import { env, EnvironmentError } from '#server/env.ts';

/** A 32-byte key that wraps data keys, and the number by which records name it. */
export interface MasterKey {
  readonly bytes: Buffer;
  /** Derived from the key itself, so that a record says which key it needs without anybody counting. */
  readonly version: number;
}

/** `current` seals; `current` and `previous` open. */
export interface KeyRing {
  readonly current: MasterKey;
  readonly previous: MasterKey | null;
}

let cached: KeyRing | undefined;

/** The process's keys. Throws `EnvironmentError` with one plain sentence when a key is missing or not 32 bytes. */
export function keyRing(): KeyRing {
  cached ??= readKeyRing(env());
  return cached;
}

/** Reads the keys from an environment; `keyRing` without the memory. */
export function readKeyRing(source: {
  readonly PATCHBAY_SECRET_KEY?: string | undefined;
  readonly PATCHBAY_SECRET_KEY_PREVIOUS?: string | undefined;
}): KeyRing {
  const { PATCHBAY_SECRET_KEY: current, PATCHBAY_SECRET_KEY_PREVIOUS: previous } = source;
  if (!current) {
    throw new EnvironmentError(
      'PATCHBAY_SECRET_KEY is not set. Give it 32 random bytes in base64, for example from: openssl rand -base64 32',
    );
  }
  return {
    current: parseMasterKey('PATCHBAY_SECRET_KEY', current),
    previous: previous ? parseMasterKey('PATCHBAY_SECRET_KEY_PREVIOUS', previous) : null,
  };
}

/** A secret for one purpose, derived from the current master key: stable across restarts, different for each purpose. */
export function deriveSecret(purpose: string, ring: KeyRing = keyRing()): Buffer {
  return derive(ring.current, purpose);
}

/** The same, and after it the one of the previous key: what was made before the master key changed is still good. */
export function derivedSecrets(purpose: string, ring: KeyRing = keyRing()): readonly Buffer[] {
  return [ring.current, ring.previous].flatMap((key) => (key ? [derive(key, purpose)] : []));
}

function derive({ bytes }: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, 'patchbay', purpose, 32));
}

function parseMasterKey(name: string, text: string): MasterKey {
  const bytes = Buffer.from(text.trim(), 'base64');
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(text.trim());
  if (!isBase64 || bytes.length !== 32) {
    throw new EnvironmentError(
      `${name} must be exactly 32 bytes in base64 (44 characters), for example from: openssl rand -base64 32`,
    );
  }
  // A placeholder of one repeated byte is no key.
  if (new Set(bytes).size === 1)
    throw new EnvironmentError(
      `${name} is a placeholder. Make a random one, for example with: openssl rand -base64 32`,
    );
  return { bytes, version: keyVersion(bytes) };
}

/** 31 bits, to fit a Postgres integer. */
function keyVersion(bytes: Buffer): number {
  return createHmac('sha256', bytes).update('patchbay key version').digest().readUInt32BE(0) >>> 1;
}

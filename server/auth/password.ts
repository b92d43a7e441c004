import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import { inHashingSlot } from '#server/auth/hashing-slots.ts';

/** 32 MiB and about a quarter of a second on one core. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** `scrypt$N$r$p$salt$hash`, so that a later change of cost still reads today's hashes. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return encodeHash(salt, await derive(password, salt, COST));
}

/** Compares in constant time. Without a hash it does the same work and answers false, so that time tells nothing. */
export async function verifyPassword(password: string, encoded: string | null): Promise<boolean> {
  const parts = parseHash(encoded ?? NOBODYS_HASH);
  const actual = await derive(password, parts.salt, parts);
  return timingSafeEqual(actual, parts.hash) && encoded !== null;
}

/** A hash that no password has. */
const NOBODYS_HASH = encodeHash(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

function encodeHash(salt: Buffer, hash: Buffer): string {
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

interface ParsedHash {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

function parseHash(encoded: string): ParsedHash {
  const [scheme, N, r, p, salt, hash] = encoded.split('$');
  const parsed = {
    N: Number(N),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt ?? '', 'base64'),
    hash: Buffer.from(hash ?? '', 'base64'),
  };
  if (scheme !== 'scrypt' || parsed.hash.length !== HASH_BYTES)
    throw new Error('A stored password hash is damaged.');
  return parsed;
}

/** Unicode has several spellings of one text; NFKC makes a keyboard's choice of them irrelevant. */
function derive(
  password: string,
  salt: Buffer,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  return inHashingSlot(
    () =>
      new Promise((resolve, reject) => {
        scrypt(
          password.normalize('NFKC'),
          salt,
          HASH_BYTES,
          { N, r, p, maxmem: 256 * N * r },
          (error, key) => {
            if (error) reject(error);
            else resolve(key);
          },
        );
      }),
  );
}

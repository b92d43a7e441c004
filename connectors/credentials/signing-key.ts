import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

import { calculateJwkThumbprint, type JWK } from 'jose';

import type { OpenConnection } from '#connectors/contract.ts';

/** Why a private key cannot sign, for people. */
export class SigningKeyError extends Error {
  override name = 'SigningKeyError';
}

/** A key as receivers find it in a key set. */
export type PublicKey = JWK & { readonly kid: string; readonly alg: string; readonly use: 'sig' };

type Fields = OpenConnection['fields'];

/** The private key that a field of a connection `jwt` holds. Throws `SigningKeyError` when it does not fit the algorithm. */
export function signingKey(fields: Fields, field: 'privateKey' | 'previousPrivateKey'): KeyObject {
  const { algorithm = 'EdDSA' } = fields;
  const key = read(fields[field] ?? '');
  if (!fits(key, algorithm))
    throw new SigningKeyError(
      `is not a key for ${algorithm}, which takes ${WANTED[algorithm] ?? 'another kind'}`,
    );
  return key;
}

/** What receivers know the key by. */
export async function keyIdOf(fields: Fields, key: KeyObject, field: 'kid' | 'previousKid'): Promise<string> {
  return fields[field] || calculateJwkThumbprint(publicJwk(key));
}

/** The public keys of a connection `jwt`, the present one first. Throws `SigningKeyError`. */
export async function publicKeysOf(fields: Fields): Promise<readonly PublicKey[]> {
  const { algorithm: alg = 'EdDSA' } = fields;
  const present = signingKey(fields, 'privateKey');
  const keys = [
    { ...publicJwk(present), kid: await keyIdOf(fields, present, 'kid'), alg, use: 'sig' as const },
  ];
  if (!fields['previousPrivateKey']) return keys;
  // The previous one may have been for another algorithm.
  const previous = read(fields['previousPrivateKey']);
  const kid = await keyIdOf(fields, previous, 'previousKid');
  return [...keys, { ...publicJwk(previous), kid, alg: algorithmOf(previous), use: 'sig' }];
}

const WANTED: Readonly<Record<string, string>> = {
  EdDSA: 'an Ed25519 key',
  ES256: 'a P-256 key',
  RS256: 'an RSA key of 2048 bits or more',
};

function fits(key: KeyObject, algorithm: string): boolean {
  return algorithmOf(key) === algorithm;
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): string {
  const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  return asymmetricKeyType === 'rsa' && modulusLength >= 2048 ? 'RS256' : '';
}

function read(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new SigningKeyError('is not a private key in PEM, or is encrypted', { cause });
  }
}

function publicJwk(key: KeyObject): JWK {
  return createPublicKey(key).export({ format: 'jwk' });
}

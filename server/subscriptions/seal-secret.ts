import { openFields, sealFields, type RecordPlace } from '#server/vault/sealed-record.ts';

/** A secret as a row keeps it: sealed as the field `secret` under a key of its own. */
export interface SealedSecret {
  readonly wrappedKey: Uint8Array<ArrayBuffer>;
  readonly keyVersion: number;
  readonly secret: Uint8Array<ArrayBuffer>;
}

export function sealSecret(place: RecordPlace, secret: string): SealedSecret {
  const { wrappedKey, keyVersion, fields } = sealFields(place, { secret });
  const sealed = fields.get('secret');
  if (!sealed) throw new Error('The vault sealed nothing.');
  return { wrappedKey: new Uint8Array(wrappedKey), keyVersion, secret: new Uint8Array(sealed) };
}

/** Throws `VaultError` when it cannot be opened. */
export function openSecret(
  place: RecordPlace,
  {
    wrappedKey,
    keyVersion,
    secret,
  }: { readonly wrappedKey: Uint8Array; readonly keyVersion: number; readonly secret: Uint8Array },
): string {
  return openFields(place, { wrappedKey, keyVersion, fields: new Map([['secret', secret]]) })['secret'] ?? '';
}

import { randomBytes } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { EnvironmentError } from '#server/env.ts';
import { VaultError } from '#server/vault/aead.ts';
import { deriveSecret, readKeyRing } from '#server/vault/key-ring.ts';
import { openFields, rewrap, sealFields } from '#server/vault/sealed-record.ts';

const key = () => randomBytes(32).toString('base64');
const oldKey = key();
const newKey = key();
const ring = readKeyRing({ PATCHBAY_SECRET_KEY: oldKey });
const rotated = readKeyRing({ PATCHBAY_SECRET_KEY: newKey, PATCHBAY_SECRET_KEY_PREVIOUS: oldKey });
const place = { workspaceId: 'w1', recordId: 'r1' };
const fields = { secret: 'whsec_Grüße', previousSecret: '' };

/** The same bytes with one bit of one byte changed. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('sealed records', () => {
  test('open to what was sealed, empty and non-ASCII values too', () => {
    const opened = openFields(place, sealFields(place, fields, ring), ring);
    expect({ ...opened }).toEqual(fields);
    expect(Object.getPrototypeOf(opened)).toBeNull();
  });

  test('hold no plain text, and differ each time', () => {
    const [first, second] = [sealFields(place, fields, ring), sealFields(place, fields, ring)];
    expect(Buffer.from(first.fields.get('secret')!).includes('whsec')).toBe(false);
    expect(Buffer.from(first.fields.get('secret')!)).not.toEqual(Buffer.from(second.fields.get('secret')!));
    expect(first.wrappedKey).not.toEqual(second.wrappedKey);
  });

  test('refuse every flipped byte of a field and of the wrapped key', () => {
    const sealed = sealFields(place, fields, ring);
    const secret = sealed.fields.get('secret')!;
    for (let at = 0; at < secret.length; at += 1) {
      const changed = { ...sealed, fields: new Map([['secret', flipped(secret, at)]]) };
      expect(() => openFields(place, changed, ring), `byte ${at}`).toThrow(VaultError);
    }
    for (let at = 0; at < sealed.wrappedKey.length; at += 1) {
      expect(() =>
        openFields(place, { ...sealed, wrappedKey: flipped(sealed.wrappedKey, at) }, ring),
      ).toThrow(VaultError);
    }
  });

  test('refuse truncated bytes', () => {
    const sealed = sealFields(place, fields, ring);
    const cut = new Map([['secret', sealed.fields.get('secret')!.slice(0, -1)]]);
    expect(() => openFields(place, { ...sealed, fields: cut }, ring)).toThrow(VaultError);
    expect(() =>
      openFields(place, { ...sealed, fields: new Map([['secret', new Uint8Array()]]) }, ring),
    ).toThrow(VaultError);
  });

  test('refuse fields that were swapped or renamed', () => {
    const sealed = sealFields(place, { a: 'one', b: 'two' }, ring);
    const swapped = new Map([
      ['a', sealed.fields.get('b')!],
      ['b', sealed.fields.get('a')!],
    ]);
    expect(() => openFields(place, { ...sealed, fields: swapped }, ring)).toThrow(VaultError);
  });

  test('refuse to open in another record or workspace', () => {
    const sealed = sealFields(place, fields, ring);
    expect(() => openFields({ ...place, recordId: 'r2' }, sealed, ring)).toThrow(VaultError);
    expect(() => openFields({ ...place, workspaceId: 'w2' }, sealed, ring)).toThrow(VaultError);
  });

  test('refuse a field that was moved in from another record', () => {
    const other = sealFields({ ...place, recordId: 'r2' }, fields, ring);
    const sealed = sealFields(place, fields, ring);
    expect(() => openFields(place, { ...sealed, fields: other.fields }, ring)).toThrow(VaultError);
  });
});

describe('master keys', () => {
  test('a rotated ring opens old records and rewraps them without touching the fields', () => {
    const sealed = sealFields(place, fields, ring);
    expect({ ...openFields(place, sealed, rotated) }).toEqual(fields);
    const wrapped = rewrap(place, sealed, rotated);
    expect(wrapped?.keyVersion).toBe(rotated.current.version);
    const onlyNew = readKeyRing({ PATCHBAY_SECRET_KEY: newKey });
    expect({ ...openFields(place, { ...sealed, ...wrapped! }, onlyNew) }).toEqual(fields);
    expect(rewrap(place, { ...sealed, ...wrapped! }, onlyNew)).toBeNull();
  });

  test('without the right key the message names the remedy', () => {
    const sealed = sealFields(place, fields, ring);
    const stranger = readKeyRing({ PATCHBAY_SECRET_KEY: key() });
    expect(() => openFields(place, sealed, stranger)).toThrow(/PATCHBAY_SECRET_KEY_PREVIOUS/);
  });

  test('a record that claims the current key but was wrapped by another is refused', () => {
    const sealed = sealFields(place, fields, ring);
    const stranger = readKeyRing({ PATCHBAY_SECRET_KEY: key() });
    expect(() => openFields(place, { ...sealed, keyVersion: stranger.current.version }, stranger)).toThrow(
      VaultError,
    );
  });

  test.each([
    ['missing', undefined],
    ['31 bytes', randomBytes(31).toString('base64')],
    ['33 bytes', randomBytes(33).toString('base64')],
    ['not base64', '!'.repeat(44)],
    ['a pass phrase', 'correct horse battery staple'],
    ['zeros', Buffer.alloc(32).toString('base64')],
  ])('a key that is %s is refused in one sentence', (_name, value) => {
    expect(() => readKeyRing({ PATCHBAY_SECRET_KEY: value })).toThrow(EnvironmentError);
    expect(() => readKeyRing({ PATCHBAY_SECRET_KEY: value })).toThrow(/^PATCHBAY_SECRET_KEY [^\n]+$/);
  });

  test('a wrong previous key is named', () => {
    expect(() => readKeyRing({ PATCHBAY_SECRET_KEY: newKey, PATCHBAY_SECRET_KEY_PREVIOUS: 'x' })).toThrow(
      /^PATCHBAY_SECRET_KEY_PREVIOUS/,
    );
  });

  test('derived secrets differ by purpose and by key', () => {
    expect(deriveSecret('a', ring)).toEqual(deriveSecret('a', ring));
    expect(deriveSecret('a', ring)).not.toEqual(deriveSecret('b', ring));
    expect(deriveSecret('a', ring)).not.toEqual(deriveSecret('a', rotated));
  });
});

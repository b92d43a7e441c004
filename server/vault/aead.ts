import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Raised when sealed bytes cannot be opened: changed, moved to another place, or sealed with another key. */
export class VaultError extends Error {
  override name = 'VaultError';
}

/** AES-256-GCM with a random 96-bit nonce: format byte, nonce, ciphertext, tag. `context` is bound, not stored. */
export function seal(key: Buffer, plain: Uint8Array, context: readonly string[]): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(encodeContext(context));
  return Buffer.concat([
    Buffer.from([FORMAT]),
    nonce,
    cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** The reverse of `seal`. Throws `VaultError` unless every byte and the context are as they were. */
export function unseal(key: Buffer, sealed: Uint8Array, context: readonly string[]): Buffer {
  const bytes = Buffer.from(sealed);
  if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] !== FORMAT)
    throw new VaultError('A sealed value is damaged.');
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(encodeContext(context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new VaultError('A sealed value was changed or belongs to another place.');
  }
}

/** Unambiguous: no two contexts encode alike, whatever their parts contain. */
function encodeContext(context: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(context), 'utf8');
}

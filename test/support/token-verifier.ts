import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';

/** A receiver of signed calls, written without the library that signs them. */
export interface TokenVerifier {
  /** The claims of a token that is genuine, for us, in time, and new. Rejects with why it is none of it. */
  check(token: string, options?: { readonly body?: string; readonly now?: number }): Promise<Claims>;
}

export type Claims = Readonly<Record<string, unknown>> & { readonly jti: string };

type PublishedKey = JsonWebKey & { readonly kid: string; readonly alg: string };

/** Takes public keys from a key set at an address, as receivers do. */
export function tokenVerifier({
  jwksUrl,
  issuer,
  audience,
}: {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}): TokenVerifier {
  const seen = new Set<string>();
  return {
    check: async (token, { body, now = Date.now() } = {}) => {
      const [head = '', payload = '', signature = '', ...rest] = token.split('.');
      if (rest.length > 0) throw new Error('it is no token');
      const header = read<{ alg: string; kid: string }>(head);
      const { keys } = (await (await fetch(jwksUrl)).json()) as { keys: readonly PublishedKey[] };
      const key = keys.find(({ kid }) => kid === header.kid);
      if (!key) throw new Error('nobody knows its key');
      if (key.alg !== header.alg) throw new Error('the key is for another algorithm');
      const bytes = Buffer.from(`${head}.${payload}`);
      if (!isSigned(key, bytes, Buffer.from(signature, 'base64url'))) throw new Error('it was altered');
      const claims = read<Claims & { iss: string; aud: string; exp: number; iat: number }>(payload);
      if (claims.iss !== issuer || claims.aud !== audience) throw new Error('it is not for us');
      if (claims.exp * 1_000 <= now) throw new Error('it has expired');
      if (claims.exp - claims.iat > 300) throw new Error('it lives too long');
      if (seen.has(claims.jti)) throw new Error('it came before');
      const digest = body === undefined ? undefined : createHash('sha256').update(body).digest('base64url');
      if (digest !== undefined && claims['body_sha256'] !== digest) throw new Error('the body was altered');
      seen.add(claims.jti);
      return claims;
    },
  };
}

function isSigned({ alg, ...jwk }: PublishedKey, bytes: Buffer, signature: Buffer): boolean {
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  switch (alg) {
    case 'EdDSA':
      return verify(null, bytes, key, signature);
    case 'ES256':
      return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
    case 'RS256':
      return verify('sha256', bytes, key, signature);
    default:
      throw new Error(`${alg} is no algorithm`);
  }
}

function read<T>(part: string): T {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as T;
}

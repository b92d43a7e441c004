import { errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';

import { SIGNATURE_TOLERANCE_SECONDS, type WebhookVerify } from '#connectors/core/webhook-verify.ts';
import { onlyHeader } from '#server/ingress/read-headers.ts';
import { isTokenFault, remoteKeySet } from '#server/ingress/verify/remote-key-set.ts';
import { currentSecrets, type Verification, type Verify } from '#server/ingress/verify/verification.ts';

type JwtSettings = Extract<WebhookVerify, { scheme: 'jwt' }>;

const MAX_TOKEN_LENGTH = 8_192;

/**
 * A JSON Web Token in a header, signed by a key of the set at `jwksUrl` or with the connection's secret. It must not have
 * expired; one that never expires must have been issued within 300 s. `none` is never an algorithm, and a public key is
 * never a shared secret.
 *
 * Throws when the key set cannot be fetched: then nobody can say yet whether the request is genuine.
 */
export function verifyJwt(settings: JwtSettings): Verify {
  const header = settings.header.toLowerCase();
  const keys = settings.jwksUrl === undefined ? undefined : remoteKeySet(settings.jwksUrl);
  return async (request) => {
    const token = (onlyHeader(request.headers, header) ?? '').replace(/^bearer /i, '');
    if (token === '' || token.length > MAX_TOKEN_LENGTH) return false;
    const options = optionsOf(settings, request.nowMs);
    if (keys) return isGenuine(token, keys, options);
    return isGenuineForASecret(token, request, options);
  };
}

async function isGenuineForASecret(
  token: string,
  request: Verification,
  options: JWTVerifyOptions,
): Promise<boolean> {
  for (const secret of currentSecrets(request.fields)) {
    if (await isGenuine(token, () => Promise.resolve(Buffer.from(secret, 'utf8')), options)) return true;
  }
  return false;
}

async function isGenuine(token: string, key: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(token, key, options);
    if (payload.exp !== undefined) return true;
    // Without an end, a token that leaked once would open the hook for ever.
    const nowSeconds = (options.currentDate?.getTime() ?? 0) / 1000;
    return (
      typeof payload.iat === 'number' && Math.abs(nowSeconds - payload.iat) <= SIGNATURE_TOLERANCE_SECONDS
    );
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return isGenuineForOne(token, error, options);
    if (isTokenFault(error)) return false;
    throw error;
  }
}

/** A token without a key id, and several keys that may have signed it. */
async function isGenuineForOne(
  token: string,
  keys: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<boolean> {
  for await (const key of keys) if (await isGenuine(token, () => key, options)) return true;
  return false;
}

function optionsOf(settings: JwtSettings, nowMs: number): JWTVerifyOptions {
  const algorithms = settings.algorithms ?? (settings.jwksUrl === undefined ? ['HS256'] : ['RS256', 'ES256']);
  return { algorithms, issuer: settings.issuer, audience: settings.audience, currentDate: new Date(nowMs) };
}

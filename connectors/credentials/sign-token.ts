import { createHash, randomUUID } from 'node:crypto';

import { SignJWT } from 'jose';

import type { HttpRequest, OpenConnection } from '#connectors/contract.ts';
import type { JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { keyIdOf, signingKey, SigningKeyError } from './signing-key.ts';

/**
 * A token for one call, from the fields of a connection `jwt`: an id (`jti`) of its own, and an end soon after.
 *
 * @param now milliseconds since 1970.
 */
export async function signToken(
  fields: OpenConnection['fields'],
  { now, body }: { readonly now: number; readonly body: HttpRequest['body'] },
): Promise<string> {
  const { algorithm = 'EdDSA', issuer = '', subject, audience = '', lifetimeSeconds = '60' } = fields;
  const key = keyOf(fields);
  const issuedAt = Math.floor(now / 1_000);
  const claims = {
    ...(JSON.parse(fields['claims'] || '{}') as JsonObject),
    ...(fields['signsBody'] === 'yes' && {
      body_sha256: createHash('sha256')
        .update(body ?? '')
        .digest('base64url'),
    }),
  };
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: await keyIdOf(fields, key, 'kid') })
    .setIssuer(issuer)
    .setAudience(audience)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + Number(lifetimeSeconds));
  if (subject) token.setSubject(subject);
  return token.sign(key);
}

function keyOf(fields: OpenConnection['fields']) {
  try {
    return signingKey(fields, 'privateKey');
  } catch (error) {
    if (!(error instanceof SigningKeyError)) throw error;
    const message = `The private key of the connection ${error.message}. Replace it in the connection.`;
    throw new StepFailure({ kind: 'invalid', code: 'invalid_private_key', message, pointer: '/connection' });
  }
}

import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { onlyTo } from './only-to.ts';

const privateKey = z
  .string()
  .trim()
  .regex(
    /^-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+-----END [A-Z ]*PRIVATE KEY-----$/,
    'paste the text between -----BEGIN … PRIVATE KEY----- and -----END … PRIVATE KEY-----, both included',
  );

/** Claims that each token has by itself. */
const OWN_CLAIMS: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'body_sha256',
]);

/** A key that signs a token of its own for each call. */
export const jwt: ConnectorDef = {
  id: 'jwt',
  label: 'Signed calls (JWT)',
  summary: 'Each call carries a JSON Web Token, signed with your private key.',
  icon: 'signature',
  category: 'credential',
  connection: z.strictObject({
    algorithm: z.enum(['EdDSA', 'ES256', 'RS256']).default('EdDSA').meta({
      title: 'Algorithm',
      help: 'EdDSA takes an Ed25519 key, ES256 a P-256 key, RS256 an RSA key of 2048 bits or more.',
    }),
    privateKey: privateKey.meta({
      title: 'Private key',
      help: 'PEM, not encrypted. Its public key is published, so that receivers can check the signature.',
      widget: 'textarea',
      secret: true,
    }),
    kid: z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, 'use plain characters without spaces')
      .optional()
      .meta({
        title: 'Key id',
        help: 'What receivers know the key by (kid). Left empty, the thumbprint of the public key.',
        advanced: true,
      }),
    issuer: z.string().min(1).max(500).meta({ title: 'Issuer', help: 'Who signs (iss).' }),
    subject: z.string().min(1).max(500).optional().meta({ title: 'Subject', help: 'Who calls (sub).' }),
    audience: z.string().min(1).max(500).meta({ title: 'Audience', help: 'For whom the token is (aud).' }),
    lifetimeSeconds: z
      .string()
      .regex(/^\d{1,3}$/, 'write a number of seconds')
      .refine((text) => Number(text) >= 1 && Number(text) <= 300, 'write a number of seconds from 1 to 300')
      .default('60')
      .meta({ title: 'Lifetime in seconds', help: 'At most 300.', advanced: true }),
    claims: z
      .string()
      .refine(
        isObjectOfClaims,
        `write a JSON object, such as {"scope":"orders"}, without ${[...OWN_CLAIMS].join(', ')}`,
      )
      .optional()
      .meta({ title: 'Further claims', help: 'A JSON object.', widget: 'code', advanced: true }),
    signsBody: z.enum(['no', 'yes']).default('no').meta({
      title: 'Sign the body',
      help: 'Adds the claim body_sha256: the SHA-256 of the body, base64url. Receivers see by it that the body was not changed.',
      advanced: true,
    }),
    previousPrivateKey: privateKey.optional().meta({
      title: 'Previous private key',
      help: 'Signs nothing any more; its public key stays published while receivers still meet its tokens.',
      widget: 'textarea',
      secret: true,
      advanced: true,
    }),
    previousKid: z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, 'use plain characters without spaces')
      .optional()
      .meta({
        title: 'Previous id',
        help: 'What receivers know the previous one by. Left empty, its thumbprint.',
        advanced: true,
      }),
    baseUrl: onlyTo,
  }),
  callAuth: { kind: 'signed_token' },
  originField: 'baseUrl',
  operations: [],
};

function isObjectOfClaims(text: string): boolean {
  try {
    const claims: unknown = JSON.parse(text);
    if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return false;
    return Object.keys(claims).every((name) => !OWN_CLAIMS.has(name));
  } catch {
    return false;
  }
}

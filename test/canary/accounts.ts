import { createPrivateKey, generateKeyPairSync } from 'node:crypto';

import { hasMariaDb } from '#test/support/mariadb.ts';
import type { Authority } from '#test/support/certificates.ts';
import type { Canaries } from './canaries.ts';

/** A connection whose every secret field holds a canary. */
export interface CanaryAccount {
  readonly slug: string;
  readonly connector: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Where those that speak no HTTP connect to. */
export interface Places {
  readonly mailPort: number;
  readonly database: URL;
  readonly mariaPort: number;
}

/** Kinds of which an HTTP request can show who calls, by slug. */
export function callerAccounts(canaries: Canaries): readonly CanaryAccount[] {
  return [
    { slug: 'bearer', connector: 'bearer_token', fields: { token: canaries.make('bearer_token.token') } },
    {
      slug: 'basic',
      connector: 'basic_auth',
      fields: { username: 'ada', password: canaries.makeText('basic_auth.password') },
    },
    {
      slug: 'key-header',
      connector: 'api_key',
      fields: { in: 'header', name: 'X-Api-Key', key: canaries.make('api_key.key in a header') },
    },
    {
      slug: 'key-query',
      connector: 'api_key',
      fields: {
        in: 'query',
        name: 'key',
        key: canaries.makeText('api_key.key in the query').replace(/[^\x20-\x7e]/g, 'u'),
      },
    },
    { slug: 'signer', connector: 'jwt', fields: jwtFields(canaries) },
  ];
}

function jwtFields(canaries: Canaries): Record<string, string> {
  const [privateKey, previousPrivateKey] = ['privateKey', 'previousPrivateKey'].map((field) => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const { d = '' } = key.export({ format: 'jwk' });
    canaries.add(`jwt.${field}, the number itself`, d);
    return addKey(canaries, `jwt.${field}`, key.export({ type: 'pkcs8', format: 'pem' }).toString());
  }) as [string, string];
  return { algorithm: 'EdDSA', issuer: 'us', audience: 'them', privateKey, previousPrivateKey };
}

/** A key is known by the line between its first and its last, too. */
function addKey(canaries: Canaries, name: string, pem: string): string {
  canaries.add(`${name}, a line of it`, pem.split('\n')[1] ?? '');
  return canaries.add(name, pem.trim());
}

/** A client certificate for a far end whose own authority we do not trust: the call fails in the handshake. */
export async function certificateAccount(
  canaries: Canaries,
  ca: Authority,
  url: string,
): Promise<CanaryAccount> {
  const { cert, key: plain } = await ca.client();
  addKey(canaries, 'mtls.privateKey, unlocked', plain);
  const passphrase = canaries.makeText('mtls.passphrase');
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const;
  const key = addKey(canaries, 'mtls.privateKey', createPrivateKey(plain).export(options).toString());
  return {
    slug: 'certificate',
    connector: 'mtls',
    fields: { baseUrl: url, certificate: cert, privateKey: key, passphrase },
  };
}

/** What webhooks are signed with, by scheme. */
export function signingAccounts(canaries: Canaries): readonly CanaryAccount[] {
  const schemes = [
    'github',
    'standard_webhooks',
    'stripe',
    'slack',
    'shopify',
    'hmac',
    'token',
    'jwt',
    'basic',
  ];
  return schemes.map((scheme) => ({
    slug: `signs-${scheme.replace('_', '-')}`,
    connector: 'signing_secret',
    fields: {
      secret: canaries.makePlain(`signing_secret.secret for ${scheme}`),
      previousSecret: canaries.makePlain(`signing_secret.previousSecret for ${scheme}`),
    },
  }));
}

/** Servers that refuse the login, cannot be reached, or do not speak what they should. */
export function serverAccounts(
  canaries: Canaries,
  { mailPort, database, mariaPort }: Places,
): readonly CanaryAccount[] {
  const mail = (slug: string, change: Record<string, string>): CanaryAccount => ({
    slug,
    connector: 'smtp',
    fields: {
      ...{
        host: '127.0.0.1',
        port: String(mailPort),
        security: 'none',
        from: 'flows@example.com',
        user: 'ada',
      },
      ...{ password: canaries.makeText(`smtp.password of ${slug}`), ...change },
    },
  });
  const base = (connector: string, slug: string, change: Record<string, string>): CanaryAccount => ({
    slug,
    connector,
    fields: {
      ...{ host: '127.0.0.1', database: 'nowhere', user: 'ada', ssl: 'disable' },
      ...{ password: canaries.makeText(`${connector}.password of ${slug}`), ...change },
    },
  });
  return [
    mail('mail-refused', {}),
    mail('mail-away', { port: '1' }),
    mail('mail-plain', { security: 'starttls' }),
    mail('mail-tls', { security: 'tls' }),
    base('postgres', 'postgres-refused', { port: database.port, user: 'nobody' }),
    base('postgres', 'postgres-away', { port: '1' }),
    base('postgres', 'postgres-plain', { port: database.port, ssl: 'require' }),
    base('mysql', 'mysql-away', { port: '1' }),
    ...(hasMariaDb() ? [base('mysql', 'mysql-refused', { port: String(mariaPort) })] : []),
  ];
}

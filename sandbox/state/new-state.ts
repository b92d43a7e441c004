import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import { sampleContacts, sampleDeals } from '#sandbox/state/samples.ts';
import type { State } from '#sandbox/state/state.ts';

/** What Acme begins with: keys of its own, and some contacts and deals. */
export async function newState(): Promise<State> {
  const now = Date.now();
  return {
    format: 1,
    clock: now,
    url: null,
    trouble: 'well',
    keys: { signing: [await newSigningKey()], cookies: [randomBytes(32).toString('base64url')] },
    machineSecret: randomBytes(32).toString('base64url'),
    contacts: sampleContacts(now),
    deals: sampleDeals(now),
    webhooks: new Map(),
    deliveries: new Map(),
    replies: new Map(),
    oauth: new Map(),
    lastUsed: new Map(),
    ended: [],
  };
}

async function newSigningKey(): Promise<State['keys']['signing'][number]> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return {
    ...(privateKey.export({ format: 'jwk' }) as State['keys']['signing'][number]),
    alg: 'RS256',
    use: 'sig',
  };
}

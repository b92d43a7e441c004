import { createHmac } from 'node:crypto';

import { sign } from '@octokit/webhooks-methods';
import { SignJWT } from 'jose';
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';

import { findAppEventSource, findSubscriptionHandler } from '#connectors/trigger-handlers.ts';
import type { SignatureDef, TokenSignatureDef } from '#connectors/trigger-contract.ts';
import { readHeaders } from '#server/ingress/read-headers.ts';
import { verifierOfSource } from '#server/ingress/verify/verifier.ts';

const SECRET = 'a secret of the vendor';
const URL = 'https://patchbay.example.com/hooks/token?subscription=1';
/** Keys in an order that a parser and a serialiser would not keep apart, and a space that they would drop. */
const BODY = '{"b": 1, "a":"ü"}';
const NOW_MS = Date.now();

/** How a vendor signs, by its own library where it has one, else by what it documents. */
interface Vendor {
  readonly name: string;
  readonly signature: SignatureDef | TokenSignatureDef;
  /** The header with the signature. */
  readonly header: string;
  readonly hasTime: boolean;
  /** Whether the signature says anything of the body. */
  readonly coversBody: boolean;
  sign(
    body: string,
    given: { readonly secret: string; readonly atMs: number },
  ): Promise<readonly [string, string][]>;
}

const sourceOf = (connector: string) => findAppEventSource(connector)!.signature;
const signatureOf = (key: string) => findSubscriptionHandler(key)!.delivery.signature;
const seconds = (ms: number) => Math.floor(ms / 1_000);

const VENDORS: readonly Vendor[] = [
  {
    name: 'GitHub, signed by @octokit/webhooks-methods',
    signature: signatureOf('github.push@1'),
    header: 'X-Hub-Signature-256',
    hasTime: false,
    coversBody: true,
    sign: async (body, { secret }) => [['X-Hub-Signature-256', await sign(secret, body)]],
  },
  {
    name: 'Stripe, signed by its SDK',
    signature: signatureOf('stripe.invoice_paid@1'),
    header: 'Stripe-Signature',
    hasTime: true,
    coversBody: true,
    sign: async (payload, { secret, atMs }) => [
      [
        'Stripe-Signature',
        await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp: seconds(atMs) }),
      ],
    ],
  },
  {
    name: 'Slack, as it documents',
    signature: sourceOf('slack'),
    header: 'X-Slack-Signature',
    hasTime: true,
    coversBody: true,
    sign: async (body, { secret, atMs }) => [
      ['X-Slack-Request-Timestamp', String(seconds(atMs))],
      ['X-Slack-Signature', `v0=${hmac(secret, `v0:${seconds(atMs)}:${body}`, 'hex')}`],
    ],
  },
  {
    name: 'HubSpot (v3), as it documents',
    signature: sourceOf('hubspot'),
    header: 'X-HubSpot-Signature-v3',
    hasTime: true,
    coversBody: true,
    sign: async (body, { secret, atMs }) => [
      ['X-HubSpot-Request-Timestamp', String(atMs)],
      ['X-HubSpot-Signature-v3', hmac(secret, `POST${URL}${body}${atMs}`, 'base64')],
    ],
  },
  {
    name: 'Notion, as it documents',
    signature: sourceOf('notion'),
    header: 'X-Notion-Signature',
    hasTime: false,
    coversBody: true,
    sign: async (body, { secret }) => [['X-Notion-Signature', `sha256=${hmac(secret, body, 'hex')}`]],
  },
  {
    name: 'Jira, a token signed by jose',
    signature: signatureOf('jira.issue_created@1'),
    header: 'Authorization',
    hasTime: false,
    coversBody: false,
    sign: async (_, { secret, atMs }) => [['Authorization', `Bearer ${await token(secret, atMs)}`]],
  },
  {
    name: 'Acme, as it documents',
    signature: signatureOf('acme.contact_created@1'),
    header: 'Acme-Signature',
    hasTime: true,
    coversBody: true,
    sign: async (body, { secret, atMs }) => [
      ['Acme-Signature', `t=${seconds(atMs)},v1=${hmac(secret, `${seconds(atMs)}.${body}`, 'hex')}`],
    ],
  },
];

function hmac(secret: string, text: string, encoding: 'hex' | 'base64'): string {
  return createHmac('sha256', secret).update(text).digest(encoding);
}

function token(secret: string, atMs: number): Promise<string> {
  const claims = new SignJWT({ iss: 'an-app' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(seconds(atMs));
  return claims.sign(Buffer.from(secret));
}

interface Given {
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly secret?: string;
  readonly url?: string;
  readonly method?: string;
}

function isGenuine({ signature }: Vendor, given: Given): boolean | Promise<boolean> {
  const { headers, body = BODY, secret = SECRET, url = URL, method = 'POST' } = given;
  return verifierOfSource(signature)({
    headers: readHeaders(headers.flat()),
    body: Buffer.from(body),
    method,
    url,
    nowMs: NOW_MS,
    fields: { secret },
  });
}

describe.each(VENDORS.map((vendor) => [vendor.name, vendor] as const))('%s', (_, vendor) => {
  const signed = (secret = SECRET, atMs = NOW_MS, body = BODY) => vendor.sign(body, { secret, atMs });
  const changed = async (change: (value: string) => string) =>
    (await signed()).map(([name, value]) => [name, name === vendor.header ? change(value) : value] as const);

  test('is taken', async () => {
    expect(await isGenuine(vendor, { headers: await signed() })).toBe(true);
  });

  test('is refused without its header, with it empty, and with it twice', async () => {
    const headers = await signed();
    const without = headers.filter(([name]) => name !== vendor.header);
    expect(await isGenuine(vendor, { headers: without })).toBe(false);
    expect(await isGenuine(vendor, { headers: await changed(() => '') })).toBe(false);
    expect(await isGenuine(vendor, { headers: [...headers, ...headers.slice(-1)] })).toBe(false);
  });

  test('is refused with another secret, and while there is none', async () => {
    expect(await isGenuine(vendor, { headers: await signed('another secret') })).toBe(false);
    expect(await isGenuine(vendor, { headers: await signed(), secret: '' })).toBe(false);
    expect(await isGenuine(vendor, { headers: await signed('x'), secret: '' })).toBe(false);
  });

  test.runIf(vendor.coversBody)(
    'is refused for any other body: a byte changed, or written anew',
    async () => {
      const headers = await signed();
      expect(await isGenuine(vendor, { headers, body: BODY.replace('1', '2') })).toBe(false);
      expect(await isGenuine(vendor, { headers, body: JSON.stringify(JSON.parse(BODY)) })).toBe(false);
      expect(await isGenuine(vendor, { headers, body: `${BODY}\n` })).toBe(false);
    },
  );

  test('is refused with a signature that is none: cut, longer, of other letters', async () => {
    for (const change of [
      (value: string) => value.slice(0, -1),
      (value: string) => `${value}0`,
      // Not the last: of a token's, two bits mean nothing.
      (value: string) => value.replace(/.(?=.{3}$)/, (letter) => (letter === 'z' ? 'y' : 'z')),
      (value: string) => value.replace(/.$/, '\u00e4'),
      (value: string) => value.toUpperCase(),
      () => 'v1=',
      () => 'zzzz',
    ])
      expect(await isGenuine(vendor, { headers: await changed(change) }), String(change)).toBe(false);
  });

  test.runIf(vendor.hasTime)('is taken within 300 s, and refused beyond', async () => {
    for (const off of [-300, 300])
      expect(
        await isGenuine(vendor, { headers: await signed(SECRET, NOW_MS + off * 1_000) }),
        String(off),
      ).toBe(true);
    for (const off of [-301, 301])
      expect(
        await isGenuine(vendor, { headers: await signed(SECRET, NOW_MS + off * 1_000) }),
        String(off),
      ).toBe(false);
  });

  test.runIf(vendor.hasTime)('is refused with a time that is none', async () => {
    for (const time of ['NaN', '1e9', '', '-1', ' 1', 'Infinity']) {
      const headers = (await signed()).map(
        ([name, value]) => [name, value.replace(/\b\d{10,13}\b/, time)] as const,
      );
      expect(await isGenuine(vendor, { headers }), time).toBe(false);
    }
  });
});

describe('what is signed besides the body', () => {
  const hubspot = VENDORS.find(({ name }) => name.startsWith('HubSpot'))!;

  test('the address and the method count for HubSpot', async () => {
    const headers = await hubspot.sign(BODY, { secret: SECRET, atMs: NOW_MS });
    expect(await isGenuine(hubspot, { headers, url: URL.replace('token', 'other') })).toBe(false);
    expect(await isGenuine(hubspot, { headers, method: 'PUT' })).toBe(false);
  });

  test('the age of Jira’s token counts, and that it is one', async () => {
    const jira = VENDORS.find(({ name }) => name.startsWith('Jira'))!;
    const at = (ms: number) => jira.sign('', { secret: SECRET, atMs: ms });
    expect(await isGenuine(jira, { headers: await at(NOW_MS - 299_000) })).toBe(true);
    expect(await isGenuine(jira, { headers: await at(NOW_MS - 302_000) })).toBe(false);
    const ended = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(seconds(NOW_MS) - 1)
      .sign(Buffer.from(SECRET));
    const [head = '', claims = ''] = ended.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const forged of [ended, `${none}.${claims}.`, `${head}.${claims}`, ''])
      expect(await isGenuine(jira, { headers: [['Authorization', `Bearer ${forged}`]] }), forged).toBe(false);
  });
});

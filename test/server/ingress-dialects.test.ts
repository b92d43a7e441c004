import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { webhookVerifySchema } from '#connectors/core/webhook-verify.ts';
import { readHeaders } from '#server/ingress/read-headers.ts';
import { verifierOf } from '#server/ingress/verify/verifier.ts';

interface Vector {
  readonly verify: Record<string, unknown>;
  readonly secret: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Seconds. */
  readonly at?: number;
}

/** Known answers: from the vendors' documents, or worked out with another tool for the form that they document. */
const VECTORS: Readonly<Record<string, Vector>> = {
  standard_webhooks: {
    verify: { scheme: 'standard_webhooks' },
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    headers: [
      ['webhook-id', 'msg_p5jXN8AQM9LWM0D4loKWxJek'],
      ['webhook-timestamp', '1614265330'],
      ['webhook-signature', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
    ],
    body: '{"test": 2432232314}',
    at: 1_614_265_330,
  },
  stripe: {
    verify: { scheme: 'stripe' },
    secret: 'whsec_test_secret',
    headers: [
      [
        'Stripe-Signature',
        't=1492774577,v1=799c4ba7bb339f3c8601adfd112f0e477c930a268be1243d341abb8286501c2f',
      ],
    ],
    body: '{"id":"evt_1"}',
    at: 1_492_774_577,
  },
  github: {
    verify: { scheme: 'github' },
    secret: "It's a Secret to Everybody",
    headers: [
      ['X-Hub-Signature-256', 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'],
    ],
    body: 'Hello, World!',
  },
  slack: {
    verify: { scheme: 'slack' },
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    headers: [
      ['X-Slack-Request-Timestamp', '1531420618'],
      ['X-Slack-Signature', 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'],
    ],
    body:
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
      '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
      '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    at: 1_531_420_618,
  },
  shopify: {
    verify: { scheme: 'shopify' },
    secret: 'hush',
    headers: [['X-Shopify-Hmac-SHA256', 'VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=']],
    body: '{"id":1}',
  },
  hmac: {
    verify: {
      scheme: 'hmac',
      header: 'X-Signature',
      algorithm: 'sha512',
      encoding: 'base64',
      prefix: 'v9=',
      template: '{id}/{timestamp}/{body}!{body}',
      idHeader: 'X-Id',
      timestampHeader: 'X-Time',
    },
    secret: 'generic',
    headers: [
      ['X-Id', 'id-1'],
      ['X-Time', '1700000000'],
      [
        'X-Signature',
        `v9=${createHmac('sha512', 'generic').update('id-1/1700000000/{"a":1}!{"a":1}').digest('base64')}`,
      ],
    ],
    body: '{"a":1}',
    at: 1_700_000_000,
  },
};

function isGenuine(vector: Vector, fields: Readonly<Record<string, string>> = { secret: vector.secret }) {
  const verify = verifierOf(webhookVerifySchema.parse(vector.verify));
  const headers = readHeaders(vector.headers.flat());
  return verify({
    headers,
    body: Buffer.from(vector.body),
    method: 'POST',
    url: 'https://patchbay.test/hooks/token',
    nowMs: (vector.at ?? 1_700_000_000) * 1000,
    fields,
  });
}

/** A vector with the value of its signature header changed. */
function withSignature(vector: Vector, change: (value: string) => string): Vector {
  const last = vector.headers.length - 1;
  const headers = vector.headers.map(
    ([name, value], index) => [name, index === last ? change(value) : value] as const,
  );
  return { ...vector, headers };
}

const HEX = /[0-9a-f]{64,}/;

/** The vector with one thing wrong. */
function variants(vector: Vector): readonly (readonly [string, Vector])[] {
  const all: readonly (readonly [string, Vector])[] = [
    [
      'one flipped bit in the body',
      { ...vector, body: String.fromCharCode(vector.body.charCodeAt(0) ^ 1) + vector.body.slice(1) },
    ],
    ['a line break changed', { ...vector, body: `${vector.body}\r\n` }],
    ['a byte order mark', { ...vector, body: `\uFEFF${vector.body}` }],
    ['an empty body', { ...vector, body: '' }],
    ['no signature header', { ...vector, headers: vector.headers.slice(0, -1) }],
    ['no headers at all', { ...vector, headers: [] }],
    ['two signature headers', { ...vector, headers: [...vector.headers, vector.headers.at(-1)!] }],
    [
      'an upper-case prefix',
      withSignature(vector, (value) => value.replace(/^[a-z]/, (letter) => letter.toUpperCase())),
    ],
    ['a signature cut short', withSignature(vector, (value) => value.slice(0, -2))],
    ['a signature with more behind it', withSignature(vector, (value) => `${value}0`)],
    [
      'no hex, no base64',
      withSignature(vector, (value) => value.replace(/[A-Za-z0-9+/=]{20,}$/, '!'.repeat(64))),
    ],
    ['an empty signature', withSignature(vector, (value) => value.replace(/[A-Za-z0-9+/=]{20,}$/, ''))],
    ['an empty header', withSignature(vector, () => '')],
  ];
  // A dialect without a prefix has none to change.
  return all.filter(([, changed]) => JSON.stringify(changed) !== JSON.stringify(vector));
}

describe.each(Object.entries(VECTORS))('%s', (scheme, vector) => {
  it('accepts the known answer', () => expect(isGenuine(vector)).toBe(true));

  it('accepts the old secret while both are set, and not after', () => {
    const fresh = scheme === 'standard_webhooks' ? 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' : 'fresh secret';
    expect(isGenuine(vector, { secret: fresh, previousSecret: vector.secret })).toBe(true);
    expect(isGenuine(vector, { secret: fresh })).toBe(false);
  });

  it.each([
    ['no secret', {}],
    ['an empty secret', { secret: '' }],
    ['another field', { token: vector.secret }],
  ] as const)('refuses with %s', (_, fields) => expect(isGenuine(vector, fields)).toBe(false));

  it('is not fooled by an empty key', () => {
    const emptyKeyed = withSignature(vector, (value) =>
      value.replace(HEX, createHmac('sha256', '').update(vector.body).digest('hex')),
    );
    expect(isGenuine(emptyKeyed, { secret: '' })).toBe(false);
    expect(isGenuine(emptyKeyed, { secret: 'x', previousSecret: '' })).toBe(false);
  });

  it.each(variants(vector))('refuses %s', (_, changed) => {
    expect(isGenuine(changed)).toBe(false);
  });

  it('refuses other spellings of the right signature', () => {
    const original = vector.headers.at(-1)![1];
    const spellings = HEX.test(original)
      ? [original.replace(HEX, (hex) => hex.toUpperCase()), original.replace(HEX, (hex) => ` ${hex}`)]
      : [original.replace(/=+$/, ''), original.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')];
    for (const spelling of spellings) {
      expect(spelling).not.toBe(original);
      expect(isGenuine(withSignature(vector, () => spelling))).toBe(false);
    }
  });

  const timed = vector.at === undefined ? [] : [-301, 301, -86_400, 86_400];
  it.each(timed)('refuses a time %i s off', (offset) => {
    expect(isGenuine({ ...vector, at: vector.at! + offset })).toBe(false);
  });

  it.each(timed.slice(0, 1).flatMap(() => [-300, 300]))('accepts a time %i s off', (offset) => {
    expect(isGenuine({ ...vector, at: vector.at! + offset })).toBe(true);
  });
});

describe('times that are none', () => {
  const sign = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');
  it.each([
    'NaN',
    '1e9',
    '',
    ' 1700000000',
    '+1700000000',
    '-1',
    '0x6553f100',
    '1700000000.0',
    'Infinity',
    '９',
  ])('refuses %j, though rightly signed', (time) => {
    const body = '{}';
    const slackHeaders = [
      ['x-slack-request-timestamp', time],
      ['x-slack-signature', `v0=${sign('s', `v0:${time}:${body}`)}`],
    ] as const;
    expect(isGenuine({ verify: { scheme: 'slack' }, secret: 's', headers: slackHeaders, body })).toBe(false);
    const stripeHeaders = [['stripe-signature', `t=${time},v1=${sign('s', `${time}.${body}`)}`]] as const;
    // Stripe's list trims blanks around its entries, so the time in it stands alone.
    expect(isGenuine({ verify: { scheme: 'stripe' }, secret: 's', headers: stripeHeaders, body })).toBe(
      false,
    );
  });

  it('refuses two times', () => {
    const { stripe, slack } = VECTORS as { stripe: Vector; slack: Vector };
    expect(isGenuine(withSignature(stripe, (value) => `t=1492774577,${value}`))).toBe(false);
    expect(isGenuine({ ...slack, headers: [slack.headers[0]!, ...slack.headers] })).toBe(false);
  });
});

describe('lists of signatures', () => {
  it('Stripe: any v1 of several, and v1 alone', () => {
    const stripe = VECTORS['stripe']!;
    const right = stripe.headers[0]![1].split('v1=')[1]!;
    expect(
      isGenuine(withSignature(stripe, () => `t=1492774577,v1=${'0'.repeat(64)},v1=${right},v0=abc`)),
    ).toBe(true);
    expect(isGenuine(withSignature(stripe, () => `t=1492774577,v0=${right}`))).toBe(false);
  });

  it('Standard Webhooks: v1 alone', () => {
    const standard = VECTORS['standard_webhooks']!;
    const right = 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
    expect(isGenuine(withSignature(standard, () => `v1a,${right} v2,${right}`))).toBe(false);
    expect(isGenuine(withSignature(standard, () => `v1a,${right} v1,${right}`))).toBe(true);
  });

  it('GitHub: the SHA-1 header counts for nothing', () => {
    const sha1 = createHmac('sha1', 's').update('x').digest('hex');
    const headers = [['x-hub-signature', `sha1=${sha1}`]] as const;
    expect(isGenuine({ verify: { scheme: 'github' }, secret: 's', headers, body: 'x' })).toBe(false);
  });

  it('Shopify: the name without X- too', () => {
    const shopify = VECTORS['shopify']!;
    expect(isGenuine({ ...shopify, headers: [['shopify-hmac-sha256', shopify.headers[0]![1]]] })).toBe(true);
  });
});

describe('basic and token', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  it.each([
    ['the connection’s name and password', basic('ada:pa:ss'), { username: 'ada', password: 'pa:ss' }, true],
    ['a signing secret', basic('ada:x'), { secret: 'ada:x' }, true],
    ['a wrong password', basic('ada:y'), { username: 'ada', password: 'x' }, false],
    ['no password set', basic('ada:'), { username: 'ada', password: '' }, false],
    [
      'another scheme',
      `Bearer ${Buffer.from('ada:x').toString('base64')}`,
      { username: 'ada', password: 'x' },
      false,
    ],
    ['bytes that are no base64', 'Basic ***', { username: 'ada', password: 'x' }, false],
  ])('basic: %s', (_, authorization, fields, expected) => {
    const vector = {
      verify: { scheme: 'basic' },
      secret: '',
      headers: [['authorization', authorization]] as const,
      body: '',
    };
    expect(isGenuine(vector, fields)).toBe(expected);
  });

  it.each([
    ['the secret', 'X-Token', 's3cret', true],
    ['a longer value', 'X-Token', 's3cret ', false],
    ['another letter case', 'X-Token', 'S3CRET', false],
    ['an empty value', 'X-Token', '', false],
    ['Authorization with Bearer', 'Authorization', 'Bearer s3cret', true],
    ['Bearer in another header', 'X-Token', 'Bearer s3cret', false],
  ])('token: %s', (_, header, value, expected) => {
    const vector = {
      verify: { scheme: 'token', header },
      secret: 's3cret',
      headers: [[header, value]] as const,
      body: '',
    };
    expect(isGenuine(vector)).toBe(expected);
  });
});

import { execFile, execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { hookCurl } from '#components/canvas/hook-curl.ts';
import { webhookVerifySchema } from '#connectors/core/webhook-verify.ts';
import type { JsonObject } from '#core/json.ts';
import { readHeaders } from '#server/ingress/read-headers.ts';
import { verifierOf } from '#server/ingress/verify/verifier.ts';

const run = promisify(execFile);
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

interface Arrival {
  readonly method: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

const arrivals: Arrival[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    arrivals.push({
      method: request.method ?? '',
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks),
    });
    response.end();
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
});

const hookUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/abc`;

/** The script as a person would run it: the secret put in, then handed to a shell. */
async function send(config: JsonObject): Promise<Arrival> {
  const script = hookCurl(hookUrl(), config)
    .replace(/^SECRET='.*'$/m, `SECRET='${SECRET}'`)
    .replace("'user:password'", "'ada:lovelace'");
  await run('sh', ['-eu', '-c', script]);
  const arrival = arrivals.at(-1);
  if (!arrival) throw new Error('nothing arrived');
  return arrival;
}

function hasTools(): boolean {
  try {
    for (const tool of ['curl', 'openssl', 'od']) execFileSync('sh', ['-c', `command -v ${tool}`]);
    return true;
  } catch {
    return false; // Not on every machine; there the text alone is tested.
  }
}

const SCHEMES: readonly JsonObject[] = [
  { scheme: 'none' },
  { scheme: 'github' },
  { scheme: 'stripe' },
  { scheme: 'slack' },
  { scheme: 'shopify' },
  { scheme: 'standard_webhooks' },
  { scheme: 'token', header: 'X-Webhook-Token' },
  { scheme: 'basic' },
  { scheme: 'jwt' },
  { scheme: 'jwt', issuer: 'https://issuer.example.com', audience: 'flows', algorithms: ['HS512'] },
  { scheme: 'hmac', header: 'X-Signature' },
  { scheme: 'hmac', header: 'X-Sig', prefix: 'sha512=', algorithm: 'sha512', encoding: 'base64' },
  {
    scheme: 'hmac',
    header: 'X-Sig',
    template: "v1:{id}:{timestamp}:it's {body}",
    idHeader: 'X-Id',
    timestampHeader: 'X-Time',
  },
];

describe.skipIf(!hasTools())('the ready call is accepted by the trigger that it was made for', () => {
  it.each(SCHEMES.map((verify) => [JSON.stringify(verify), verify] as const))('%s', async (_, verify) => {
    const { rawHeaders, body, method } = await send({ method: 'POST', verify });
    const isGenuine = await verifierOf(webhookVerifySchema.parse(verify))({
      headers: readHeaders(rawHeaders),
      body,
      method,
      url: 'https://patchbay.test/hooks/token',
      nowMs: Date.now(),
      fields: { secret: SECRET, username: 'ada', password: 'lovelace' },
    });
    expect(isGenuine).toBe(true);
    expect(method).toBe('POST');
    expect(JSON.parse(body.toString())).toMatchObject({ id: 1042 });
  });

  it('is refused with another secret', async () => {
    const { rawHeaders, body, method } = await send({ verify: { scheme: 'github' } });
    const check = verifierOf({ scheme: 'github' });
    const request = {
      headers: readHeaders(rawHeaders),
      body,
      method,
      url: 'https://patchbay.test/hooks/token',
    };
    expect(check({ ...request, nowMs: Date.now(), fields: { secret: 'other' } })).toBe(false);
  });

  it('uses the method that the trigger takes, and sends no body with GET', async () => {
    expect((await send({ method: 'PUT' })).method).toBe('PUT');
    expect((await send({ method: 'ANY' })).method).toBe('POST');
    const get = await send({ method: 'GET', verify: { scheme: 'token', header: 'X-T' } });
    expect(get).toMatchObject({ method: 'GET', body: Buffer.alloc(0) });
  });
});

describe('the text of the call', () => {
  it('is one command where nothing is signed', () => {
    expect(hookCurl('https://flows.example.com/hooks/t', {})).toBe(
      [
        `BODY='{"id":1042,"number":"A-1042","total":129.5}'`,
        `curl -i -X POST 'https://flows.example.com/hooks/t' \\`,
        `  -H 'Content-Type: application/json' \\`,
        '  --data-binary "$BODY"',
      ].join('\n'),
    );
  });

  it('asks for the secret instead of showing one', () => {
    expect(hookCurl('https://x.test/hooks/t', { verify: { scheme: 'stripe' } })).toContain(
      "SECRET='paste the signing secret here'",
    );
  });

  it('asks for a token where only the issuer can make one', () => {
    const verify = { scheme: 'jwt', jwksUrl: 'https://issuer.example.com/keys' };
    expect(hookCurl('https://x.test/hooks/t', { verify })).toContain(
      "TOKEN='paste a token of the issuer here'",
    );
  });

  it('stands for settings that are not right yet', () => {
    expect(hookCurl('https://x.test/hooks/t', { verify: { scheme: 'hmac' } })).toContain('curl -i -X POST');
  });
});

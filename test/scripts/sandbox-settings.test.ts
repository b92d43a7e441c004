import { createServer, type AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';

import { describe, expect, onTestFinished, test } from 'vitest';

import { isSandboxOn, prepareSandbox } from '#scripts/supervisor/sandbox.ts';
import { AddressPolicy } from '#server/egress/address-policy.ts';
import { parseEnv } from '#server/env.ts';
import { freePort } from '#test/support/free-port.ts';

const secretKey = randomBytes(32).toString('base64');

/** Something that listens on a port of 127.0.0.1 whose successor is free, or whose successor it is. */
async function listenOn(port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  onTestFinished(() => new Promise((done) => server.close(() => done())));
  return (server.address() as AddressInfo).port;
}

function prepare(values: Record<string, string>, lines: string[] = []) {
  return prepareSandbox(parseEnv(values), { secretKey, say: (line) => void lines.push(line) });
}

describe('the sandbox app is on', () => {
  test.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ HOST: 'localhost' }, true],
    [{ HOST: '::1', PATCHBAY_URL: 'http://[::1]:3000' }, true],
    [{ PATCHBAY_URL: 'http://localhost:3000' }, true],
    [{ PATCHBAY_URL: 'http://patchbay.localhost' }, true],
    [{ HOST: '0.0.0.0' }, false],
    [{ HOST: '::', PATCHBAY_URL: 'http://localhost:3000' }, false],
    [{ PATCHBAY_URL: 'https://flows.example.com' }, false],
    [{ PATCHBAY_URL: 'https://127.0.0.1.example.com' }, false],
    [{ HOST: '10.0.0.7' }, false],
    [{ HOST: '0.0.0.0', PATCHBAY_SANDBOX: 'on' }, true],
    [{ PATCHBAY_SANDBOX: 'off' }, false],
    [{ PATCHBAY_SANDBOX: '' }, true],
  ])('with %j: %s', (values, isOn) => {
    expect(isSandboxOn(parseEnv(values))).toBe(isOn);
  });
});

describe('its port', () => {
  test('is the one after Patchbay’s', async () => {
    const port = await freePort();
    // The next one may be somebody else's at any moment, so what is said is held against what is taken.
    const lines: string[] = [];
    const sandbox = await prepare({ PORT: String(port) }, lines);
    const taken = new URL(sandbox?.url ?? '').port;
    if (lines.length === 0) expect(taken).toBe(String(port + 1));
    else expect(lines).toEqual([`Port ${port + 1} is in use: the sandbox app Acme takes ${taken}.`]);
  });

  test('is a free one, with a line that says so, when that is taken', async () => {
    const next = await listenOn(0);
    const lines: string[] = [];
    const sandbox = await prepare({ PORT: String(next - 1) }, lines);
    const port = Number(new URL(sandbox?.url ?? '').port);
    expect(port).not.toBe(next);
    expect(lines).toEqual([`Port ${next} is in use: the sandbox app Acme takes ${port}.`]);
    await listenOn(port);
  });

  test('is a free one when there is none after Patchbay’s', async () => {
    const lines: string[] = [];
    const sandbox = await prepare({ PORT: '65535' }, lines);
    expect(Number(new URL(sandbox?.url ?? '').port)).toBeGreaterThan(0);
    expect(lines).toHaveLength(1);
  });

  test('is the one that was asked for, or nothing starts', async () => {
    const port = await freePort();
    expect((await prepare({ PATCHBAY_SANDBOX_PORT: String(port) }))?.url).toBe(`http://127.0.0.1:${port}`);
    const taken = await listenOn(0);
    await expect(prepare({ PATCHBAY_SANDBOX_PORT: String(taken) })).rejects.toThrow(
      `Port ${taken} on 127.0.0.1 is in use: stop what uses it, or set PATCHBAY_SANDBOX_PORT to another.`,
    );
    await expect(prepare({ PORT: '3000', PATCHBAY_SANDBOX_PORT: '3000' })).rejects.toThrow(
      'PATCHBAY_SANDBOX_PORT is 3000, as PORT is',
    );
  });
});

describe('what the processes know of each other', () => {
  test('Patchbay may call Acme, and nothing else of this machine that it might not call before', async () => {
    const port = await freePort();
    const values = { PATCHBAY_SANDBOX_PORT: String(port), PATCHBAY_EGRESS_ALLOW: '10.0.0.0/8' };
    const { productEnv } = (await prepare(values)) ?? {};
    expect(productEnv?.['PATCHBAY_SANDBOX_URL']).toBe(`http://127.0.0.1:${port}`);
    const policy = new AddressPolicy({ allow: productEnv?.['PATCHBAY_EGRESS_ALLOW'] ?? '' });
    const allows = (host: string, to: number): boolean => policy.allows({ host, port: to, address: host });
    expect(allows('127.0.0.1', port)).toBe(true);
    expect(allows('10.1.1.1', 80)).toBe(true);
    expect(allows('127.0.0.1', port - 1)).toBe(false);
    expect(allows('192.168.0.1', port)).toBe(false);
  });

  test('both know the client’s secret, which is of this installation and the same each time', async () => {
    const values = { PATCHBAY_SANDBOX_PORT: String(await freePort()) };
    const one = await prepare(values);
    const again = await prepare(values);
    const secret = one?.productEnv['PATCHBAY_SANDBOX_SECRET'];
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(one?.ownEnv['ACME_CLIENT_SECRET']).toBe(secret);
    expect(again?.productEnv['PATCHBAY_SANDBOX_SECRET']).toBe(secret);
    const other = await prepareSandbox(parseEnv(values), {
      secretKey: randomBytes(32).toString('base64'),
      say: () => undefined,
    });
    expect(other?.productEnv['PATCHBAY_SANDBOX_SECRET']).not.toBe(secret);
  });

  test('Acme learns nothing of Patchbay’s secrets', async () => {
    process.env['PATCHBAY_SECRET_KEY'] = secretKey;
    onTestFinished(() => void delete process.env['PATCHBAY_SECRET_KEY']);
    const sandbox = await prepare({
      PATCHBAY_SANDBOX_PORT: String(await freePort()),
      PATCHBAY_URL: 'http://localhost:3000/',
    });
    const ownEnv: Record<string, string | undefined> = sandbox?.ownEnv ?? {};
    expect(Object.keys(ownEnv).filter((name) => /PATCHBAY|DATABASE|POSTGRES/.test(name))).toEqual([
      'PATCHBAY_URL',
    ]);
    expect(ownEnv['PATCHBAY_URL']).toBe('http://localhost:3000');
    expect(Object.values(ownEnv)).not.toContain(secretKey);
  });
});

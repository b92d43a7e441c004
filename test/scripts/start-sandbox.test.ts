import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { authorizationRequest, giveConsent } from '#test/support/acme.ts';
import { freePort } from '#test/support/free-port.ts';
import { childrenOf, isRunning } from '#test/support/processes.ts';
import { startProduct, temporaryFolder, type Product } from '#test/support/product.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { waitFor } from '#test/support/wait-for.ts';

const LONG = 240_000;
const ENTRY = 'sandbox/main.ts';
const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}, LONG);

/** A product with Acme beside it, and where Acme is. */
async function startWithAcme(
  dataDir?: string,
): Promise<{ product: Product; acmeUrl: string; acmePid: () => Promise<number | undefined> }> {
  const port = await freePort();
  const product = await startProduct({
    ...(dataDir === undefined ? {} : { dataDir }),
    env: { PATCHBAY_SANDBOX: 'on', PATCHBAY_SANDBOX_PORT: String(port), PATCHBAY_EGRESS_ALLOW: undefined },
  });
  const acmePid = async (): Promise<number | undefined> =>
    (await childrenOf(product.pid)).find(({ command }) => command.includes(ENTRY))?.pid;
  return { product, acmeUrl: `http://127.0.0.1:${port}`, acmePid };
}

/** A run of a flow that calls a URL, once it is over. */
async function runThatCalls(product: Product, url: string): Promise<{ status: string; error: unknown }> {
  const call = async (method: string, path: string, body: unknown): Promise<Response> =>
    fetch(`${product.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${product.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const get = { id: 'get', type: 'http.request', version: 1, config: { method: 'GET', url } };
  const { nodes, edges, ...flow } = manualFlow('caller');
  const document = { ...flow, nodes: [nodes[0], get], edges: [{ ...edges[0], to: 'get' }] };
  expect((await call('PUT', '/flows/caller', document)).ok).toBe(true);
  const reply = await call('POST', '/flows/caller/runs', { version: 'draft', wait: 30 });
  return (await reply.json()) as { status: string; error: unknown };
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/contacts`).then(
    (reply) => reply.ok,
    () => false,
  );
}

describe('the sandbox app beside a running product', () => {
  let started: Awaited<ReturnType<typeof startWithAcme>>;
  beforeAll(async () => {
    started = await startWithAcme();
  }, LONG);
  afterAll(() => started.product.stop(), LONG);

  test('is said before Patchbay is, and leads consent back to it', async () => {
    const { product, acmeUrl } = started;
    const lines = product.output().trim().split('\n');
    expect(lines.slice(-2)).toEqual([
      `The sandbox app Acme is at ${acmeUrl}`,
      `Patchbay is ready: ${product.url}`,
    ]);
    const redirectUri = `${product.url}/oauth/callback`;
    const { url } = authorizationRequest({
      authorizeUrl: `${acmeUrl}/oauth/authorize`,
      redirectUri,
      client: { id: 'patchbay', secret: '' },
    });
    expect((await giveConsent(url)).href.startsWith(`${redirectUri}?code=`)).toBe(true);
  });

  test('may be called by flows, and nothing else of this machine may', { timeout: LONG }, async () => {
    const { product, acmeUrl } = started;
    expect(await runThatCalls(product, `${acmeUrl}/api/v1/openapi.json`)).toMatchObject({
      status: 'succeeded',
    });
    const elsewhere = await runThatCalls(product, `${product.url}/healthz`);
    expect(elsewhere.status).toBe('failed');
    expect(JSON.stringify(elsewhere.error)).toContain('is a private address');
  });

  test('starts again when it dies, and Patchbay does not notice', { timeout: LONG }, async () => {
    const { product, acmeUrl, acmePid } = started;
    const others = (await childrenOf(product.pid)).filter(({ command }) => !command.includes(ENTRY));
    const killed = await waitFor('its process', acmePid);
    process.kill(killed, 'SIGKILL');
    await waitFor(
      'another Acme',
      async () => (await acmePid()) !== killed && (await answers(acmeUrl)),
      60_000,
    );
    expect(product.output()).toContain('The sandbox app process ended (SIGKILL)');
    const left = (await childrenOf(product.pid)).filter(({ command }) => !command.includes(ENTRY));
    expect(left).toEqual(others);
  });

  test('ends with it', { timeout: LONG }, async () => {
    const { product, acmePid } = started;
    const pid = await waitFor('its process', acmePid);
    expect(await product.stop()).toBe(0);
    expect(await isRunning(pid)).toBe(false);
  });
});

test('the sandbox app ends with a supervisor that was killed', { timeout: LONG }, async () => {
  const { product, acmePid } = await startWithAcme();
  cleanUps.push(() => product.stop());
  const pid = await waitFor('its process', acmePid);
  process.kill(product.pid, 'SIGKILL');
  await waitFor('Acme to end', async () => !(await isRunning(pid)));
});

test('a sandbox app that cannot start is left out, and it says why', { timeout: LONG }, async () => {
  const dataDir = await temporaryFolder();
  cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
  await writeFile(join(dataDir, 'acme.json'), 'not what Acme wrote');
  const { product, acmeUrl } = await startWithAcme(dataDir);
  cleanUps.push(() => product.stop());
  expect(product.output()).toContain('is not a state of Acme: move it away');
  expect(product.output()).toContain('Patchbay runs without it.');
  expect(product.output()).toContain(`Patchbay is ready: ${product.url}`);
  expect(await answers(acmeUrl)).toBe(false);
  expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
});

test('a sandbox app that is off is not there', { timeout: LONG }, async () => {
  const product = await startProduct({ env: { PATCHBAY_SANDBOX: 'off' } });
  cleanUps.push(() => product.stop());
  expect(product.output()).not.toContain('Acme');
  const commands = (await childrenOf(product.pid)).map(({ command }) => command);
  expect(commands.length).toBeGreaterThanOrEqual(2);
  expect(commands.filter((command) => command.includes(ENTRY))).toEqual([]);
});

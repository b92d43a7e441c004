import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import { authorizationRequest, giveConsent } from '#test/support/acme.ts';
import { freePort } from '#test/support/free-port.ts';
import { childrenOf, isRunning } from '#test/support/processes.ts';
import { startProduct, temporaryFolder, type Product } from '#test/support/product.ts';
import { waitFor } from '#test/support/wait-for.ts';

const LONG = 240_000;
const ENTRY = 'sandbox/main.ts';
const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}, LONG);

async function start(options: Parameters<typeof startProduct>[0]): Promise<Product> {
  const product = await startProduct(options);
  cleanUps.push(() => product.stop());
  return product;
}

/** A product with Acme beside it, and where Acme is. */
async function startWithAcme(
  dataDir?: string,
): Promise<{ product: Product; acmeUrl: string; acmePid: () => Promise<number | undefined> }> {
  const port = await freePort();
  const product = await start({
    ...(dataDir === undefined ? {} : { dataDir }),
    env: { PATCHBAY_SANDBOX: 'on', PATCHBAY_SANDBOX_PORT: String(port) },
  });
  const acmePid = async (): Promise<number | undefined> =>
    (await childrenOf(product.pid)).find(({ command }) => command.includes(ENTRY))?.pid;
  return { product, acmeUrl: `http://127.0.0.1:${port}`, acmePid };
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/contacts`).then(
    (reply) => reply.ok,
    () => false,
  );
}

describe('the sandbox app beside a running product', () => {
  test(
    'is said before Patchbay is, leads consent back to it, and ends with it',
    { timeout: LONG },
    async () => {
      const { product, acmeUrl, acmePid } = await startWithAcme();
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
      const back = await giveConsent(url);
      expect(back.href.startsWith(`${redirectUri}?code=`)).toBe(true);

      const pid = await waitFor('its process', acmePid);
      const state = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      expect(state).not.toContain('DATABASE_URL');
      expect(await product.stop()).toBe(0);
      expect(await isRunning(pid)).toBe(false);
      expect(product.output()).not.toContain('ended');
    },
  );

  test('starts again when it dies, and Patchbay does not notice', { timeout: LONG }, async () => {
    const { product, acmeUrl, acmePid } = await startWithAcme();
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

  test('ends with a supervisor that was killed', { timeout: LONG }, async () => {
    const { product, acmePid } = await startWithAcme();
    const pid = await waitFor('its process', acmePid);
    process.kill(product.pid, 'SIGKILL');
    await waitFor('Acme to end', async () => !(await isRunning(pid)));
  });

  test('that cannot start is left out, with a sentence that says why', { timeout: LONG }, async () => {
    const dataDir = await temporaryFolder();
    cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
    await writeFile(join(dataDir, 'acme.json'), 'not what Acme wrote');
    const { product, acmeUrl } = await startWithAcme(dataDir);
    expect(product.output()).toContain('is not a state of Acme: move it away');
    expect(product.output()).toContain('Patchbay runs without it.');
    expect(product.output()).toContain(`Patchbay is ready: ${product.url}`);
    expect(await answers(acmeUrl)).toBe(false);
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
  });

  test('is not there when it is off', { timeout: LONG }, async () => {
    const product = await start({ env: { PATCHBAY_SANDBOX: 'off' } });
    expect(product.output()).not.toContain('Acme');
    const commands = (await childrenOf(product.pid)).map(({ command }) => command);
    expect(commands.length).toBeGreaterThanOrEqual(2);
    expect(commands.filter((command) => command.includes(ENTRY))).toEqual([]);
  });
});

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createTestDatabase } from '#test/support/database.ts';
import { freePort } from '#test/support/free-port.ts';
import { childrenOf, isRunning } from '#test/support/processes.ts';
import { launch, startProduct, temporaryFolder, type Product } from '#test/support/product.ts';
import { runCli } from '#test/support/run-cli.ts';
import { waitFor } from '#test/support/wait-for.ts';

const LONG = 240_000;
const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}, LONG);

async function start(options: Parameters<typeof startProduct>[0] = {}): Promise<Product> {
  const product = await startProduct(options);
  cleanUps.push(() => product.stop());
  return product;
}

async function isReady(product: Product): Promise<boolean> {
  return fetch(`${product.url}/readyz`).then(
    (reply) => reply.ok,
    () => false,
  );
}

/** One for the tests of a group, which need no new one: to make a database takes seconds. */
function useDataDir(): { readonly path: string } {
  const dataDir = { path: '' };
  beforeAll(async () => {
    dataDir.path = await temporaryFolder();
  });
  afterAll(() => rm(dataDir.path, { recursive: true, force: true }));
  return dataDir;
}

/** Flows as the API lists them: enough to see that data is still there. */
async function api(product: Product, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${product.apiKey}`, 'content-type': 'application/json' };
  return fetch(`${product.url}/api/v1${path}`, { ...init, headers });
}

describe('a running product', () => {
  test(
    'starts a killed worker and a killed web process again, and stops both gracefully',
    { timeout: LONG },
    async () => {
      const product = await start();
      const killedWorker = await product.killWorker('SIGKILL');
      const worker = await waitFor('another worker', async () =>
        (await product.workerPids()).find((pid) => pid !== killedWorker),
      );
      expect(await isRunning(worker)).toBe(true);

      const killedWeb = await product.webPid();
      process.kill(killedWeb, 'SIGKILL');
      await waitFor(
        'another web process',
        async () => (await product.webPid()) !== killedWeb && (await isReady(product)),
        60_000,
      );
      expect(product.output()).toContain('The web process ended (SIGKILL)');

      const children = await childrenOf(product.pid);
      expect(children.length).toBeGreaterThanOrEqual(2);
      expect(await product.stop()).toBe(0);
      for (const child of children) expect(await isRunning(child.pid)).toBe(false);
    },
  );

  test('ends with a supervisor that was killed', { timeout: LONG }, async () => {
    const product = await start();
    const children = await childrenOf(product.pid);
    process.kill(product.pid, 'SIGKILL');
    await waitFor(
      'web and worker to end',
      async () => (await Promise.all(children.map((child) => isRunning(child.pid)))).every((runs) => !runs),
      40_000,
    );
  });

  test('takes two signals within a second, as npm sends them, for one', { timeout: LONG }, async () => {
    const product = await start();
    process.kill(product.pid, 'SIGINT');
    process.kill(product.pid, 'SIGINT');
    expect(await product.stop()).toBe(0);
  });
});

describe('npm start', () => {
  const dataDir = useDataDir();

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with 0 on %s to npm, and leaves nothing behind',
    { timeout: LONG },
    async (signal) => {
      const port = await freePort();
      const npm = launch(
        {
          ...process.env,
          PORT: String(port),
          DATABASE_URL: '',
          PATCHBAY_SECRET_KEY: '',
          PATCHBAY_DATA_DIR: dataDir.path,
        },
        ['npm', 'start'],
      );
      cleanUps.push(() => npm.stop());
      await waitFor('npm start', () => npm.isReady() || npm.hasEnded(), 180_000);
      expect(npm.output()).toContain(`Patchbay is ready: http://127.0.0.1:${port}`);
      process.kill(npm.pid, signal);
      expect(await npm.ended).toBe(0);
      await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
      await expect(stat(join(dataDir.path, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
    },
  );
});

describe('the embedded database', () => {
  test(
    'keeps everything for the next start, also after the supervisor was killed',
    { timeout: LONG },
    async () => {
      const dataDir = await temporaryFolder();
      cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
      const first = await start({ dataDir, durable: true });
      const body = JSON.stringify({
        slug: 'kept',
        connector: 'signing_secret',
        fields: { secret: 'x'.repeat(32) },
      });
      expect((await api(first, '/connections', { method: 'POST', body })).status).toBe(201);
      expect((await stat(join(dataDir, 'secret-key'))).mode & 0o777).toBe(0o600);

      const rival = launch({
        ...process.env,
        PORT: String(await freePort()),
        DATABASE_URL: '',
        PATCHBAY_DATA_DIR: dataDir,
      });
      await waitFor('the rival to give up', () => rival.hasEnded(), 60_000);
      expect(await rival.stop()).toBe(1);
      expect(rival.output()).toContain('is in use by another Patchbay');
      expect(await isReady(first)).toBe(true);

      process.kill(first.pid, 'SIGKILL');
      const second = await start({ dataDir, durable: true, env: { PATCHBAY_OWNER_API_KEY: first.apiKey } });
      const kept = await fetch(`${second.url}/api/v1/connections/kept`, {
        headers: { authorization: `Bearer ${first.apiKey}` },
      });
      expect(kept.status).toBe(200);
      expect(await second.stop()).toBe(0);
      expect((await childrenOf(1)).filter(({ command }) => command.includes(dataDir))).toEqual([]);
    },
  );
});

describe('the master key beside the embedded database', () => {
  test('is replaced by two commands and a restart', { timeout: LONG }, async () => {
    const dataDir = await temporaryFolder();
    cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
    const keys = (command: string) => runCli(['keys', command], { env: { PATCHBAY_DATA_DIR: dataDir } });
    expect(await keys('new')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no file secret-key'),
    });
    const first = await start({ dataDir, durable: true });
    const body = JSON.stringify({ slug: 'kept', connector: 'bearer_token', fields: { token: 'a-token' } });
    expect((await api(first, '/connections', { method: 'POST', body })).status).toBe(201);
    const oldKey = await readFile(join(dataDir, 'secret-key'), 'utf8');

    expect(await keys('new')).toMatchObject({ code: 0, stderr: '' });
    expect(await keys('new')).toMatchObject({ code: 1, stderr: expect.stringContaining('keys rotate') });
    // What runs knows the old key alone.
    expect(await keys('rotate')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('restart it first'),
    });
    expect(await first.stop()).toBe(0);

    const second = await start({ dataDir, durable: true, env: { PATCHBAY_OWNER_API_KEY: first.apiKey } });
    const rotated = await keys('rotate');
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    expect(rotated.stdout).toContain('Brought 1 records under the current key');
    expect(await second.stop()).toBe(0);

    const files = (await readdir(dataDir)).filter((name) => name.startsWith('secret-key'));
    expect(files).toEqual(['secret-key', expect.stringMatching(/^secret-key-until-/)]);
    for (const name of files) expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(dataDir, files[1]!), 'utf8')).toBe(oldKey);
    expect(await readFile(join(dataDir, 'secret-key'), 'utf8')).not.toBe(oldKey);
    const third = await start({ dataDir, durable: true });
    expect(await third.stop()).toBe(0);

    await writeFile(join(dataDir, 'secret-key'), oldKey);
    const refused = launch({
      ...process.env,
      PORT: String(await freePort()),
      DATABASE_URL: '',
      PATCHBAY_DATA_DIR: dataDir,
    });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatch(/cannot be opened with the PATCHBAY_SECRET_KEY at hand/);
  });
});

describe('an embedded database that dies', () => {
  const dataDir = useDataDir();

  test('is back by itself, at the same place, and nobody else had to end', { timeout: LONG }, async () => {
    const product = await start({ dataDir: dataDir.path, durable: true });
    const before = await childrenOf(product.pid);
    for (let deaths = 0; deaths < 2; deaths += 1) {
      const killed = await postmaster();
      process.kill(killed, 'SIGKILL');
      await waitFor('another Postgres', async () => (await postmaster()) !== killed, 60_000);
      await waitFor('the product to serve again', () => isReady(product), 60_000);
    }
    const flows = await waitFor('the API', async () => {
      const reply = await api(product, '/flows');
      return reply.ok && reply;
    });
    expect(await flows.json()).toMatchObject({ data: [] });
    expect(await childrenOf(product.pid)).toEqual(before);
    expect(await product.stop()).toBe(0);
    await expect(stat(join(dataDir.path, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  test('keeps nobody from stopping', { timeout: LONG }, async () => {
    const product = await start({ dataDir: dataDir.path, durable: true });
    process.kill(await postmaster(), 'SIGKILL');
    expect(await product.stop()).toBe(0);
    expect((await childrenOf(1)).filter(({ command }) => command.includes(dataDir.path))).toEqual([]);
  });

  async function postmaster(): Promise<number> {
    const file = await readFile(join(dataDir.path, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
    return Number(file.split('\n')[0]);
  }
});

describe('what keeps Patchbay from starting is one sentence and exit code 1', () => {
  async function sentenceOf(env: Record<string, string>): Promise<string> {
    const dataDir = await temporaryFolder();
    cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
    const base = {
      DATABASE_URL: '',
      PATCHBAY_SECRET_KEY: '',
      PORT: String(await freePort()),
      PATCHBAY_DATA_DIR: dataDir,
    };
    const product = launch({ ...process.env, ...base, ...env });
    await waitFor('it to give up', () => product.hasEnded(), 60_000);
    expect(await product.stop()).toBe(1);
    return product.output().trim();
  }
  const key = randomBytes(32).toString('base64');

  test('a busy port', { timeout: LONG }, async () => {
    const taken = createServer();
    const port = await freePort();
    await new Promise<void>((done) => taken.listen(port, '127.0.0.1', done));
    cleanUps.push(() => new Promise((done) => taken.close(done)));
    expect(await sentenceOf({ PORT: String(port) })).toBe(
      `Port ${port} on 127.0.0.1 is in use: stop what uses it, or set PORT to another.`,
    );
  });

  test('a missing key', { timeout: LONG }, async () => {
    const said = await sentenceOf({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' });
    expect(said).toMatch(/^PATCHBAY_SECRET_KEY is not set\. .*$/);
  });

  test('a key that is none', { timeout: LONG }, async () => {
    const said = await sentenceOf({
      DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x',
      PATCHBAY_SECRET_KEY: 'short',
    });
    expect(said).toMatch(/^PATCHBAY_SECRET_KEY must be exactly 32 bytes in base64 .*$/);
  });

  test('an unreachable database, whose password stays unsaid', { timeout: LONG }, async () => {
    const port = await freePort();
    const said = await sentenceOf({
      DATABASE_URL: `postgres://u:hush@127.0.0.1:${port}/x`,
      PATCHBAY_SECRET_KEY: key,
    });
    expect(said).toBe(
      `The database at 127.0.0.1:${port} cannot be reached (ECONNREFUSED): check DATABASE_URL and that Postgres runs.`,
    );
  });

  test('a database that does not exist', { timeout: LONG }, async () => {
    const database = await createTestDatabase();
    cleanUps.push(() => database.drop());
    const url = new URL(database.url);
    url.pathname = '/not_there';
    expect(await sentenceOf({ DATABASE_URL: url.href, PATCHBAY_SECRET_KEY: key })).toContain(
      'not_there does not exist',
    );
  });

  test('a URL of something else', { timeout: LONG }, async () => {
    expect(await sentenceOf({ DATABASE_URL: 'mysql://u@h/x', PATCHBAY_SECRET_KEY: key })).toMatch(
      /^DATABASE_URL is not a Postgres URL/,
    );
  });

  test('a wrong variable', { timeout: LONG }, async () => {
    expect(await sentenceOf({ PATCHBAY_WORKERS: 'many' })).toMatch(
      /^The environment variable PATCHBAY_WORKERS is wrong/,
    );
  });

  test('a secret of the owner that is too short', { timeout: LONG }, async () => {
    const database = await createTestDatabase();
    cleanUps.push(() => database.drop());
    const said = await sentenceOf({
      DATABASE_URL: database.url,
      PATCHBAY_SECRET_KEY: key,
      PATCHBAY_OWNER_API_KEY: 'short',
    });
    expect(said).toContain('PATCHBAY_OWNER_API_KEY must have 32');
    expect(said).not.toContain('    at ');
  });
});

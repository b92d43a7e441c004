import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { answerPackedAsset, readPackedAssets } from '#server/web/packed-assets.ts';

const SCRIPT = 'console.log("packed");\n'.repeat(100);
let folder = '';
let url = '';
const server = createServer();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-assets-'));
  await mkdir(join(folder, 'chunks'));
  await writeFile(join(folder, 'chunks/a.js'), SCRIPT);
  await writeFile(join(folder, 'chunks/a.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'chunks/b.js'), SCRIPT);
  const assets = await readPackedAssets(folder);
  server.on('request', (request, response) => {
    if (!answerPackedAsset(request, response, assets)) response.writeHead(404).end('somebody else');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/_next/static`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

it('sends a script as the build packed it, to be kept for good', async () => {
  const reply = await fetch(`${url}/chunks/a.js`, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
  expect(Object.fromEntries(reply.headers)).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'application/javascript; charset=UTF-8',
    'content-length': String(brotliCompressSync(SCRIPT).length),
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Accept-Encoding',
  });
  expect(await reply.text()).toBe(SCRIPT);
});

it.each([
  ['a browser that takes no Brotli', '/chunks/a.js', 'gzip', 'GET'],
  ['a browser that refuses it', '/chunks/a.js', 'br;q=0, gzip', 'GET'],
  ['another method', '/chunks/a.js', 'br', 'POST'],
  ['what was not packed', '/chunks/b.js', 'br', 'GET'],
  ['a path out of the folder', '/chunks/../../../package.json', 'br', 'GET'],
])('leaves %s to Next', async (_, path, encoding, method) => {
  const reply = await fetch(`${url}${path}`, { method, headers: { 'accept-encoding': encoding } });
  expect([reply.status, await reply.text()]).toEqual([404, 'somebody else']);
});

import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';

import { startEmbeddedPostgres, type EmbeddedPostgres } from '#server/db/embedded.ts';
import { trySessionLock, withSessionLock } from '#server/db/session-lock.ts';

const LONG = 120_000;
const folders: string[] = [];
const running: EmbeddedPostgres[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop().catch(() => undefined);
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}, LONG);

async function folder(mode: number): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'patchbay-embedded-'));
  folders.push(made);
  await chmod(made, mode);
  return join(made, 'data');
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir });
  running.push(server);
  return server;
}

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded Postgres', () => {
  // 0700: as root, Postgres's own user may not pass. 0711: it may.
  test.each([
    ['0700', 0o700],
    ['0711', 0o711],
  ])('starts in a folder with mode %s and keeps its data', { timeout: LONG }, async (_name, mode) => {
    const dataDir = await folder(mode);
    const first = await start(dataDir);
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start(dataDir);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test(
    'is taken over while it runs, and then stopped by whoever took it over',
    { timeout: LONG },
    async () => {
      const dataDir = await folder(0o711);
      const first = await start(dataDir);
      const second = await start(dataDir);
      expect(second.url).toBe(first.url);
      await second.stop();
      running.length = 0;
      await expect(ask(first.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    },
  );

  test(
    'listens on loopback with a password, keeps what it writes, and lets nobody else read',
    { timeout: LONG },
    async () => {
      const dataDir = await folder(0o711);
      const { url } = await start(dataDir);
      const settings = await ask<{ name: string; setting: string }>(
        url,
        `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'unix_socket_directories') ORDER BY name`,
      );
      expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
        fsync: 'on',
        synchronous_commit: 'on',
        full_page_writes: 'on',
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
      });
      const wrong = new URL(url);
      wrong.password = 'wrong';
      await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
      expect((await stat(join(dataDir, 'postgres-password'))).mode & 0o077).toBe(0);
      expect((await stat(join(dataDir, 'postgres'))).mode & 0o077).toBe(0);
      expect(await readFile(join(dataDir, 'postgres', 'PG_VERSION'), 'utf8')).toBe('18\n');
    },
  );
});

describe('a session lock', () => {
  test('has one holder, and a waiting one gets it next', { timeout: LONG }, async () => {
    const { url } = await start(await folder(0o711));
    const held = await trySessionLock(url, 'one');
    expect(held).not.toBeNull();
    expect(await trySessionLock(url, 'one')).toBeNull();
    const other = await trySessionLock(url, 'other');
    expect(other).not.toBeNull();
    let hasRun = false;
    const waiting = withSessionLock(url, 'one', () => Promise.resolve((hasRun = true)));
    expect(await Promise.race([waiting, new Promise((done) => setTimeout(done, 200, 'still waiting'))])).toBe(
      'still waiting',
    );
    await held?.release();
    await waiting;
    expect(hasRun).toBe(true);
    await other?.release();
  });
});

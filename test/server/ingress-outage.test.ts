import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { drainIngress } from '#server/ingress/drain-ingress.ts';
import { flushNotices } from '#server/live/outbox.ts';
import { stopQueue } from '#server/queue/boss.ts';
import {
  deliver,
  makeHook,
  startHookServer,
  type HookServer,
  type TestHook,
} from '#test/support/hook-fixture.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { startTcpProxy, type TcpProxy } from '#test/support/tcp-proxy.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';
import { waitFor } from '#test/support/wait-for.ts';

useAppDatabase();

let direct: pg.Client;
let proxy: TcpProxy;
let server: HookServer;
let hook: TestHook;

beforeAll(async () => {
  const url = new URL(process.env['DATABASE_URL'] ?? '');
  direct = new pg.Client({ connectionString: url.href });
  await direct.connect();
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.host = `127.0.0.1:${proxy.port}`;
  // Before anything reads it: the product's way to the database is one that can be cut.
  process.env['DATABASE_URL'] = url.href;
  hook = await makeHook({
    workspaceId: await makeWorkspace(),
    config: { dedupe: { $expr: 'trigger.body.id' } },
  });
  server = await startHookServer();
  expect(await send('warm-up')).toMatchObject({ status: 202 });
});

afterAll(async () => {
  await server.stop();
  await drainIngress();
  await flushNotices();
  await stopQueue();
  await direct.end();
});

function send(id: string) {
  return deliver(server, hook.path, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id }),
  });
}

async function countOf(id: string): Promise<{ events: number; runs: number }> {
  const { rows } = await direct.query<{ events: number; runs: number }>(
    `SELECT count(*)::int AS events, count(run.id)::int AS runs
     FROM event LEFT JOIN run ON run.event_id = event.id WHERE event.dedupe_key = $1`,
    [id],
  );
  return rows[0]!;
}

/** Holds the event table, so that a batch is caught in the middle of its transaction. */
async function withEventsLocked(work: () => Promise<void>): Promise<void> {
  await direct.query('BEGIN; LOCK TABLE event IN EXCLUSIVE MODE');
  try {
    await work();
  } finally {
    await direct.query('COMMIT');
  }
}

async function waitUntilBlocked(): Promise<number[]> {
  return waitFor('a batch that waits for the lock', async () => {
    // Otherwise a transaction sees the sessions as they were when it looked first.
    await direct.query('SELECT pg_stat_clear_snapshot()');
    const { rows } = await direct.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'patchbay-ingress' AND wait_event_type = 'Lock'
       AND datname = current_database()`,
    );
    return rows.length > 0 && rows.map((row) => row.pid);
  });
}

async function terminate(pids: readonly number[]): Promise<void> {
  await direct.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
}

/** The product finds out by itself; the next accepted event shows it. */
async function waitUntilAccepting(): Promise<number> {
  const startedAt = performance.now();
  await waitFor('an accepted event', async () => (await send('probe')).status === 202);
  return performance.now() - startedAt;
}

describe('nothing is acknowledged before it is stored', () => {
  it('a connection killed before its commit: 503 with Retry-After, and no row', async () => {
    await withEventsLocked(async () => {
      const reply = send('killed');
      const pids = await waitUntilBlocked();
      // No way back either: what is tried again fails too.
      await proxy.cut();
      await terminate(pids);
      expect(await reply).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    });
    expect(await countOf('killed')).toEqual({ events: 0, runs: 0 });
    await proxy.restore();
    await waitUntilAccepting();
    expect(await send('killed')).toMatchObject({ status: 202 });
    expect(await countOf('killed')).toEqual({ events: 1, runs: 1 });
  });

  it('a connection killed while the database lives: the batch is stored once, on another connection', async () => {
    let reply: ReturnType<typeof send> | undefined;
    await withEventsLocked(async () => {
      reply = send('retried');
      await terminate(await waitUntilBlocked());
      await waitUntilBlocked();
    });
    expect(await reply).toMatchObject({ status: 202 });
    expect((await reply)?.json).not.toHaveProperty('duplicate');
    expect(await countOf('retried')).toEqual({ events: 1, runs: 1 });
  });

  it('no reply while the commit has not happened', async () => {
    let isAnswered = false;
    let reply: ReturnType<typeof send> | undefined;
    await withEventsLocked(async () => {
      reply = send('slow');
      void reply.then(() => (isAnswered = true));
      await waitUntilBlocked();
      await sleep(100);
      expect(isAnswered).toBe(false);
    });
    expect(await reply).toMatchObject({ status: 202 });
  });
});

describe('the database is away', () => {
  it('answers 503 with Retry-After at once, survives, and accepts within 3 s of its return', async () => {
    await proxy.cut();
    expect(await send('away-1')).toMatchObject({
      status: 503,
      headers: { 'retry-after': expect.any(String) },
    });

    const times: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const startedAt = performance.now();
      expect((await send(`away-${index}`)).status).toBe(503);
      times.push(performance.now() - startedAt);
    }
    // Far below any time-out of the database client: it is not asked at all.
    expect(times.sort((a, b) => a - b)[10]).toBeLessThan(1_000);

    await proxy.restore();
    expect(await waitUntilAccepting()).toBeLessThan(3_000);
    expect(await send('away-1')).toMatchObject({ status: 202 });
    expect(await countOf('away-1')).toEqual({ events: 1, runs: 1 });
  });

  it('events that wait for a batch when it goes are refused too, none is left hanging', async () => {
    await withEventsLocked(async () => {
      const replies = Array.from({ length: 300 }, (_, index) => send(`waiting-${index}`));
      const pids = await waitUntilBlocked();
      await proxy.cut();
      await terminate(pids);
      expect(new Set((await Promise.all(replies)).map((reply) => reply.status))).toEqual(new Set([503]));
    });
    await proxy.restore();
    await waitUntilAccepting();
    expect(await countOf('waiting-0')).toEqual({ events: 0, runs: 0 });
  });

  it('a network that swallows packets: 503 before ten seconds are over', { timeout: 120_000 }, async () => {
    proxy.hold();
    const startedAt = performance.now();
    expect(await send('swallowed')).toMatchObject({ status: 503 });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await proxy.cut();
    await proxy.restore();
    await waitUntilAccepting();
  });
});

describe('one event that cannot be stored', () => {
  it('does not take its neighbours with it', async () => {
    // A row that the database itself refuses, whatever ingress makes of it.
    await direct.query(
      `ALTER TABLE event ADD CONSTRAINT no_poison CHECK (dedupe_key IS DISTINCT FROM 'poison')`,
    );
    const ids = Array.from({ length: 40 }, (_, index) => (index === 20 ? 'poison' : `good-${index}`));
    const replies = await Promise.all(ids.map(send));
    await direct.query('ALTER TABLE event DROP CONSTRAINT no_poison');
    expect(replies[20]).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
    expect(replies.filter((reply) => reply.status === 202)).toHaveLength(39);
    expect(await countOf('good-19')).toEqual({ events: 1, runs: 1 });
    expect(await countOf('poison')).toEqual({ events: 0, runs: 0 });
    // Sent again, it is not held for a duplicate of what was never stored.
    expect((await send('poison')).json).not.toHaveProperty('duplicate');
  });
});

describe('the queue in trouble', () => {
  it('costs no event: without its tables, events and runs are stored', async () => {
    await direct.query('DROP SCHEMA IF EXISTS pgboss CASCADE');
    expect(await send('no-queue')).toMatchObject({ status: 202 });
    expect(await countOf('no-queue')).toEqual({ events: 1, runs: 1 });
  });
});

import { createHash, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import { describe, expect, it } from 'vitest';

import { createPool, databaseUrl, pool } from '#server/db/pool.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { acceptEvent } from '#server/ingress/accept-event.ts';
import type { AcceptedEvent, Outcome } from '#server/ingress/accepted-event.ts';
import { drainIngress } from '#server/ingress/drain-ingress.ts';
import { findHook, type Hook } from '#server/ingress/find-hook.ts';
import { HeldBytes } from '#server/ingress/held-bytes.ts';
import { queue, WAKE_QUEUE } from '#server/queue/boss.ts';
import { deliver, eventsOf, makeHook, startHookServer } from '#test/support/hook-fixture.ts';
import { useHooks } from '#test/support/use-hooks.ts';
import { waitFor } from '#test/support/wait-for.ts';

const hooks = useHooks();

async function withEventsLocked(work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE event IN EXCLUSIVE MODE');
  try {
    await work();
  } finally {
    await client.query('COMMIT');
    await client.end();
  }
}

function eventFor(hook: Hook | null): AcceptedEvent {
  if (!hook?.published) throw new Error('the hook is not published');
  const { tokenHash, flowId, published } = hook;
  return {
    eventId: uuidv7(),
    runId: uuidv7(),
    tokenHash,
    flowId,
    versionId: published.versionId,
    versionNumber: published.versionNumber,
    connectionSlug: null,
    connectionStamp: null,
    dedupeKey: null,
    method: 'POST',
    query: '{}',
    headers: '{}',
    body: Buffer.from('x'),
    contentType: '',
    remoteAddress: '127.0.0.1',
    verified: 'none',
    quarantine: null,
    concurrencyKey: null,
    concurrencyLimit: null,
    businessKey: null,
  };
}

describe('more events than can be stored', () => {
  it('429 with Retry-After beyond the queue; what was taken is stored; one flow leaves room for another', async () => {
    const noisy = await makeHook({ workspaceId: hooks.workspaceId });
    const quiet = await makeHook({ workspaceId: hooks.workspaceId });
    const hook = await findHook(createHash('sha256').update(noisy.token).digest('hex'));
    let taken: Promise<Outcome>[] = [];
    let other: ReturnType<typeof deliver> | undefined;
    await withEventsLocked(async () => {
      taken = Array.from({ length: 1_500 }, () => acceptEvent(eventFor(hook)));
      // Two batches are on their way by now, which leaves room again.
      await sleep(100);
      taken.push(...Array.from({ length: 500 }, () => acceptEvent(eventFor(hook))));
      const refused = await deliver(hooks.server, noisy.path, { body: 'x' });
      expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
      other = deliver(hooks.server, quiet.path, { body: 'x' });
      await sleep(50);
    });
    expect(await other).toMatchObject({ status: 202 });
    const stored = (await Promise.all(taken)).filter((outcome) => outcome.kind === 'stored');
    expect(stored.length).toBeGreaterThan(1_500);
    expect(stored.length).toBeLessThan(2_000);
    expect(await eventsOf(noisy)).toHaveLength(stored.length);
  });

  it('bodies in memory are counted, given back, and bounded', () => {
    const [one, other] = [new HeldBytes(), new HeldBytes()];
    expect(one.add(20 * 1_048_576)).toBe(true);
    expect(other.add(10 * 1_048_576)).toBe(false);
    one.release();
    expect(other.add(10 * 1_048_576)).toBe(true);
    other.release();
    other.release();
    expect(one.add(22 * 1_048_576)).toBe(true);
    one.release();
  });

  it('large bodies that fill the memory, or do not say how large they are, leave room for small ones', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    const large = new HeldBytes(1_000_000);
    expect(large.add(22 * 1_048_576)).toBe(true);
    try {
      expect(await deliver(hooks.server, hook.path, { body: 'x'.repeat(30_000) })).toMatchObject({
        status: 202,
      });
      const headers = { 'transfer-encoding': 'chunked' };
      const others = await Promise.all([
        deliver(hooks.server, hook.path, { body: 'x'.repeat(40_000) }),
        deliver(hooks.server, hook.path, { headers, body: 'x' }),
      ]);
      expect(others.map(({ status }) => status)).toEqual([429, 429]);
      expect(new HeldBytes(32_768).add(11 * 1_048_576)).toBe(false);
    } finally {
      large.release();
    }
    expect(await deliver(hooks.server, hook.path, { body: 'x'.repeat(40_000) })).toMatchObject({
      status: 202,
    });
  });
});

describe('senders that misbehave', () => {
  const raw = (port: number, bytes: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(answer));
      setTimeout(() => socket.destroy(), 4_000).unref();
    });

  it('one that leaves in the middle of a body stores nothing and costs nothing', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    const { port } = new URL(hooks.server.url);
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`POST ${hook.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf`);
      setTimeout(() => socket.destroy(), 50);
    });
    await new Promise((resolve) => socket.once('close', resolve));
    await sleep(100);
    expect(await eventsOf(hook)).toEqual([]);
    expect(await deliver(hooks.server, hook.path, { body: 'x' })).toMatchObject({ status: 202 });
  });

  it('one that sends on after 413 reads its reply, then the connection ends', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: { maxBodyBytes: 10 } });
    const own = await startHookServer();
    const head = `POST ${hook.path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await raw(
      Number(new URL(own.url).port),
      `${head}${`400\r\n${'x'.repeat(1_024)}\r\n`.repeat(500)}`,
    );
    await own.stop();
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(await eventsOf(hook)).toEqual([]);
  });

  it('one that sends a little after its refusal may use the connection again', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: { maxBodyBytes: 10 } });
    const head = (length: number) =>
      `POST ${hook.path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
    const socket = connect(Number(new URL(hooks.server.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.write(head(32_000) + 'x'.repeat(1_000));
    await waitFor('the refusal', () => answer.startsWith('HTTP/1.1 413 '));
    socket.write('x'.repeat(31_000) + head(1) + 'x');
    await waitFor('the second reply', () => answer.includes('HTTP/1.1 202 '));
    socket.destroy();
    expect(await eventsOf(hook)).toHaveLength(1);
  });

  it('a body in pieces of one byte counts with what the pieces take', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    const head = `POST ${hook.path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await raw(
      Number(new URL(hooks.server.url).port),
      `${head}${'1\r\nx\r\n'.repeat(250_000)}0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 429 /);
    expect(await eventsOf(hook)).toEqual([]);
  });

  it.each([
    [
      'both length and chunks',
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hooks/x HTTP/1.1\r\n\r\n',
    ],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a blank before the colon', 'Content-Length : 1\r\n\r\na'],
    ['a NUL in a value', 'X-A: a\0b\r\nContent-Length: 1\r\n\r\na'],
    ['a chunk that is none', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s: refused, and no event', async (_, rest) => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    const answer = await raw(
      Number(new URL(hooks.server.url).port),
      `POST ${hook.path} HTTP/1.1\r\nHost: x\r\n${rest}`,
    );
    expect(answer === '' || answer.startsWith('HTTP/1.1 400 ')).toBe(true);
    expect(await eventsOf(hook)).toEqual([]);
  });
});

describe('after the commit', () => {
  it('a wake-up that names the run is in the queue', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    const reply = await deliver(hooks.server, hook.path, { body: 'x' });
    const boss = await queue();
    const runIds = await waitFor('the wake-up', async () => {
      const { rows } = await pool().query<{ data: { runIds: string[] } }>(
        'SELECT data FROM pgboss.job WHERE name = $1',
        [WAKE_QUEUE],
      );
      return rows.map((row) => row.data.runIds).find((ids) => ids.includes(String(reply.json?.['runId'])));
    });
    expect(runIds).toContain(reply.json?.['runId']);
    expect(boss).toBeDefined();
  });

  it('draining waits for what was accepted, and ingress works again afterwards', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId });
    const replies = Array.from({ length: 50 }, () =>
      deliver(hooks.server, hook.path, { body: randomUUID() }),
    );
    await Promise.race(replies);
    await drainIngress();
    expect((await Promise.all(replies)).map((reply) => reply.status)).toEqual(replies.map(() => 202));
    expect(await deliver(hooks.server, hook.path, { body: 'x' })).toMatchObject({ status: 202 });
    expect(await eventsOf(hook)).toHaveLength(51);
  });

  it('leaves no connection of ingress open when drained', async () => {
    await drainIngress();
    const outside = createPool(databaseUrl(), { max: 1 });
    const open = await waitFor('the connections to close', async () => {
      const { rows } = await outside.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'patchbay-ingress%'`,
      );
      return rows[0]?.count === 0;
    });
    await outside.end();
    expect(open).toBe(true);
  });
});

import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { pool } from '#server/db/pool.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { MAX_PAYLOAD_BYTES, type RunNotice } from '#server/live/channel.ts';
import { toPayloads } from '#server/live/outbox.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { subscribeToRunChanges } from '#server/live/subscribe-to-run-changes.ts';
import { stopListening } from '#server/live/hub.ts';
import { waitForRunEnd } from '#server/live/wait-for-run-end.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';
import { waitFor } from '#test/support/wait-for.ts';

useAppDatabase();
const workspaceId = randomUUID();
const flowVersionId = randomUUID();

beforeAll(async () => {
  await pool().query("insert into workspace (id, slug, name) values ($1, 'w', 'w')", [workspaceId]);
  await pool().query(
    `insert into flow_version (id, workspace_id, document, content_hash) values ($1, $2, '{}', '\\x00')`,
    [flowVersionId, workspaceId],
  );
});
afterAll(() => stopListening());

async function makeRun(): Promise<string> {
  const id = uuidv7();
  await pool().query(
    `insert into run (id, workspace_id, flow_slug, flow_name, flow_version_id, started_by)
     values ($1, $2, 'f', 'f', $3, 'manual')`,
    [id, workspaceId, flowVersionId],
  );
  return id;
}
const notice = (rest: Partial<RunNotice> = {}): RunNotice => ({
  id: uuidv7(),
  workspaceId,
  flow: 'orders',
  status: 'succeeded',
  ...rest,
});

/** Collects what a subscription hears, once it surely listens. */
async function listen(filter: Parameters<typeof subscribeToRunChanges>[0]) {
  const heard: RunNotice[] = [];
  let gaps = 0;
  const stop = subscribeToRunChanges(
    filter,
    (change) => heard.push(change),
    () => (gaps += 1),
  );
  const probe = notice({ workspaceId: randomUUID() });
  let isListening = false;
  const stopProbe = subscribeToRunChanges({ runId: probe.id }, () => (isListening = true));
  await waitFor('the listener', () => {
    publishRunChanges([probe]);
    return isListening;
  });
  stopProbe();
  heard.length = 0;
  return { heard, stop, gaps: () => gaps };
}

describe('telling which runs changed', () => {
  test('each reader hears what it asked for, and nothing after it stopped', async () => {
    const other = notice({ workspaceId: randomUUID() });
    const mine = notice();
    const all = await listen({ workspaceId });
    const one = await listen({ workspaceId, runId: mine.id });
    const flow = await listen({ workspaceId, flow: 'invoices' });
    publishRunChanges([other, mine, notice({ flow: 'invoices' })]);
    await waitFor('both changes', () => all.heard.length === 2);
    expect(all.heard.map(({ flow: slug }) => slug)).toEqual(['orders', 'invoices']);
    expect(one.heard).toEqual([mine]);
    expect(flow.heard).toMatchObject([{ flow: 'invoices' }]);
    for (const { stop } of [all, one, flow]) stop();
    publishRunChanges([mine]);
    await new Promise((done) => setTimeout(done, 200));
    expect(one.heard).toHaveLength(1);
  });

  test('a thousand changes are a few notifications; of one run only the last is told', async () => {
    const { heard, stop } = await listen({ workspaceId });
    const runs = Array.from({ length: 1_000 }, () => notice({ status: 'running' }));
    publishRunChanges(runs);
    publishRunChanges(runs.map((run) => ({ ...run, status: 'succeeded' })));
    await waitFor('all changes', () => new Set(heard.map(({ id }) => id)).size === 1_000);
    expect(heard.filter(({ status }) => status === 'succeeded')).toHaveLength(1_000);
    expect(heard.length).toBeLessThanOrEqual(2_000);
    stop();
  });

  test('no payload is longer than Postgres allows, and none is lost', () => {
    const runs = Array.from({ length: 500 }, () => notice({ flow: 'ü'.repeat(63) }));
    const payloads = toPayloads(runs);
    for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
    expect(payloads.flatMap((payload) => JSON.parse(payload) as RunNotice[])).toEqual(runs);
  });

  test('a broken connection is replaced, and readers are told to look again', async () => {
    const { heard, stop, gaps } = await listen({ workspaceId });
    await pool().query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'patchbay-live' and datname = current_database()",
    );
    await waitFor('the gap to be told', () => gaps() > 0);
    publishRunChanges([notice()]);
    await waitFor('a change after it', () => heard.length > 0);
    stop();
  });
});

describe('waiting for a run', () => {
  test('resolves when it ends, soon after it is announced', async () => {
    const id = await makeRun();
    const waiting = waitForRunEnd(id, { timeoutMs: 10_000 });
    await pool().query(`update run set status = 'succeeded', output = '{"a":1}' where id = $1`, [id]);
    publishRunChanges([notice({ id })]);
    expect(await waiting).toMatchObject({
      id,
      status: 'succeeded',
      output: { a: 1 },
      reply: null,
      error: null,
    });
  });

  test('finds out by itself when nobody announces it', async () => {
    const id = await makeRun();
    const waiting = waitForRunEnd(id, { timeoutMs: 10_000 });
    await pool().query(`update run set status = 'failed', error = '{"code":"x"}' where id = $1`, [id]);
    expect(await waiting).toMatchObject({ status: 'failed', error: { code: 'x' } });
  });

  test('a reply is enough for who waits for it, not for who waits for the end', async () => {
    const id = await makeRun();
    await pool().query(`update run set status = 'running', reply = '{"status":201}' where id = $1`, [id]);
    expect(await waitForRunEnd(id, { timeoutMs: 5_000, until: 'reply' })).toMatchObject({
      status: 'running',
      reply: { status: 201 },
    });
    expect(await waitForRunEnd(id, { timeoutMs: 100 })).toBeNull();
  });

  test('null when there is no such run, when the time is up, when the caller goes away', async () => {
    expect(await waitForRunEnd(uuidv7(), { timeoutMs: 5_000 })).toBeNull();
    const id = await makeRun();
    expect(await waitForRunEnd(id, { timeoutMs: 50 })).toBeNull();
    const controller = new AbortController();
    const waiting = waitForRunEnd(id, { timeoutMs: 60_000, signal: controller.signal });
    controller.abort();
    expect(await waiting).toBeNull();
    expect(await waitForRunEnd(id, { timeoutMs: 60_000, signal: controller.signal })).toBeNull();
  });
});

import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { putRetentionSchema, type Retention } from '#core/api/retention.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { closePool, pool } from '#server/db/pool.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { readLedger } from '#server/ledger/read-ledger.ts';
import { flushNotices } from '#server/live/outbox.ts';
import { removeOld } from '#server/retention/remove-old.ts';
import { listQuarantined } from '#server/quarantine/list-quarantined.ts';
import { replayQuarantined } from '#server/quarantine/replay-quarantined.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { previewOf, putRetention, readRetention } from '#server/retention/retention.ts';
import { jsonEvent } from '#server/runs/manual-event.ts';
import { upsertSnapshot } from '#server/sql/upsert-snapshot.ts';
import { insertQuarantined } from '#server/sql/quarantine-rows.ts';
import { takeDueRetention } from '#server/sql/retention-rows.ts';
import { testActor } from '#test/support/hook-fixture.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { publishFlow, storeRuns, type PublishedFlow } from '#test/worker/test-flow.ts';
import { RetentionKeeper } from '#worker/retention-keeper.ts';

useAppDatabase();
afterAll(async () => {
  await flushNotices();
  await stopQueue();
  await closePool();
});

let workspaceId: string;
let flow: PublishedFlow;
beforeEach(async () => {
  workspaceId = await makeWorkspace();
  flow = await publishFlow(
    { db: pool(), workspaceId },
    { nodes: [{ id: 'start', type: 'core.manual' }], edges: '' },
  );
});

interface Made {
  readonly status: 'succeeded' | 'cancelled' | 'failed' | 'waiting' | 'in_doubt';
  /** Days since it was stored, and, if it is over, since it ended. */
  readonly age: number;
  /** Of a failed run: days since somebody redrove it; absent while nobody did. */
  readonly redriven?: number;
}

/** A run with a step, an attempt and, where it failed, a dead letter. Resolves to its id. */
async function make({ status, age, redriven }: Made): Promise<string> {
  const [id] = await storeRuns({ db: pool(), workspaceId }, flow, [{ age }]);
  const isOver = status !== 'waiting' && status !== 'in_doubt';
  const at = `now() - ${age} * interval '1 day'`;
  await pool().query(
    `UPDATE run SET status = $2, created_at = ${at}, started_at = ${at}, finished_at = CASE WHEN $3 THEN ${at} END,
       wake_at = CASE WHEN $2::run_status = 'waiting' THEN now() + interval '1 day' END WHERE id = $1`,
    [id, status, isOver],
  );
  await pool().query(`INSERT INTO step (run_id, node_id, status) VALUES ($1, 'a', $2)`, [
    id,
    isOver ? 'succeeded' : status,
  ]);
  await pool().query(`INSERT INTO attempt (run_id, node_id, number, started_at) VALUES ($1, 'a', 1, now())`, [
    id,
  ]);
  if (status === 'failed')
    await pool().query(
      `INSERT INTO dead_letter (run_id, workspace_id, flow_slug, error_kind, error_code, created_at, redriven_at)
       VALUES ($1, $2, $3, 'bug', 'x', ${at}, now() - $4 * interval '1 day')`,
      [id, workspaceId, flow.slug, redriven ?? null],
    );
  return id!;
}

async function remove(set: Partial<Retention>): Promise<void> {
  const { succeededDays = null, failedDays = null, quarantineDays = null, auditDays = null } = set;
  await removeOld(
    { workspaceId, succeededDays, failedDays, quarantineDays, auditDays },
    { pause: () => Promise.resolve(true) },
  );
}

const FAST = { succeededDays: 1, auditDays: null };

/** A quarantined event, so many days old, and discarded so many days ago. Resolves to its id. */
async function hold({ age, discarded }: { readonly age: number; readonly discarded?: number }) {
  const eventId = uuidv7();
  const event = jsonEvent({ age });
  await inClientTransaction((client) =>
    insertQuarantined(client, {
      ...{ eventId, workspaceId, flow, kind: 'poll', event, dedupeKey: eventId, quarantine: '[]' },
    }),
  );
  await pool().query(
    `UPDATE event SET received_at = now() - $2::int * interval '1 day', discarded_at = now() - $3::int * interval '1 day'
     WHERE id = $1`,
    [eventId, age, discarded ?? null],
  );
  return eventId;
}

/** As a snapshot of nobody's keeps the hash of its document. */
const snapshotHash = (byte: number) => sha256(Buffer.alloc(32, byte));

async function makeVersion({
  number,
  age,
  hash = sha256(uuidv7()),
}: {
  readonly number: number | null;
  readonly age: number;
  readonly hash?: Uint8Array;
}): Promise<string> {
  const id = uuidv7();
  await pool().query(
    `INSERT INTO flow_version (id, workspace_id, flow_id, number, document, content_hash, created_at)
     VALUES ($1, $2, $3, $4, '{}', $5, now() - $6::int * interval '1 day')`,
    [id, workspaceId, flow.id, number, hash, age],
  );
  return id;
}

async function countEvent(eventId: string): Promise<number> {
  const { rows } = await pool().query<{ n: number }>('SELECT count(*)::int AS n FROM event WHERE id = $1', [
    eventId,
  ]);
  return rows[0]!.n;
}

async function left(): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(
    'SELECT id FROM run WHERE workspace_id = $1 ORDER BY id',
    [workspaceId],
  );
  return rows.map(({ id }) => id);
}

async function count(table: 'event' | 'step' | 'attempt' | 'dead_letter'): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0]!.n;
}

/** What must hold after every removal. */
async function expectSound(removed: number): Promise<void> {
  const { workspace, faults } = await readLedger(workspaceId);
  expect({ drift: workspace.drift, removed: workspace.removed, faults }).toEqual({
    drift: 0,
    removed,
    faults: [],
  });
}

describe('retention', () => {
  it('removes runs that are over and old enough, with all that is theirs, and nothing else', async () => {
    const before = {
      event: await count('event'),
      step: await count('step'),
      attempt: await count('attempt'),
    };
    const kept = [
      await make({ status: 'succeeded', age: 29 }),
      await make({ status: 'waiting', age: 400 }),
      await make({ status: 'in_doubt', age: 400 }),
      await make({ status: 'failed', age: 400 }),
      await make({ status: 'failed', age: 400, redriven: 5 }),
      await make({ status: 'failed', age: 80, redriven: 70 }),
    ];
    for (const age of [31, 31, 45]) await make({ status: 'succeeded', age });
    await make({ status: 'cancelled', age: 45 });
    await make({ status: 'failed', age: 200, redriven: 100 });
    const preview = await previewOf(workspaceId, { succeededDays: 30, failedDays: 90 });
    // By when they failed: the one that was redriven 5 days ago is counted, and stays a while.
    expect(preview).toEqual({
      ...{ succeededRuns: 4, failedRuns: 2, auditEntries: 0, openDeadLetters: 1 },
      ...{ undecidedEvents: 0, discardedEvents: 0 },
    });
    await remove({ succeededDays: 30, failedDays: 90 });
    expect(await left()).toEqual(kept.sort());
    for (const table of ['event', 'step', 'attempt'] as const)
      expect(await count(table)).toBe(before[table] + kept.length);
    // The waiting and the doubtful run were stored here without what they wait for; only those show.
    await pool().query(`DELETE FROM step WHERE run_id = ANY($1)`, [kept.slice(1, 3)]);
    await pool().query(
      `UPDATE run SET status = 'queued', wake_at = now() WHERE status IN ('waiting', 'in_doubt')`,
    );
    await expectSound(5);
  });

  it('takes a day at a time, and enters each in the audit log', async () => {
    for (const age of [40, 40, 41, 50]) await make({ status: 'succeeded', age });
    await remove({ succeededDays: 30 });
    const { rows } = await pool().query<{ runs: number; by: string }>(
      `SELECT (detail ->> 'runs')::int AS runs, actor_name AS by FROM audit_entry
       WHERE workspace_id = $1 AND action = 'retention.remove' ORDER BY id`,
      [workspaceId],
    );
    expect(rows).toEqual([1, 1, 2].map((runs) => ({ runs, by: 'Retention' })));
    await expectSound(4);
  });

  it('keeps what somebody still needs', async () => {
    const ofTest = await make({ status: 'succeeded', age: 60 });
    await pool().query(
      `INSERT INTO flow_test (id, workspace_id, flow_id, name, input, run_id, received_at, started_at, pins, expectations, created_by)
       VALUES ($1, $2, $3, 'x', '{}', $4, now(), now(), '{}', '[]', 'x')`,
      [uuidv7(), workspaceId, flow.id, ofTest],
    );
    const replayed = await make({ status: 'succeeded', age: 60 });
    const replay = await make({ status: 'waiting', age: 0 });
    await pool().query(
      'UPDATE run SET replay_of = $2, event_id = (SELECT event_id FROM run WHERE id = $2) WHERE id = $1',
      [replay, replayed],
    );
    const inBulk = await make({ status: 'succeeded', age: 60 });
    const bulk = uuidv7();
    await pool().query(
      `INSERT INTO bulk_action (id, workspace_id, kind, filter, options, status, total, created_by, created_by_name)
       VALUES ($1, $2, 'replay', '{}', '{}', 'paused', 1, 'x', 'x')`,
      [bulk, workspaceId],
    );
    await pool().query('INSERT INTO bulk_item (bulk_action_id, position, run_id) VALUES ($1, 1, $2)', [
      bulk,
      inBulk,
    ]);
    const untold = await make({ status: 'succeeded', age: 60 });
    await pool().query('UPDATE run SET is_end_due = true WHERE id = $1', [untold]);
    await remove({ succeededDays: 30 });
    expect(await left()).toEqual([ofTest, replayed, replay, inBulk, untold].sort());

    // Once the replay is over, its original goes; the event stays with the replay.
    await pool().query(`UPDATE run SET status = 'succeeded', finished_at = now() WHERE id = $1`, [replay]);
    await remove({ succeededDays: 30 });
    expect(await left()).not.toContain(replayed);
    const { rows } = await pool().query(
      'SELECT replay_of, event.id FROM run JOIN event ON event.id = event_id WHERE run.id = $1',
      [replay],
    );
    expect(rows).toEqual([{ replay_of: null, id: expect.any(String) }]);
  });

  it('counts what it removes; a run that vanishes otherwise shows as drift', async () => {
    const lost = await make({ status: 'succeeded', age: 60 });
    await make({ status: 'succeeded', age: 61 });
    await remove({ succeededDays: 61 });
    await pool().query('DELETE FROM run WHERE id = $1', [lost]);
    expect((await readLedger(workspaceId)).workspace).toMatchObject({ accepted: 2, removed: 1, drift: 1 });
  });

  it('removes quarantined events: discarded ones with failed runs, undecided ones by a time of their own, and says how many', async () => {
    const kept = [await hold({ age: 99 }), await hold({ age: 400, discarded: 29 }), await hold({ age: 1 })];
    for (const age of [101, 300]) await hold({ age });
    await hold({ age: 400, discarded: 31 });
    const replayed = await hold({ age: 400 });
    await pool().query('UPDATE flow SET published_version = 1 WHERE id = $1', [flow.id]);
    const { runs } = await replayQuarantined(testActor(workspaceId), [replayed]);
    const set = { failedDays: 30, quarantineDays: 100 };
    await putRetention(testActor(workspaceId), { succeededDays: null, auditDays: null, ...set });
    expect(await previewOf(workspaceId, set)).toMatchObject({ undecidedEvents: 2, discardedEvents: 1 });
    // It is told ahead, at each of them.
    const waiting = (await listQuarantined(workspaceId, { flow: undefined, limit: 50 })).data;
    const ahead = waiting.find(({ id }) => id === kept[0]!);
    expect(Date.parse(ahead!.goesAt!) - Date.now()).toBeLessThan(25 * 3_600_000);

    await remove(set);
    const { rows } = await pool().query<{ id: string }>('SELECT id FROM event WHERE workspace_id = $1', [
      workspaceId,
    ]);
    expect(rows.map(({ id }) => id).sort()).toEqual([...kept, replayed].sort());
    expect(await left()).toEqual([runs[0]!.runId]);
    const { rows: told } = await pool().query<{ resource: string; detail: object }>(
      `SELECT resource, detail FROM audit_entry WHERE workspace_id = $1 AND action = 'retention.remove' ORDER BY id`,
      [workspaceId],
    );
    expect(told).toEqual([
      { resource: 'quarantine:discarded', detail: { events: 1, days: 30, flows: { [flow.slug]: 1 } } },
      { resource: 'quarantine:undecided', detail: { events: 2, days: 100, flows: { [flow.slug]: 2 } } },
    ]);
    expect(await readRetention(workspaceId)).toMatchObject({
      ...set,
      undecidedRemoved: 2,
      undecidedRemovedAt: expect.any(String),
    });
    await expectSound(3);
    // Once its run is old enough, what was replayed goes with it.
    await pool().query(
      `UPDATE run SET status = 'succeeded', created_at = now() - interval '60 days', finished_at = now() - interval '60 days'
       WHERE id = $1`,
      [runs[0]!.runId],
    );
    await remove({ succeededDays: 30 });
    expect(await countEvent(replayed)).toBe(0);
    await expectSound(4);
  });

  it('keeps what waits for a decision for ever, as long as nobody says otherwise', async () => {
    await hold({ age: 3_000 });
    await putRetention(testActor(workspaceId), putRetentionSchema.parse({ ...FAST, failedDays: 1 }));
    await remove({ ...FAST, failedDays: 1 });
    expect((await listQuarantined(workspaceId, { flow: undefined, limit: 50 })).data).toMatchObject([
      { goesAt: null },
    ]);
    expect(putRetentionSchema.safeParse({ ...FAST, failedDays: 1, quarantineDays: 29 }).success).toBe(false);
  });

  it('removes versions that no run is left of: snapshots of drafts and those of deleted flows, no others', async () => {
    const published = await makeVersion({ number: 7, age: 60 });
    const young = await makeVersion({ number: null, age: 29 });
    const used = await makeVersion({ number: null, age: 60 });
    const run = await make({ status: 'failed', age: 60 });
    await pool().query('UPDATE run SET flow_version_id = $2 WHERE id = $1', [run, used]);
    await makeVersion({ number: null, age: 60 });
    const ofDeleted = await makeVersion({ number: 8, age: 60 });
    await pool().query('UPDATE flow_version SET flow_id = NULL WHERE id = $1', [ofDeleted]);
    const again = await makeVersion({ number: null, age: 60, hash: snapshotHash(9) });
    const reused = await inClientTransaction((client) =>
      upsertSnapshot(client, {
        ...{ id: uuidv7(), workspaceId, flowId: flow.id, document: {}, createdById: null },
        contentHash: new Uint8Array(32).fill(9),
      }),
    );
    expect(reused).toBe(again);

    await remove({ succeededDays: 30 });
    const { rows } = await pool().query<{ id: string }>(
      'SELECT id FROM flow_version WHERE workspace_id = $1 AND number IS DISTINCT FROM 1',
      [workspaceId],
    );
    expect(rows.map(({ id }) => id).sort()).toEqual([published, young, used, again].sort());
    const { rows: told } = await pool().query<{ detail: object }>(
      `SELECT detail FROM audit_entry WHERE workspace_id = $1 AND resource = 'versions:unused'`,
      [workspaceId],
    );
    expect(told).toEqual([{ detail: { versions: 2 } }]);
  });

  it('removes old audit entries on record, where the workspace says so', async () => {
    await pool().query(
      `INSERT INTO audit_entry (workspace_id, at, actor, actor_name, action, resource)
       SELECT $1, now() - n * interval '100 days', 'system', 'x', 'y', 'z' FROM generate_series(5, 1, -1) n`,
      [workspaceId],
    );
    expect(await previewOf(workspaceId, { auditDays: 365 })).toMatchObject({ auditEntries: 2 });
    await remove({ auditDays: 365 });
    const { rows } = await pool().query(
      'SELECT action FROM audit_entry WHERE workspace_id = $1 ORDER BY id',
      [workspaceId],
    );
    expect(rows.map(({ action }) => action)).toEqual(['y', 'y', 'y', 'retention.remove']);
  });

  it('is looked after by one worker at a time, once an hour, and soon after a change', async () => {
    const set = 'INSERT INTO retention (workspace_id, succeeded_days) VALUES ($1, 30)';
    await pool().query('DELETE FROM retention');
    await pool().query(set, [workspaceId]);
    const taken = await Promise.all([1, 2, 3].map(() => takeDueRetention(pool())));
    expect(taken.filter(Boolean)).toMatchObject([{ workspaceId, succeededDays: 30, failedDays: null }]);
    await pool().query(`UPDATE retention SET checked_at = now() - interval '61 minutes'`);
    expect(await takeDueRetention(pool())).toMatchObject({ workspaceId });
  });

  it('is done by a worker without being asked, and the worker stops in between', async () => {
    for (const age of [40, 41]) await make({ status: 'succeeded', age });
    const young = await make({ status: 'succeeded', age: 1 });
    await pool().query('DELETE FROM retention');
    await pool().query('INSERT INTO retention (workspace_id, succeeded_days) VALUES ($1, 30)', [workspaceId]);
    const keeper = new RetentionKeeper(5);
    keeper.start();
    await waitFor('old runs to go', async () => (await left()).length === 1);
    await keeper.stop();
    expect(await left()).toEqual([young]);
    await expectSound(2);
  });

  it('finds all that refers to a run or an event by an index, so that a day does not take an hour', async () => {
    const { rows } = await pool().query<{ constraint: string }>(
      `SELECT f.conname AS constraint FROM pg_constraint f
       WHERE f.contype = 'f' AND f.confrelid = ANY ('{run,event,step,dead_letter,approval}'::regclass[])
         AND NOT EXISTS (SELECT FROM pg_index i
           WHERE i.indrelid = f.conrelid AND i.indkey[0] = f.conkey[1] AND (i.indpred IS NULL
             OR pg_get_expr(i.indpred, i.indrelid) ~ ('^\\(?' || (SELECT attname FROM pg_attribute
               WHERE attrelid = f.conrelid AND attnum = f.conkey[1]) || ' IS NOT NULL\\)?$')))`,
    );
    expect(rows).toEqual([]);
  });
});

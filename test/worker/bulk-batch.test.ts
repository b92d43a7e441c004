import { afterEach, expect, test } from 'vitest';

import type { BulkActionRequest } from '#core/api/bulk-actions.ts';
import type { Json } from '#core/json.ts';
import { createBulkAction, previewBulkAction } from '#server/bulk/create-bulk-action.ts';
import { listBulkItems } from '#server/bulk/list-bulk-items.ts';
import { readBulkAction } from '#server/bulk/read-bulk-action.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { discardQuarantined } from '#server/quarantine/discard-quarantined.ts';
import { replayQuarantined } from '#server/quarantine/replay-quarantined.ts';
import { jsonEvent } from '#server/runs/manual-event.ts';
import { insertQuarantined } from '#server/sql/quarantine-rows.ts';
import { storeFailedRuns } from '#test/support/dead-letters.ts';
import { workBulkBatch } from '#worker/bulk/work-bulk-batch.ts';
import { nightShift } from './night-shift.ts';
import { post, readKeyedSteps, readRun, START, useWorkers } from './worker-fixture.ts';

const fixture = useWorkers();
// What one test leaves undone must not be taken for another's.
afterEach(async () => {
  await fixture.db.query(
    "update bulk_action set status = 'cancelled', next_at = null where status = 'running'",
  );
});

const actor = () => nightShift(fixture.workspaceId);

function create(request: Record<string, unknown>) {
  return createBulkAction(actor(), { dryRun: false, ...request } as unknown as BulkActionRequest);
}

const read = ({ id }: { id: string }) => readBulkAction(fixture.workspaceId, id);
const items = async ({ id }: { id: string }) =>
  (await listBulkItems(fixture.workspaceId, id, { limit: 200 })).data;

const publish = () =>
  fixture.publish({ nodes: [START, post('post', fixture.sink.url)], edges: 'start>post' });

async function failedRuns(inputs: readonly Json[], nodeId: string | null = 'post') {
  const flow = await publish();
  return { flow, slug: flow.slug, runIds: await storeFailedRuns(fixture, { flow, inputs, nodeId }) };
}

async function whatTheDeadLettersSay(runIds: readonly string[]): Promise<string[]> {
  const { rows } = await fixture.db.query<{ state: string }>(
    `select case when redriven_at is not null then 'redriven' when discarded_at is not null then 'discarded' else 'open' end
       as state from dead_letter join unnest($1::uuid[]) with ordinality as o(id, n) on o.id = run_id order by n`,
    [runIds],
  );
  return rows.map(({ state }) => state);
}

/** Takes batches until nothing is due at once. */
async function workAll(action: { id: string }): Promise<void> {
  while ((await read(action)).status === 'running') await workBulkBatch();
}

test('what an item does and what is recorded of it commit together', async () => {
  const { slug, runIds } = await failedRuns([1, 2, 3]);
  const action = await create({ kind: 'redrive', filter: { flow: slug }, mode: 'resume' });
  await fixture.db.query(
    `create function break_off() returns trigger language plpgsql as 'begin raise exception ''broken off''; end';
     create trigger break_off before update on bulk_action for each row execute function break_off()`,
  );
  await expect(workBulkBatch()).rejects.toThrow('broken off');
  expect(await whatTheDeadLettersSay(runIds)).toEqual(['open', 'open', 'open']);
  expect(await readRun(fixture, runIds[0]!)).toMatchObject({ status: 'failed', wake_at: null });
  expect((await read(action)).counts).toMatchObject({ pending: 3 });
  await fixture.db.query('drop trigger break_off on bulk_action; drop function break_off()');
  await workAll(action);
  expect(await whatTheDeadLettersSay(runIds)).toEqual(['redriven', 'redriven', 'redriven']);
  expect(await readRun(fixture, runIds[0]!)).toMatchObject({ status: 'queued' });
  expect((await readKeyedSteps(fixture, runIds[0]!))['post']).toMatchObject({ status: 'waiting' });
  expect(await read(action)).toMatchObject({
    status: 'done',
    counts: { done: 3 },
    results: { queued: 3, failed: 0 },
  });
});

test('an item that is refused says why, one that was dealt with is skipped, and the others go on', async () => {
  const flow = await publish();
  const whole = await storeFailedRuns(fixture, { flow, inputs: [1], nodeId: null, cause: 'odd' });
  const good = await storeFailedRuns(fixture, { flow, inputs: [2, 3, 4] });
  const action = await create({ kind: 'redrive', filter: { flow: flow.slug }, mode: 'resume' });
  await fixture.db.query('update dead_letter set discarded_at = now() where run_id = $1', [good[1]]);
  await workAll(action);
  expect(
    (await items(action)).map(({ status, resultRunId, message }) => [status, resultRunId, message]),
  ).toEqual([
    ['failed', null, expect.stringContaining('Replay it instead.')],
    ['done', good[0], null],
    ['skipped', null, 'Its dead letter is no longer open.'],
    ['done', good[2], null],
  ]);
  expect(await whatTheDeadLettersSay([...whole, ...good])).toEqual([
    'open',
    'redriven',
    'discarded',
    'redriven',
  ]);
});

test('a fault of ours in one item is told, and leaves nothing of that item behind', async () => {
  const { slug, runIds } = await failedRuns([1, 2, 3]);
  const action = await create({ kind: 'redrive', filter: { flow: slug }, mode: 'resume' });
  // Resuming the second marks its dead letter last: by then its steps and its run were changed.
  await fixture.db.query(
    `alter table dead_letter add constraint trap check (run_id <> '${runIds[1]}' or redriven_at is null)`,
  );
  await workAll(action);
  await fixture.db.query('alter table dead_letter drop constraint trap');
  expect((await items(action)).map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
  expect((await items(action))[1]?.message).toMatch(/^A fault of Patchbay: .*"trap"/);
  expect(await readRun(fixture, runIds[1]!)).toMatchObject({ status: 'failed', wake_at: null });
  expect((await readKeyedSteps(fixture, runIds[1]!))['post']).toMatchObject({ status: 'failed' });
});

test('a redrive by replay makes new runs and deals with the dead letters', async () => {
  const { slug, runIds } = await failedRuns([{ n: 1 }, { n: 2 }]);
  const action = await create({ kind: 'redrive', filter: { flow: slug }, mode: 'replay' });
  await workAll(action);
  expect(await whatTheDeadLettersSay(runIds)).toEqual(['redriven', 'redriven']);
  const made = (await items(action)).map(({ resultRunId }) => resultRunId!);
  const { rows } = await fixture.db.query(
    'select replay_of, status::text from run where id = any($1::uuid[]) order by id',
    [made],
  );
  expect(rows).toEqual(runIds.map((id) => ({ replay_of: id, status: 'queued' })));
});

test('a bulk replay gives each run the body that its expression makes, and tells where it makes none', async () => {
  const { slug, runIds } = await failedRuns([
    { total: 5, customer: 'Ada' },
    { total: 'five', customer: 'Bob' },
    { customer: 'Cy' },
    { total: 7, customer: 'Di' },
  ]);
  const action = await create({
    kind: 'replay',
    filter: { flow: slug },
    version: 'original',
    inputExpression:
      'trigger.body.total ? { "cents": trigger.body.total * 100, "for": trigger.body.customer }',
  });
  await workAll(action);
  const done = await items(action);
  expect(done.map(({ status, message }) => [status, message])).toEqual([
    ['done', null],
    ['failed', expect.stringMatching(/^The expression in "inputExpression" failed at character \d+: /)],
    ['failed', expect.stringContaining('yields nothing')],
    ['done', null],
  ]);
  const { rows } = await fixture.db.query<{ body: string; replay_of: string }>(
    `select convert_from(e.body, 'UTF8') as body, r.replay_of from run r join event e on e.id = r.event_id
     where r.id = any($1::uuid[]) order by r.id`,
    [done.flatMap(({ resultRunId }) => resultRunId ?? [])],
  );
  expect(rows.map(({ body, replay_of }) => [JSON.parse(body), replay_of])).toEqual([
    [{ cents: 500, for: 'Ada' }, runIds[0]],
    [{ cents: 700, for: 'Di' }, runIds[3]],
  ]);
  // Replaying by hand deals with no dead letter.
  expect(await whatTheDeadLettersSay(runIds)).toEqual(['open', 'open', 'open', 'open']);
});

test('a worker that comes late does not catch up in a burst', async () => {
  const { slug } = await failedRuns(Array.from({ length: 60 }, (_, n) => n));
  const action = await create({ kind: 'redrive', filter: { flow: slug }, mode: 'resume', ratePerSecond: 40 });
  const { rows } = await fixture.db.query<{ at: Date }>(
    "update bulk_action set next_at = now() - interval '1 hour' where id = $1 returning now() as at",
    [action.id],
  );
  await workBulkBatch();
  // No more than is allowed in a second.
  const { done } = (await read(action)).counts;
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThanOrEqual(40);
  const next = await fixture.db.query<{ at: Date }>('select next_at as at from bulk_action where id = $1', [
    action.id,
  ]);
  expect(next.rows[0]!.at.getTime()).toBeGreaterThanOrEqual(rows[0]!.at.getTime() - 1_000 + done * 25);
});

test('the rate holds within any second, however many workers are at it', async () => {
  const { slug } = await failedRuns(Array.from({ length: 60 }, (_, n) => n));
  const action = await create({ kind: 'redrive', filter: { flow: slug }, mode: 'resume', ratePerSecond: 8 });
  // In debt before each look: as much as may be is done at once.
  while ((await read(action)).counts.done < 20) {
    await fixture.db.query("update bulk_action set next_at = now() - interval '1 hour' where id = $1", [
      action.id,
    ]);
    await Promise.all(Array.from({ length: 4 }, () => workBulkBatch()));
  }
  const { rows } = await fixture.db.query<{ most: number }>(
    `select max(n)::int as most from (select count(*) over (order by done_at
       range between interval '999 milliseconds' preceding and current row) as n
     from bulk_item where bulk_action_id = $1 and done_at is not null) as seconds`,
    [action.id],
  );
  expect(rows[0]!.most).toBeLessThanOrEqual(8);
});

test('an action whose second is used up keeps no other waiting', async () => {
  const { slug } = await failedRuns([1, 2, 3, 4]);
  const other = await failedRuns([1, 2]);
  const slow = await create({ kind: 'redrive', filter: { flow: slug }, mode: 'resume', ratePerSecond: 1 });
  await workBulkBatch();
  // Its second lasts as long as the test.
  await fixture.db.query(
    "update bulk_item set done_at = now() + interval '1 hour' where bulk_action_id = $1",
    [slow.id],
  );
  await fixture.db.query("update bulk_action set next_at = now() - interval '1 hour' where id = $1", [
    slow.id,
  ]);
  const quick = await create({ kind: 'discard', filter: { flow: other.slug }, reason: 'Old.' });
  expect(await workBulkBatch()).toEqual({ items: 2, runs: 0 });
  expect(await read(quick)).toMatchObject({ status: 'done' });
  expect(await workBulkBatch()).toEqual({ items: 0, runs: 0 });
  expect((await read(slow)).counts).toMatchObject({ done: 1, pending: 3 });
});

test('quarantined events get their runs, each one, however many actions and people ask for it', async () => {
  const { workspaceId } = fixture;
  const [flow, other] = [await publish(), await publish()];
  const hold = async (of: typeof flow): Promise<string> => {
    const eventId = uuidv7();
    const held = { eventId, workspaceId, flow: of, event: jsonEvent({ n: 1 }), dedupeKey: eventId };
    await inClientTransaction((client) =>
      insertQuarantined(client, { ...held, kind: 'poll', quarantine: '[]' }),
    );
    return eventId;
  };
  await fixture.db.query('update flow set published_version = 1 where id = any ($1)', [[flow.id, other.id]]);
  const ids: string[] = [];
  for (let count = 0; count < 60; count += 1) ids.push(await hold(flow));
  await hold(other);
  const filter = { flow: flow.slug };
  const request = { kind: 'release', filter, dryRun: true } as const;
  expect(await previewBulkAction(actor(), request)).toMatchObject({
    ...{ total: 60, flows: [{ flow: flow.slug, count: 60 }], sample: ids.slice(0, 10) },
  });
  expect((await previewBulkAction(actor(), { ...request, filter: {} })).total).toBe(61);

  const action = await create({ kind: 'release', filter });
  const second = await create({ kind: 'release', filter });
  const byHand = await replayQuarantined(actor(), [ids[0]!]);
  expect(byHand.runs).toHaveLength(1);
  await discardQuarantined(actor(), { eventIds: [ids[1]!], reason: 'a test' });
  await Promise.all([workAll(action), workAll(second)]);
  const counts = [(await read(action)).counts, (await read(second)).counts];
  expect(counts[0]!.done + counts[1]!.done).toBe(58);
  expect(counts[0]!.skipped + counts[1]!.skipped).toBe(62);
  const { rows } = await fixture.db.query<{ events: number; runs: number }>(
    `select count(distinct event_id)::int as events, count(*)::int as runs from run where event_id = any ($1::uuid[])`,
    [ids],
  );
  expect(rows).toEqual([{ events: 59, runs: 59 }]);
  const all = await items(action);
  expect(all.map(({ eventId, runId }) => [eventId, runId])).toEqual(ids.map((id) => [id, null]));
  expect(all.slice(0, 2)).toMatchObject([
    { status: 'skipped', message: 'It is no longer in quarantine, or its flow is not published.' },
    { status: 'skipped' },
  ]);
});

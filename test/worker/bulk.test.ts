import { expect, test } from 'vitest';

import type { BulkAction } from '#core/api/bulk-actions.ts';
import {
  cancelBulkAction,
  continueBulkAction,
  paceBulkAction,
  pauseBulkAction,
} from '#server/bulk/change-bulk-action.ts';
import { createBulkAction } from '#server/bulk/create-bulk-action.ts';
import { listBulkItems } from '#server/bulk/list-bulk-items.ts';
import { readBulkAction } from '#server/bulk/read-bulk-action.ts';
import { storeFailedRuns } from '#test/support/dead-letters.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { nightShift } from './night-shift.ts';
import { post, START, useWorkers } from './worker-fixture.ts';

const fixture = useWorkers();

const actor = () => nightShift(fixture.workspaceId);

async function failedRuns(count: number): Promise<{ slug: string; runIds: string[] }> {
  const flow = await fixture.publish({ nodes: [START, post('post', fixture.sink.url)], edges: 'start>post' });
  const inputs = Array.from({ length: count }, (_, n) => ({ n }));
  return { slug: flow.slug, runIds: await storeFailedRuns(fixture, { flow, inputs }) };
}

function discard(flow: string, rest: { ratePerSecond?: number; sampleSize?: number } = {}) {
  return createBulkAction(actor(), {
    kind: 'discard',
    filter: { flow },
    reason: 'Old.',
    dryRun: false,
    ...rest,
  });
}

const read = ({ id }: { id: string }) => readBulkAction(fixture.workspaceId, id);
const items = async ({ id }: { id: string }) =>
  (await listBulkItems(fixture.workspaceId, id, { limit: 200 })).data;

function whenBulk(action: BulkAction, isSo: (action: BulkAction) => boolean): Promise<BulkAction> {
  return waitFor(
    'the bulk action to get there',
    async () => {
      const found = await read(action);
      return isSo(found) && found;
    },
    40_000,
  );
}

const isDone = ({ status }: BulkAction) => status === 'done';

test('a discard closes what is open, oldest first, and skips what somebody dealt with meanwhile', async () => {
  const { slug, runIds } = await failedRuns(120);
  const action = await discard(slug);
  await fixture.db.query('update dead_letter set redriven_at = now() where run_id = $1', [runIds[5]]);
  await fixture.startWorker();
  const done = await whenBulk(action, isDone);
  expect(done).toMatchObject({ counts: { pending: 0, done: 119, skipped: 1, failed: 0 }, isSample: false });
  expect(done.finishedAt).not.toBeNull();
  expect((await items(action))[5]).toMatchObject({
    status: 'skipped',
    message: 'Its dead letter is no longer open.',
  });
  const { rows } = await fixture.db.query(
    `select count(*) filter (where discarded_at is not null and discard_reason = 'Old.')::int as discarded,
       count(*) filter (where redriven_at is not null and discarded_at is null)::int as redriven
     from dead_letter where flow_slug = $1`,
    [slug],
  );
  expect(rows).toEqual([{ discarded: 119, redriven: 1 }]);
  const audit = await fixture.db.query(
    `select count(*)::int as n, min(actor_name) as by from audit_entry
     where action = 'dead_letter.discard' and detail ->> 'bulkAction' = $1`,
    [action.id],
  );
  expect(audit.rows).toEqual([{ n: 119, by: 'night shift' }]);
}, 240_000);

test('a sample goes first, then the action pauses for a look, and goes on when it is told', async () => {
  const { slug } = await failedRuns(12);
  const action = await discard(slug, { sampleSize: 5 });
  const paused = await whenBulk(action, ({ status }) => status === 'paused');
  expect(paused).toMatchObject({ isSample: true, counts: { pending: 7, done: 5 } });
  expect(await continueBulkAction(actor(), action.id)).toMatchObject({ status: 'running', isSample: false });
  expect(await whenBulk(action, isDone)).toMatchObject({ counts: { pending: 0, done: 12 } });
});

test('a sample of everything ends the action', async () => {
  const { slug } = await failedRuns(3);
  expect(await whenBulk(await discard(slug, { sampleSize: 3 }), isDone)).toMatchObject({ isSample: false });
});

test('never more than the rate in any second; two workers make it no faster; nothing follows a pause or a cancel', async () => {
  await fixture.startWorker();
  const { slug } = await failedRuns(90);
  const action = await discard(slug, { ratePerSecond: 20 });
  await whenBulk(action, ({ counts }) => counts.done >= 45);
  const paused = await pauseBulkAction(actor(), action.id);
  const most = await fixture.db.query<{ most: number }>(
    `select max(n)::int as most from (select count(*) over (partition by bulk_action_id order by done_at
       range between interval '999 milliseconds' preceding and current row) as n
     from bulk_item where bulk_action_id = $1 and done_at is not null) as seconds`,
    [action.id],
  );
  expect(most.rows[0]!.most).toBeLessThanOrEqual(20);
  // Another action is carried out meanwhile, so the workers looked.
  const { slug: next } = await failedRuns(2);
  await whenBulk(await discard(next), isDone);
  expect((await read(action)).counts).toEqual(paused.counts);
  await paceBulkAction(actor(), action.id, 1);
  await continueBulkAction(actor(), action.id);
  await whenBulk(action, ({ counts }) => counts.done > paused.counts.done);
  const cancelled = await cancelBulkAction(actor(), action.id);
  const { slug: last } = await failedRuns(2);
  await whenBulk(await discard(last), isDone);
  expect(await read(action)).toEqual(cancelled);
  expect(cancelled).toMatchObject({ status: 'cancelled', counts: { skipped: 0, failed: 0 } });
  expect(cancelled.counts.pending).toBeGreaterThan(30);
}, 240_000);

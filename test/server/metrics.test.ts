import { afterAll, expect, it } from 'vitest';

import { closePool, pool } from '#server/db/pool.ts';
import { uuidTime, uuidv7 } from '#server/db/uuid.ts';
import { countAnswer } from '#server/ingress/count-answer.ts';
import { refuse } from '#server/ingress/answer.ts';
import { NOT_STORED, UNKNOWN_HOOK } from '#server/ingress/refusal.ts';
import { readMetrics } from '#server/metrics/registry.ts';
import { startMetrics } from '#server/web/metrics.ts';
import { parseExposition, sampleOf } from '#test/support/parse-exposition.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';
import { publishFlow, storeRuns } from '#test/worker/test-flow.ts';

useAppDatabase();
startMetrics();
afterAll(closePool);

async function measured(): Promise<(name: string, labels?: Record<string, string>) => number | undefined> {
  const families = parseExposition((await readMetrics()).text);
  return (name, labels) => sampleOf(families, name, labels);
}

it('tells of an empty database, each figure 0', async () => {
  const value = await measured();
  expect(value('patchbay_queue_due')).toBe(0);
  expect(value('patchbay_queue_oldest_seconds')).toBe(0);
  expect(value('patchbay_runs_active', { status: 'in_doubt' })).toBe(0);
  expect(value('patchbay_hook_events_total', { outcome: 'accepted' })).toBe(0);
});

it('tells the depth and age of the queue, leases, workers and mails', async () => {
  const workspaceId = await makeWorkspace();
  const flow = await publishFlow({ db: pool(), workspaceId }, { nodes: [], edges: '' });
  const [first, second] = await storeRuns({ db: pool(), workspaceId }, flow, [1, 2, 3, 4]);
  await pool().query(`update run set wake_at = now() - interval '90 seconds' where id = $1`, [first]);
  const worker = uuidv7();
  await pool().query('insert into worker (id, lock_key) values ($1, 1)', [worker]);
  await pool().query('update run set wake_at = null, lease_worker_id = $2 where id = $1', [second, worker]);
  await pool().query(
    `insert into email (id, workspace_id, recipient, subject, body, created_at, next_attempt_at)
     values ($1, $3, 'a@example.com', '', '', now() - interval '1 hour', now()), ($2, $3, 'b@example.com', '', '', now(), null)`,
    [uuidv7(), uuidv7(), workspaceId],
  );
  const value = await measured();
  expect(value('patchbay_queue_due')).toBe(3);
  expect(value('patchbay_queue_oldest_seconds')).toBeGreaterThanOrEqual(90);
  expect(value('patchbay_leases')).toBe(1);
  expect(value('patchbay_workers')).toBe(1);
  expect(value('patchbay_mails_waiting')).toBe(1);
  expect(value('patchbay_mails_oldest_seconds')).toBeGreaterThanOrEqual(3_600);
  expect(value('patchbay_mails_given_up')).toBe(1);
});

it('counts what requests to hooks come to', async () => {
  const stored = { kind: 'stored', eventId: uuidv7(), runId: uuidv7(), isDuplicate: false } as const;
  countAnswer(refuse(UNKNOWN_HOOK));
  countAnswer(refuse(NOT_STORED));
  const outcomes = [stored, { ...stored, isDuplicate: true }, { ...stored, runId: null }, stored];
  countAnswer({ kind: 'delivered', outcomes });
  const value = await measured();
  const counts = ['accepted', 'duplicate', 'quarantined', 'refused', 'not_stored'].map((outcome) =>
    value('patchbay_hook_events_total', { outcome }),
  );
  expect(counts).toEqual([2, 1, 1, 1, 1]);
});

it('reads the time out of an id that has one', () => {
  const before = Date.now();
  expect(uuidTime(uuidv7(before + 60_000))).toBe(before + 60_000);
  expect(uuidTime('6f1c8f0e-8f0b-4d58-9f0e-2f4c1f6f7a11')).toBeNull();
});

import { expect, test } from 'vitest';

import { uuidv7 } from '#server/db/uuid.ts';
import { claimRuns } from '#server/sql/claim-runs.ts';
import { heldSlots, WALK_START } from '#server/sql/fair-share.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { useOneWorker } from './one-worker.ts';
import { addFlow, addRuns, addWorkspace, jainIndex, type TenantFlow } from './tenants.ts';
import { useWorkers } from './worker-fixture.ts';

const fixture = useWorkers();
const SLOTS = 16;
/** Kept for flows that hold none. */
const SPARE = 2;
const startWorker = useOneWorker(fixture);

async function endedOf(flow: TenantFlow): Promise<number> {
  const { rows } = await fixture.db.query<{ count: number }>(
    `select count(*)::int as count from run where flow_id = $1 and status = 'succeeded'`,
    [flow.id],
  );
  return rows[0]!.count;
}

/** How many runs of `flow` began while the youngest run of `other` waited for its turn. */
async function overtakers(flow: TenantFlow, other: TenantFlow): Promise<number> {
  const { rows } = await fixture.db.query<{ count: number }>(
    `select count(*)::int as count from run, (
      select created_at, started_at from run where flow_id = $2 order by created_at desc limit 1) late
    where flow_id = $1 and run.started_at between late.created_at and late.started_at`,
    [flow.id, other.id],
  );
  return rows[0]!.count;
}

test.each([
  ['runs', false],
  ['runs that stand in lines', true],
])(
  'a flow with 2,000 queued %s lets other flows, and other workspaces, begin at once',
  async (_, isKeyed) => {
    const { db, workspaceId, sink } = fixture;
    sink.reply('/quick', { delayMs: 20 });
    const url = `${sink.url}/quick`;
    const noisy = await addFlow(db, workspaceId, url);
    const others = [await addFlow(db, workspaceId, url), await addFlow(db, await addWorkspace(db), url)];
    await addRuns(db, noisy, { count: 2_000, isKeyed });
    await startWorker(SLOTS);
    await waitFor('the first of the noisy flow', async () => (await endedOf(noisy)) > SLOTS, 60_000);
    for (const round of [1, 2, 3]) {
      for (const other of others) await addRuns(db, other, { count: 1, isKeyed });
      await waitFor('the others', async () => {
        const ended = await Promise.all(others.map(endedOf));
        return ended.every((count) => count === round);
      });
      // In turn with it, not behind what it has queued.
      for (const other of others) expect(await overtakers(noisy, other)).toBeLessThanOrEqual(3 * SLOTS);
    }
    expect(await endedOf(noisy)).toBeLessThan(1_900);
  },
);

test('a flow whose calls hang has all slots but the spare ones, and does not keep others from beginning', async () => {
  const { db, workspaceId, sink } = fixture;
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  sink.reply('/hangs', { until: released });
  const stuck = await addFlow(db, workspaceId, `${sink.url}/hangs`);
  const others = [
    await addFlow(db, workspaceId, `${sink.url}/ok`),
    await addFlow(db, await addWorkspace(db), `${sink.url}/ok`),
  ];
  await addRuns(db, stuck, { count: 3 * SLOTS });
  await startWorker(SLOTS);
  await sink.waitFor('/hangs', SLOTS - SPARE);
  for (const other of others) await addRuns(db, other, { count: 5 });
  await waitFor('the others', async () => {
    const ended = await Promise.all(others.map(endedOf));
    return ended.every((count) => count === 5);
  });
  // No more than its slots, and none of them back yet.
  expect(sink.at('/hangs')).toHaveLength(SLOTS - SPARE);
  release();
  await waitFor('the rest', async () => (await endedOf(stuck)) === 3 * SLOTS);
});

test('runs with large bodies are claimed only as far as there is memory for them; small ones go on', async () => {
  const { db, workspaceId, sink } = fixture;
  const flow = await addFlow(db, workspaceId, `${sink.url}/ok`);
  await addRuns(db, flow, { count: 6 });
  await db.query(`update event set body = decode(repeat('61', 1000000), 'hex') where flow_id = $1`, [
    flow.id,
  ]);
  const claim = { limit: 64, spare: 0, spareOfFlows: 0, held: [], from: WALK_START };
  const first = await claimRuns(db, { ...claim, workerId: uuidv7(), bytes: 2_500_000 });
  expect(first.runs).toHaveLength(3);
  await addRuns(db, flow, { count: 2 });
  const second = await claimRuns(db, { ...claim, workerId: uuidv7(), bytes: 0 });
  expect(second.runs.map(({ event }) => event?.body.length)).toEqual([2, 2]);
  const third = await claimRuns(db, { ...claim, workerId: uuidv7(), bytes: 1 });
  expect(third.runs).toHaveLength(1);
});

test('equal tenants get equal shares', async () => {
  const { db, sink } = fixture;
  sink.reply('/quick', { delayMs: 20 });
  const tenants: TenantFlow[] = [];
  // One after another: who came first must not matter.
  for (let n = 0; n < 20; n++) {
    const flow = await addFlow(db, await addWorkspace(db), `${sink.url}/quick`);
    await addRuns(db, flow, { count: 60 });
    tenants.push(flow);
  }
  await startWorker(SLOTS);
  await waitFor('half of them', async () => {
    const { rows } = await db.query(`select 1 from run where status = 'succeeded' limit 1 offset 400`);
    return rows.length > 0;
  });
  expect(jainIndex(await Promise.all(tenants.map(endedOf)))).toBeGreaterThan(0.95);
});

test('a claim reaches every flow of a crowd in a few walks, and takes as many runs as there is room for', async () => {
  const { db, workspaceId, sink } = fixture;
  const flows: TenantFlow[] = [];
  for (let n = 0; n < 120; n++) flows.push(await addFlow(db, workspaceId, `${sink.url}/ok`));
  await addRuns(db, flows[0]!, { count: 1_000 });
  await Promise.all(flows.slice(1).map((flow) => addRuns(db, flow, { count: 2 })));
  // These wait for a time to come, and are no reason to pass others over.
  await db.query(`update run set wake_at = now() + interval '1 hour' where flow_id = any($1::uuid[])`, [
    flows.slice(60).map(({ id }) => id),
  ]);
  const ready = new Set(flows.slice(1, 60).map(({ id }) => id));
  const taken: { workspaceId: string; flowGroup: string }[] = [];
  let from = WALK_START;
  for (let round = 0; round < 20; round++) {
    const claimed = await claimRuns(db, {
      workerId: uuidv7(),
      limit: 8,
      spare: 0,
      spareOfFlows: 0,
      held: heldSlots(taken),
      from,
      bytes: 2 ** 30,
    });
    expect(claimed.runs).toHaveLength(8);
    from = claimed.next;
    taken.push(...claimed.runs);
  }
  const reached = new Set(taken.map(({ flowGroup }) => flowGroup));
  expect([...ready].filter((id) => !reached.has(id))).toEqual([]);
});

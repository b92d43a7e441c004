import type pg from 'pg';
import { describe, expect, test } from 'vitest';

import { uuidv7 } from '#server/db/uuid.ts';
import { claimRuns } from '#server/sql/claim-runs.ts';
import { WALK_START } from '#server/sql/fair-share.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { useOneWorker } from './one-worker.ts';
import { addFlow, addRuns } from './tenants.ts';
import { useWorkers } from './worker-fixture.ts';

const fixture = useWorkers();
const ROOM = 8;
const startWorker = useOneWorker(fixture);

/** Claims as a worker does that knows of no crowd; `asked` are the statements that it took. */
async function claim(bytes = 2 ** 30) {
  const asked: string[] = [];
  const pool = {
    query: (query: pg.QueryConfig) => {
      asked.push(query.name ?? '');
      return fixture.db.query(query);
    },
  } as unknown as pg.Pool;
  const share = { limit: ROOM, spare: 0, spareOfFlows: 0, held: [], from: WALK_START, bytes };
  const claimed = await claimRuns(pool, { workerId: uuidv7(), ...share }, { mustWeigh: false });
  return { ...claimed, asked };
}

async function flow() {
  return addFlow(fixture.db, fixture.workspaceId, `${fixture.sink.url}/ok`);
}

describe('nobody’s share is weighed', () => {
  test('where there is room for all', async () => {
    const [one, other] = [await flow(), await flow()];
    await addRuns(fixture.db, one, { count: 3 });
    await addRuns(fixture.db, other, { count: 4 });
    const { runs, asked, isCrowded } = await claim();
    expect(runs).toHaveLength(7);
    expect([isCrowded, asked]).toEqual([false, ['claim_plainly']]);
  });

  test('where one flow alone waits: its oldest are taken', async () => {
    const only = await flow();
    await addRuns(fixture.db, only, { count: 20 });
    const { rows } = await fixture.db.query<{ id: string; n: number }>(
      `update run set wake_at = now() - n * interval '1 second'
       from (select id, row_number() over (order by md5(id::text)) as n from run) place where place.id = run.id
       returning run.id, place.n::int`,
    );
    const oldest = rows
      .toSorted((a, b) => b.n - a.n)
      .slice(0, ROOM)
      .map(({ id }) => id);
    const { runs, asked, isCrowded, isMixed } = await claim();
    expect(runs.map(({ id }) => id).toSorted()).toEqual(oldest.toSorted());
    expect([isCrowded, isMixed, asked]).toEqual([true, false, ['claim_plainly']]);
  });
});

describe('it is weighed whose turn it is', () => {
  test('where another flow waits beside a crowd, though it came last', async () => {
    const [crowd, other] = [await flow(), await flow()];
    await addRuns(fixture.db, crowd, { count: 20 });
    await addRuns(fixture.db, other, { count: 1 });
    const { runs, asked, isMixed } = await claim();
    expect(runs).toHaveLength(ROOM);
    expect(runs.filter(({ flowGroup }) => flowGroup === other.id)).toHaveLength(1);
    expect([isMixed, asked]).toEqual([true, ['claim_plainly', 'claim_runs']]);
  });

  test('where a body is large: no more of them are taken than there is memory for', async () => {
    const only = await flow();
    await addRuns(fixture.db, only, { count: 6 });
    await fixture.db.query(
      `update event set body = decode(repeat('61', 1000000), 'hex') where flow_id = $1`,
      [only.id],
    );
    expect((await claim(2_500_000)).runs).toHaveLength(3);
  });
});

test('a run of which nothing is left but its last write holds no slot', async () => {
  const { db, workspaceId, sink } = fixture;
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  sink.reply('/last-write', { until: released });
  const only = await addFlow(db, workspaceId, `${sink.url}/last-write`);
  await addRuns(db, only, { count: 3 * (ROOM - 1) });
  await startWorker(ROOM);
  await sink.waitFor('/last-write', ROOM - 1);
  const lock = await db.connect();
  try {
    await lock.query('begin');
    await lock.query('select from run where lease_worker_id is not null for update');
    release();
    // None of the first could be written down.
    await sink.waitFor('/last-write', 2 * (ROOM - 1));
    const { rows } = await db.query(`select from run where status = 'succeeded'`);
    expect(rows).toEqual([]);
  } finally {
    await lock.query('commit');
    lock.release();
  }
  await waitFor('all of them', async () => {
    const { rows } = await db.query(`select from run where status = 'succeeded'`);
    return rows.length === 3 * (ROOM - 1);
  });
});

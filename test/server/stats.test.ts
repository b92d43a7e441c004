import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { closePool, createPool, databaseUrl, pool } from '#server/db/pool.ts';
import { MIGRATIONS } from '#server/db/migrate.ts';
import { timePoints } from '#core/stats/time-points.ts';
import { countStats } from '#server/stats/count-stats.ts';
import { readSeries, readStats, readStepTimes, settledAt } from '#server/stats/read-stats.ts';
import { percentileOf } from '#core/stats/histogram.ts';
import { fillHistory, makeHistoryFlows } from '#test/bench/history/fill-history.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();
afterAll(closePool);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
const NODES = ['post'];
const UPGRADE = '0017_day_so_far/migration.sql';

async function countAll(): Promise<void> {
  while ((await countStats({ isDue: true })).isMore);
  await countStats({ isDue: true, isChecked: true });
}

describe('100,000 random runs over two days', () => {
  const to = Math.floor(Date.now() / MINUTE) * MINUTE;
  const from = to - 48 * HOUR;
  let workspaceId: string;

  beforeAll(async () => {
    workspaceId = await makeWorkspace();
    const of = await makeHistoryFlows(pool(), { workspaceId, flows: 3 });
    // Without the checks of references and the ledger's count, which take most of the time.
    const bare = createPool(databaseUrl(), { options: '-c session_replication_role=replica' });
    await fillHistory(bare, { workspaceId, flows: 3, runs: 100_000, from, to, nodes: NODES, of });
    await bare.end();
    await pool().query('analyze run, step');
    await countAll();
  }, 120_000);

  async function exact(flow: string | null, span: { from: number; to: number }) {
    const { rows } = await pool().query<Record<string, number | number[]>>(
      `with ended as (select r.*, (select min(s.started_at) from step s where s.run_id = r.id) as first,
           (select sum(attempts - 1) from step s where s.run_id = r.id) as more from run r
         where workspace_id = $1 and ($2::text is null or flow_slug = $2) and finished_at >= $3 and finished_at < $4)
       select (select count(*)::int from run where workspace_id = $1 and ($2::text is null or flow_slug = $2)
           and created_at >= $3 and created_at < $4) as accepted,
         count(*) filter (where status = 'succeeded')::int as succeeded, count(*) filter (where status = 'failed')::int as failed,
         count(*) filter (where status = 'cancelled')::int as cancelled, sum(more)::int as retries,
         percentile_disc(array[0.5, 0.95, 0.99]) within group (order by extract(epoch from finished_at - started_at)::float8 * 1000) as run,
         percentile_disc(array[0.5, 0.95, 0.99]) within group (order by extract(epoch from first - created_at)::float8 * 1000) as first
       from ended`,
      [workspaceId, flow, new Date(span.from), new Date(span.to)],
    );
    return rows[0]!;
  }

  it.each([
    { flow: null, from, to: to + MINUTE },
    { flow: 'history-2', from, to: to + MINUTE },
    { flow: null, from: from + 7 * MINUTE, to: from + 31 * HOUR + 22 * MINUTE },
    { flow: 'history-1', from: to - HOUR, to },
  ])('are counted exactly, and timed within 2 %: $flow', async ({ flow, ...span }) => {
    const right = await exact(flow, span);
    const found = await readStats(pool(), {
      ...{ workspaceId, flow: flow ?? undefined },
      ...{ from: new Date(span.from), to: new Date(span.to) },
    });
    const { accepted, succeeded, failed, cancelled, retries } = right;
    expect(found).toMatchObject({ accepted, succeeded, failed, cancelled, retries });
    for (const [times, key] of [
      [found.runTimeMs, 'run'],
      [found.toFirstStepMs, 'first'],
    ] as const) {
      const exactly = right[key] as number[];
      [times.p50, times.p95, times.p99].forEach((time, index) =>
        expect(Math.abs(time! / exactly[index]! - 1)).toBeLessThan(0.02),
      );
    }
  });

  it('are cut into days of a time zone that leave nothing out', async () => {
    const points = timePoints('7d', to, 'Asia/Kathmandu');
    const { points: found, total } = await readSeries(pool(), {
      ...{ workspaceId, points, settled: await settledAt(pool()) },
    });
    expect(total.accepted).toBe(100_000);
    for (const index of [21, 24]) {
      const { accepted, failed, retries } = await exact(null, points[index]!);
      expect(found[index]).toMatchObject({ accepted, failed, retries });
    }
  });

  it('are the same after an upgrade from hours that hold only themselves', async () => {
    const kept = () =>
      Promise.all(
        ['stat', 'stat_time'].map(async (table) => {
          const { rows } = await pool().query(
            `select * from ${table} where seconds = 3600 and at >= to_timestamp($1::float8) order by 1, 2, 3, 4, 5, 6`,
            [(Math.floor(from / DAY) * DAY) / 1_000],
          );
          return rows;
        }),
      );
    const right = await kept();
    expect(right[0]!.length).toBeGreaterThan(4 * 47);
    await pool().query(`delete from stat where seconds = 3600`);
    await pool().query(`delete from stat_time where seconds = 3600`);
    await pool().query(
      `insert into stat select workspace_id, flow_slug, 3600, date_trunc('hour', at), sum(accepted), sum(succeeded), sum(failed),
         sum(cancelled), sum(retries) from stat, stat_mark
       where seconds = 900 and at < date_trunc('hour', until) group by 1, 2, 4`,
    );
    await pool().query(
      `insert into stat_time select workspace_id, flow_slug, 3600, measure, node_id, at, array_agg(bucket order by bucket),
         array_agg(count order by bucket)
       from (select workspace_id, flow_slug, measure, node_id, date_trunc('hour', at) as at, bucket, sum(count) as count
         from stat_mark, stat_time cross join unnest(buckets, counts) as held (bucket, count)
         where seconds = 900 and at < date_trunc('hour', until) group by 1, 2, 3, 4, 5, 6) hours group by 1, 2, 4, 5, 6`,
    );
    const [upgrade] = /^DO E'[^]*?^END';$/m.exec(await readFile(join(MIGRATIONS, UPGRADE), 'utf8')) ?? [''];
    await pool().query(upgrade);
    expect(await kept()).toEqual(right);
  });

  it('have the times of each step', async () => {
    const times = await readStepTimes(pool(), {
      ...{ workspaceId, flow: 'history-3', span: { from, to }, settled: await settledAt(pool()) },
    });
    expect([...times.keys()].toSorted()).toEqual(NODES);
    const { rows } = await pool().query<{ p95: number }>(
      `select percentile_disc(0.95) within group (order by extract(epoch from s.finished_at - s.started_at)::float8 * 1000) as p95
       from run r join step s on s.run_id = r.id where r.flow_slug = 'history-3' and s.node_id = 'post' and r.finished_at < $1`,
      [new Date(to)],
    );
    expect(Math.abs(percentileOf(times.get('post')!, 0.95)! / rows[0]!.p95 - 1)).toBeLessThan(0.02);
  });
});

describe('counting', () => {
  let workspaceId: string;
  let of: Awaited<ReturnType<typeof makeHistoryFlows>>;
  const now = Date.now();
  const read = (from: number, to: number) =>
    readStats(pool(), { workspaceId, from: new Date(from), to: new Date(to) });
  const add = (runs: number, from: number, to: number) =>
    fillHistory(pool(), { workspaceId, flows: 1, runs, from, to, nodes: NODES, of });

  beforeEach(async () => {
    await pool().query('truncate run, stat_mark, stat, stat_time cascade');
    workspaceId = await makeWorkspace();
    of = await makeHistoryFlows(pool(), { workspaceId, flows: 1 });
  });

  it('counts nothing twice, however often it counts, and takes in what came since', async () => {
    await add(100, now - 3 * HOUR, now - 2_000);
    await countAll();
    await countAll();
    expect((await read(now - 4 * HOUR, now + MINUTE)).accepted).toBe(100);
    await add(10, now - 2_000, now);
    await countAll();
    expect((await read(now - 4 * HOUR, now + MINUTE)).accepted).toBe(110);
  });

  it('takes in ends that were told late, also in hours that were added up', async () => {
    await add(100, now - 4 * HOUR, now - 3 * HOUR);
    await countAll();
    const { rowCount } = await pool().query(
      `update run set finished_at = finished_at + interval '1 minute', status = 'failed'
       where id = (select id from run order by created_at offset 50 limit 1)`,
    );
    expect(rowCount).toBe(1);
    const before = await read(now - 5 * HOUR, now);
    await countAll();
    const after = await read(now - 5 * HOUR, now);
    expect(after.succeeded + after.failed + after.cancelled).toBe(100);
    const { rows } = await pool().query<{ failed: number }>(
      `select count(*)::int as failed from run where status = 'failed' and workspace_id = $1`,
      [workspaceId],
    );
    expect(after.failed).toBe(rows[0]!.failed);
    expect(after.failed).not.toBe(before.failed - 1);
  });

  it('counts a past that is long over in full, though its minutes are kept no longer', async () => {
    const day = Math.floor(now / DAY) * DAY - 200 * DAY;
    await add(1_000, day - 20 * HOUR, day + 2 * HOUR);
    for (let part = 0; part < 50; part += 1) await countStats({ isDue: true });
    const { rows } = await pool().query<{ accepted: number }>(
      `select sum(accepted)::int as accepted from stat where seconds = 86400 and flow_slug = ''`,
    );
    expect(rows[0]!.accepted).toBe(1_000);
  });

  it('keeps what was counted when the runs are removed later', async () => {
    await add(100, now - 20 * HOUR, now - 19 * HOUR);
    await countAll();
    await pool().query('delete from run where workspace_id = $1', [workspaceId]);
    await countAll();
    expect((await read(now - 21 * HOUR, now)).accepted).toBe(100);
  });

  it('is done by one process at a time, and rests', async () => {
    await countAll();
    expect(await countStats()).toEqual({ isDone: false, isMore: false });
    const both = await Promise.all([countStats({ isDue: true }), countStats({ isDue: true })]);
    expect(both.filter(({ isDone }) => isDone).length).toBeGreaterThanOrEqual(1);
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, test } from 'vitest';

import { readDueWork, type DueWork } from '#server/sql/due-work.ts';
import { DueBoard } from '#worker/due-board.ts';
import { START, useWorkers, whenRun, type PublishedFlow } from './worker-fixture.ts';

const fixture = useWorkers();
const WORKER = randomUUID();
const FLOW = { nodes: [START], edges: '' };
let flow: PublishedFlow;
let runId = '';

beforeAll(async () => {
  flow = await fixture.publish(FLOW);
  [runId] = (await fixture.startQuietly(flow, [{}])) as [string];
  await fixture.db.query('update run set wake_at = null');
});

/** What makes each kind of work due, about `run`, `flow` and `workspace`. */
const MADE_DUE: Readonly<Record<DueWork, readonly string[]>> = {
  runs: [
    'update run set wake_at = now() where id = {run}',
    `update run set wake_at = now(), concurrency_key = 'k', concurrency_limit = 1 where id = {run}`,
  ],
  ends: ['update run set is_end_due = true, finished_at = now() where id = {run}'],
  suspects: [`update run set deaths = 2 where id = {run}`],
  held: [
    `insert into step (run_id, node_id, status, waiting_for, held_by) values ({run}, 'post', 'waiting', 'breaker', 'host:a')`,
    `insert into step (run_id, node_id, status, waiting_for, held_by) values ({run}, 'post', 'waiting', 'connection', 'connection:a')`,
  ],
  breakers: [
    `insert into breaker (id, workspace_id, scope, state) values (gen_random_uuid(), {workspace}, 'host:a', 'open')`,
    `insert into breaker (id, workspace_id, scope, failures, updated_at) values (gen_random_uuid(), {workspace}, 'host:a', 1, now())`,
    `insert into breaker (id, workspace_id, scope, paused_until) values (gen_random_uuid(), {workspace}, 'host:a', now() + '1 day')`,
  ],
  schedules: [
    `insert into schedule (flow_id, workspace_id, node_id, cron, timezone, missed, next_at)
     values ({flow}, {workspace}, 'clock', '* * * * *', 'UTC', 'once', now())`,
  ],
  polls: [
    `insert into poll (flow_id, workspace_id, node_id, next_at) values ({flow}, {workspace}, 'poll', now())`,
  ],
  subscriptions: [
    `insert into subscription (id, workspace_id, node_id, trigger, connection, due_at)
     values (gen_random_uuid(), {workspace}, 'n', 't', 'c', now())`,
    `insert into subscription (id, workspace_id, node_id, trigger, connection, due_at, fault)
     values (gen_random_uuid(), {workspace}, 'n', 't', 'c', now() + '1 day', '{"code":"connection_pending"}')`,
  ],
  connections: [
    `insert into poll (flow_id, workspace_id, node_id, next_at, failures, error)
     values ({flow}, {workspace}, 'poll', now() + '1 day', 1, '{"code":"connection_reconnect"}')`,
    ...['refresh_due_at', 'expires_at', 'refresh_by'].map(
      (
        column,
      ) => `insert into connection (id, workspace_id, slug, name, connector, wrapped_key, key_version, ${column})
        values (gen_random_uuid(), {workspace}, 'c', 'c', 'acme', '', 1, ${column === 'refresh_by' ? 'gen_random_uuid()' : 'now()'})`,
    ),
    `insert into connection (id, workspace_id, slug, name, connector, wrapped_key, key_version, status)
     values (gen_random_uuid(), {workspace}, 'c', 'c', 'acme', '', 1, 'pending')`,
  ],
  bulkActions: [
    `insert into bulk_action (id, workspace_id, kind, filter, options, status, total, created_by, created_by_name, next_at)
     values (gen_random_uuid(), {workspace}, 'redrive', '{}', '{}', 'running', 1, 'user:a', 'Ada', now())`,
  ],
  flowTests: [
    `insert into flow_test_run (id, workspace_id, flow_id, document, tests) values (gen_random_uuid(), {workspace}, {flow}, '{}', '[]')`,
  ],
  deadWorkers: [
    `insert into worker (id, lock_key, is_ward, host, pid, slots, started_at, heartbeat_at)
     values (gen_random_uuid(), 1, false, 'h', 1, 1, now(), now() - interval '3 seconds')`,
  ],
};

describe('what is due', () => {
  const cases = Object.entries(MADE_DUE).flatMap(([work, statements]) =>
    statements.map((sql, index) => ({ work: work as DueWork, sql, index })),
  );

  test.each(cases)('$work is told, and nothing else ($index)', async ({ work, sql }) => {
    const ids = { run: runId, flow: flow.id, workspace: fixture.workspaceId };
    const client = await fixture.db.connect();
    try {
      await client.query('begin');
      const before = await readDueWork(client, WORKER);
      expect(Object.values(before).filter((at) => at !== null)).toEqual([]);
      await client.query(
        sql.replaceAll(/\{(run|flow|workspace)\}/g, (_, name: keyof typeof ids) => `'${ids[name]}'`),
      );
      const { [work]: at, ...others } = await readDueWork(client, WORKER);
      expect(at).toBeLessThanOrEqual(Date.now() + 1_000);
      const now = Date.now() + 1_000;
      expect(Object.entries<number | null>(others).filter(([, other]) => (other ?? Infinity) < now)).toEqual(
        [],
      );
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

describe('the board', () => {
  test('asks once for all who look at about the same time, and anew after that', async () => {
    let looks = 0;
    const pool = {
      query: (...args: Parameters<typeof fixture.db.query>) => {
        looks += 1;
        return fixture.db.query(...args);
      },
    } as unknown as typeof fixture.db;
    const board = new DueBoard({ pool, workerId: WORKER, now: Date.now });
    expect(await Promise.all([board.isDue('runs'), board.isDue('polls'), board.until('ends')])).toEqual([
      false,
      false,
      Infinity,
    ]);
    expect(looks).toBe(1);
    await sleep(500);
    expect(await board.isDue('runs')).toBe(false);
    expect(looks).toBe(2);
  });

  test('asks again after a look that failed', async () => {
    let isAway = true;
    const pool = {
      query: (...args: Parameters<typeof fixture.db.query>) =>
        isAway ? Promise.reject(new Error('away')) : fixture.db.query(...args),
    } as unknown as typeof fixture.db;
    const board = new DueBoard({ pool, workerId: WORKER, now: Date.now });
    await expect(board.isDue('runs')).rejects.toThrow('away');
    isAway = false;
    expect(await board.isDue('runs')).toBe(false);
  });
});

describe('a worker', () => {
  test('meets the time of runs that nothing announced', async () => {
    await fixture.startWorker();
    const ids = await fixture.startQuietly(flow, [{}, {}]);
    await fixture.db.query(`update run set wake_at = now() + interval '3 seconds' where id = $1`, [ids[1]]);
    for (const id of ids) expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    const { rows } = await fixture.db.query<{ late: number }>(
      `select extract(epoch from started_at - created_at)::float8 as late from run where id = $1`,
      [ids[1]],
    );
    expect(rows[0]?.late).toBeGreaterThan(2.5);
  });
});

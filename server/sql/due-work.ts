import type pg from 'pg';

import { IS_BREAKER_TOLD } from '#server/sql/breakers.ts';
import { IS_DUE as ARE_TESTS_DUE } from '#server/sql/flow-test-runs.ts';
import { IS_WAITING_FOR_CONNECTION } from '#server/sql/subscription-rows.ts';
import { IS_SUSPECT } from '#server/sql/suspects.ts';
import { MAY_BE_DEAD } from '#server/sql/worker-rows.ts';

/**
 * What each kind of recurring work looks for, as the earliest time at which there is some: an expression that is null for never. One of those that
 * cannot be told by a time is due at once. They may take more for due than is, never less.
 */
const DUE = {
  runs: `least((select min(wake_at) from run where wake_at is not null and concurrency_limit is null),
    (select min(wake_at) from run where wake_at is not null and concurrency_limit is not null))`,
  ends: atOnce('select from run where is_end_due and finished_at is not null'),
  suspects: atOnce(`select from run where ${IS_SUSPECT}`),
  // The first condition is that of the index.
  held: `coalesce(${atOnce(`select from step where waiting_for in ('breaker', 'budget') and waiting_for = 'breaker'`)},
    ${atOnce(`select from step where waiting_for = 'connection'`)})`,
  breakers: atOnce(`select from breaker where ${IS_BREAKER_TOLD}`),
  schedules: '(select min(next_at) from schedule)',
  polls: '(select min(next_at) from poll)',
  subscriptions: `coalesce(${atOnce(`select from subscription s where ${IS_WAITING_FOR_CONNECTION}`)},
    (select min(due_at) from subscription))`,
  connections: `coalesce(${atOnce(`select from poll where failures > 0 and error ->> 'code' like 'connection_%'`)},
    ${atOnce(`select from connection where refresh_by is not null or refresh_fails > 0 or status = 'pending'`)},
    (select min(least(refresh_due_at, expires_at)) from connection where status = 'ok'))`,
  bulkActions: '(select min(next_at) from bulk_action where next_at is not null)',
  flowTests: atOnce(`select from flow_test_run where ${ARE_TESTS_DUE}`),
  deadWorkers: atOnce(`select from worker where id <> $1 and ${MAY_BE_DEAD}`),
} as const;

function atOnce(found: string): string {
  return `(select to_timestamp(0) where exists (${found}))`;
}

export type DueWork = keyof typeof DUE;

/** When there is something of each kind to do, in milliseconds since 1970 of the database's clock; null for never. */
export type DueTimes = Readonly<Record<DueWork, number | null>>;

const LOOK = `select ${Object.entries(DUE)
  .map(([name, at]) => `(extract(epoch from ${at}) * 1000)::float8 as "${name}"`)
  .join(',\n')}`;

/** One statement for all that a worker looks for again and again: each asked by itself, they are most of what an idle worker costs. */
export async function readDueWork(pool: pg.Pool | pg.ClientBase, workerId: string): Promise<DueTimes> {
  const { rows } = await pool.query<DueTimes>({ name: 'due_work', text: LOOK, values: [workerId] });
  return rows[0]!;
}

import type pg from 'pg';

import { USABLE_CONNECTION } from '#server/sql/usable-connections.ts';

/** So many steps of one breaker, or connection, are let go at a look: a far end that has just come back is not run over. */
export const RELEASED_AT_A_TIME = 200;
/** One worker at a time looks. Any number: it only has to be the same in every process. */
const LOOK_LOCK = 7_219_310;

/**
 * Steps due that wait for a breaker which holds nothing back any more, or for a connection that can be used again, oldest runs
 * first; of a breaker whose pause is over, one, to try. Runs that a worker has in hand are that worker's to tell. Run rows are
 * locked in the journal's order. What waits for a connection is found from the few connections that anything waits for: it may be
 * much, for days.
 */
const RELEASE = `
with recursive look as materialized (select pg_try_advisory_xact_lock(${LOOK_LOCK}) as is_ours),
scopes as (
  select (select held_by from step where waiting_for = 'connection' order by held_by limit 1) as scope
  union all
  select (select held_by from step where waiting_for = 'connection' and held_by > scopes.scope order by held_by limit 1)
  from scopes where scopes.scope is not null
), usable as materialized (
  select c.workspace_id, scopes.scope from scopes join connection c on c.slug = substr(scopes.scope, length('connection:') + 1)
  where ${USABLE_CONNECTION}
), waiting as (
  select s.run_id, s.node_id, s.key, r.workspace_id, s.held_by, s.waiting_for
  from step s join run r on r.id = s.run_id
  where (select is_ours from look) and s.waiting_for in ('breaker', 'budget') and s.waiting_for = 'breaker'
    and s.next_attempt_at > now() and r.status = 'waiting' and r.lease_worker_id is null
  union all
  select s.run_id, s.node_id, s.key, r.workspace_id, s.held_by, s.waiting_for
  from usable u join step s on s.held_by = u.scope and s.waiting_for = 'connection'
    join run r on r.id = s.run_id and r.workspace_id = u.workspace_id
  where (select is_ours from look) and s.next_attempt_at > now() and r.status = 'waiting' and r.lease_worker_id is null
), ranked as (
  select w.*, row_number() over (partition by w.workspace_id, w.held_by, w.waiting_for
      order by w.run_id, w.node_id, w.key) as place,
    case when w.waiting_for = 'connection' then $1::int
      when b.paused_until > now() then 0 when b.state is null or b.state = 'closed' then $1::int else 1 end as room
  from waiting w left join breaker b on b.workspace_id = w.workspace_id and b.scope = w.held_by
), let_go as materialized (
  select run_id, node_id, key, waiting_for from ranked where place <= room
), held as materialized (
  select r.id from run r where r.id in (select run_id from let_go) and r.status = 'waiting' and r.lease_worker_id is null
  order by r.id for no key update skip locked
), steps as (
  update step s set next_attempt_at = now() from let_go l join held h on h.id = l.run_id
  where s.run_id = l.run_id and s.node_id = l.node_id and s.key = l.key and s.waiting_for = l.waiting_for
)
update run r set wake_at = now() from held where r.id = held.id returning r.id`;

/** Lets go what breakers and connections hold back without need. Resolves to the runs that are due now. */
export async function releaseHeld(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'release_held',
    text: RELEASE,
    values: [RELEASED_AT_A_TIME],
  });
  return rows.map(({ id }) => id);
}

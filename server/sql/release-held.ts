import type pg from 'pg';

import { USABLE_CONNECTION } from '#server/sql/usable-connections.ts';

/** So many steps of one breaker, or connection, are let go at a look: a far end that has just come back is not run over. */
export const RELEASED_AT_A_TIME = 200;
/** One worker at a time looks. Any number: it only has to be the same in every process. */
const LOOK_LOCK = 7_219_310;

/** Looked up by its id, however many runs wait: a plan that is made while the tables are empty would read them all. */
const RUN_OF_STEP = `select workspace_id from run where id = s.run_id and status = 'waiting' and lease_worker_id is null offset 0`;

/**
 * Steps due that wait for a breaker which holds nothing back any more, or for a connection that can be used again, oldest runs
 * first; of a breaker whose pause is over, one, to try. Runs that a worker has in hand are that worker's to tell. Run rows are
 * locked in the journal's order. What waits for a connection may be much, for days: it is found from the few connections that
 * anything waits for, and only as much of it is read as is let go.
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
  from step s cross join lateral (${RUN_OF_STEP}) r
  where (select is_ours from look) and s.waiting_for in ('breaker', 'budget') and s.waiting_for = 'breaker'
    and s.next_attempt_at > now()
  union all
  select first.* from usable u cross join lateral (
    select s.run_id, s.node_id, s.key, r.workspace_id, s.held_by, s.waiting_for
    from step s cross join lateral (${RUN_OF_STEP}) r
    where s.held_by = u.scope and s.waiting_for = 'connection' and s.next_attempt_at > now()
      and r.workspace_id = u.workspace_id
    order by s.run_id, s.node_id, s.key limit $1::int) first
  where (select is_ours from look)
), ranked as (
  select w.*, row_number() over (partition by w.workspace_id, w.held_by, w.waiting_for
      order by w.run_id, w.node_id, w.key) as place,
    case when w.waiting_for = 'connection' then $1::int
      when b.paused_until > now() then 0 when b.state is null or b.state = 'closed' then $1::int else 1 end as room
  from waiting w left join breaker b on b.workspace_id = w.workspace_id and b.scope = w.held_by
), let_go as materialized (
  select run_id, node_id, key, waiting_for from ranked where place <= room
), held as materialized (
  select r.id from run r where r.id = any(array(select run_id from let_go)) and r.status = 'waiting'
    and r.lease_worker_id is null
  order by r.id for no key update skip locked
), steps as (
  update step s set next_attempt_at = now() from let_go l
  where l.run_id = any(array(select id from held)) and s.run_id = l.run_id and s.node_id = l.node_id and s.key = l.key
    and s.waiting_for = l.waiting_for
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

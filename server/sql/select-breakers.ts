import type pg from 'pg';

import type { Breaker } from '#core/api/breakers.ts';

interface Row {
  readonly scope: string;
  readonly state: Breaker['state'];
  readonly reason: Breaker['reason'];
  readonly failures: number;
  readonly opened_at: Date | null;
  readonly paused_until: Date | null;
  readonly last_error: Breaker['lastError'];
  readonly held: number;
  readonly in_line: number;
  readonly budget_calls: number | null;
  readonly budget_seconds: number | null;
}

/** What is not as it is without any trouble: breakers that hold back or count, budgets, and steps that wait for either. */
const SELECT = `
with waits as (
  select s.held_by as scope, count(*) filter (where s.waiting_for = 'breaker')::int as held,
    count(*) filter (where s.waiting_for = 'budget')::int as in_line
  from step s join run r on r.id = s.run_id
  where s.waiting_for in ('breaker', 'budget') and r.workspace_id = $1 and r.finished_at is null
  group by s.held_by
), budgets as (
  select 'connection:' || slug as scope, budget_calls, budget_seconds from connection
  where workspace_id = $1 and budget_calls is not null
), troubles as (
  select * from breaker where workspace_id = $1
    and (state <> 'closed' or paused_until > now() or failures > 0 or scope = $2)
)
select coalesce(t.scope, w.scope, b.scope) as scope, coalesce(t.state, 'closed') as state, coalesce(t.failures, 0) as failures,
  case when t.state <> 'closed' or t.paused_until > now() then t.reason end as reason, t.opened_at,
  case when t.state <> 'closed' or t.paused_until > now() then t.paused_until end as paused_until, t.last_error,
  coalesce(w.held, 0) as held, coalesce(w.in_line, 0) as in_line, b.budget_calls, b.budget_seconds
from troubles t full join waits w on w.scope = t.scope full join budgets b on b.scope = coalesce(t.scope, w.scope)
where $2::text is null or coalesce(t.scope, w.scope, b.scope) = $2
order by 1 limit 1000`;

/** The breakers and budgets of a workspace that there is something to say of, by scope; of one scope where it is named. */
export async function selectBreakers(
  client: pg.ClientBase | pg.Pool,
  workspaceId: string,
  scope: string | null = null,
): Promise<Breaker[]> {
  const { rows } = await client.query<Row>(SELECT, [workspaceId, scope]);
  return rows.map(toBreaker);
}

function toBreaker(row: Row): Breaker {
  const [kind = '', name = ''] = split(row.scope);
  return {
    scope: row.scope,
    connection: kind === 'connection' ? name : null,
    host: kind === 'host' ? name : null,
    state: row.state,
    reason: row.reason,
    failures: row.failures,
    openedAt: row.opened_at?.toISOString() ?? null,
    pausedUntil: row.paused_until?.toISOString() ?? null,
    lastError: row.last_error,
    waitingSteps: row.held,
    budget:
      row.budget_calls === null || row.budget_seconds === null
        ? null
        : { calls: row.budget_calls, seconds: row.budget_seconds, waitingSteps: row.in_line },
  };
}

function split(scope: string): readonly [string, string] {
  const at = scope.indexOf(':');
  return [scope.slice(0, at), scope.slice(at + 1)];
}

import type pg from 'pg';

import type { ConnectionFault } from '#server/sql/connection-tokens.ts';

/** A connection that needs somebody, or soon will. */
export interface AtRiskRow {
  readonly slug: string;
  readonly name: string;
  readonly connector: string;
  readonly status: 'pending' | 'ok' | 'reconnect';
  readonly fault: ConnectionFault | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** Its access ends soon, or has, and nothing renews it. */
  readonly isEnding: boolean;
  /** Renewals that failed in a row. */
  readonly fails: number;
  readonly flows: readonly string[];
  readonly waitingSteps: number;
}

/** Who asks: what another member keeps to themselves is none of their business; what nobody owns any more is an admin's. */
export interface AtRiskQuery {
  readonly workspaceId: string;
  readonly userId: string | null;
  readonly isAdmin: boolean;
  /** Ids of connectors whose connections renew themselves without anything at hand. */
  readonly unattended: readonly string[];
  readonly failsFrom: number;
  readonly days: number;
}

const IS_ENDING = `coalesce(c.expires_at <= now() + $6 * interval '1 day', false) and c.connector <> all($4)
  and not exists (select from connection_field f where f.connection_id = c.id and f.name = 'refreshToken')`;

const SELECT = `
with at_risk as (
  select c.*, ${IS_ENDING} as is_ending from connection c
  where c.workspace_id = $1 and (c.is_shared or c.owner_id = $2 or c.owner_id is null and $3)
    and (c.status <> 'ok' or c.refresh_fails >= $5 or c.refresh_fails > 0 and c.expires_at <= now() or ${IS_ENDING})
), users as (
  select distinct node ->> 'connection' as slug, f.slug as flow
  from flow f join flow_version v on v.flow_id = f.id and v.number = f.published_version,
    json_array_elements(v.document -> 'nodes') node
  where f.workspace_id = $1 and exists (select from at_risk)
), waiting as (
  select s.held_by, count(*)::int as steps from at_risk c
    join step s on s.held_by = 'connection:' || c.slug and s.waiting_for = 'connection'
    join run r on r.id = s.run_id and r.workspace_id = $1 and r.finished_at is null
  group by s.held_by
)
select c.slug, c.name, c.connector, c.status::text as status, c.fault, c.created_at as "createdAt", c.expires_at as "expiresAt",
  c.is_ending as "isEnding", c.refresh_fails as fails, coalesce(w.steps, 0) as "waitingSteps",
  array(select u.flow from users u where u.slug = c.slug order by u.flow) as flows
from at_risk c left join waiting w on w.held_by = 'connection:' || c.slug
order by c.status desc, c.slug limit 500`;

/** The connections of a workspace that are at risk, those that must be reconnected first. */
export async function selectAtRisk(
  client: pg.ClientBase | pg.Pool,
  query: AtRiskQuery,
): Promise<AtRiskRow[]> {
  const { workspaceId, userId, isAdmin, unattended, failsFrom, days } = query;
  const { rows } = await client.query<AtRiskRow>(SELECT, [
    ...[workspaceId, userId, isAdmin, unattended, failsFrom, days],
  ]);
  return rows;
}

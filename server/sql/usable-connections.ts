import type pg from 'pg';

import type { BreakerPlace } from '#server/sql/breakers.ts';

/** Of a connection `c`: nothing keeps steps from using it, as far as its row tells. */
export const USABLE_CONNECTION = `(c.status = 'ok' and (c.expires_at is null or c.expires_at > now()))`;

/** Those of the places that are connections which can be used now. */
export async function selectUsable(
  pool: pg.Pool,
  places: readonly BreakerPlace[],
): Promise<readonly BreakerPlace[]> {
  if (places.length === 0) return [];
  const { rows } = await pool.query<BreakerPlace>({
    name: 'usable_connections',
    text: `select c.workspace_id as "workspaceId", p.scope from unnest($1::uuid[], $2::text[]) as p(workspace_id, scope)
      join connection c on c.workspace_id = p.workspace_id and c.slug = substr(p.scope, length('connection:') + 1)
      where ${USABLE_CONNECTION}`,
    values: [places.map(({ workspaceId }) => workspaceId), places.map(({ scope }) => scope)],
  });
  return rows;
}

/** Polls that wait for a connection that can be used again ask at once. */
export async function releasePolls(pool: pg.Pool): Promise<void> {
  await pool.query({
    name: 'release_polls',
    text: `update poll p set next_at = now() from connection c
      where p.failures > 0 and p.next_at > now()
        and case when p.error ->> 'code' like 'connection_%' then p.next_at = (p.error #>> '{detail,until}')::timestamptz end
        and c.workspace_id = p.workspace_id and c.slug = p.error #>> '{detail,connection}' and ${USABLE_CONNECTION}`,
  });
}

import { randomUUID } from 'node:crypto';

import type pg from 'pg';

import { publishFlow, type PublishedFlow } from './test-flow.ts';
import { post, START } from './worker-fixture.ts';

/** A published flow that makes one call, and whose it is. */
export interface TenantFlow extends PublishedFlow {
  readonly workspaceId: string;
}

export async function addWorkspace(db: pg.Pool): Promise<string> {
  const id = randomUUID();
  await db.query('insert into workspace (id, slug, name) values ($1, $2, $2)', [id, `ws-${id.slice(0, 8)}`]);
  return id;
}

/** A flow that calls `url` once. */
export async function addFlow(db: pg.Pool, workspaceId: string, url: string): Promise<TenantFlow> {
  const flow = { nodes: [START, post('call', url)], edges: 'start>call' };
  return { workspaceId, ...(await publishFlow({ db, workspaceId }, flow)) };
}

/**
 * Stores runs that are due, with a body of two bytes, made by the database. Nothing wakes the workers.
 *
 * @param isKeyed each stands in a line of its own, as runs of a flow with a concurrency key do.
 */
export async function addRuns(
  db: pg.Pool,
  flow: TenantFlow,
  { count, isKeyed = false }: { readonly count: number; readonly isKeyed?: boolean },
): Promise<void> {
  await db.query(
    `with stored as (
      insert into event (id, workspace_id, flow_id, kind, body, content_type)
      select gen_random_uuid(), $1, $2, 'manual', '{}', 'application/json' from generate_series(1, $5::int) returning id)
    insert into run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, event_id, started_by,
      wake_at, concurrency_key, concurrency_limit)
    select gen_random_uuid(), $1, $2, $4, $4, $3, 1, id, 'manual', now(),
      case when $6 then '=' || id end, case when $6 then 1 end
    from stored`,
    [flow.workspaceId, flow.id, flow.versionId, flow.slug, count, isKeyed],
  );
}

/** Jain's index of how evenly something was shared out: 1 when all have the same, 1/n when one has everything. */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((a, b) => a + b, 0);
  const squares = shares.reduce((a, b) => a + b * b, 0);
  return squares === 0 ? 0 : (sum * sum) / (shares.length * squares);
}

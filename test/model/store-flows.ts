import { randomBytes, randomUUID } from 'node:crypto';

import type pg from 'pg';

import { uuidv7 } from '#server/db/uuid.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';

import type { RandomFlow } from './random-flow.ts';

/** Stores flows, each with one version and one run that is due, and wakes the workers. Resolves to the runs' ids. */
export async function storeFlows(
  db: pg.Pool,
  workspaceId: string,
  flows: readonly RandomFlow[],
): Promise<string[]> {
  const runIds = flows.map(() => uuidv7());
  await db.query(
    `with given as (
       select * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bytea[], $9::bytea[])
         as g(flow_id, version_id, event_id, run_id, slug, document, input, hash)),
     flows as (insert into flow (id, workspace_id, slug, name, draft)
       select flow_id, $1, slug, slug, document::json from given),
     versions as (insert into flow_version (id, workspace_id, flow_id, number, document, content_hash)
       select version_id, $1, flow_id, 1, document::json, hash from given),
     events as (insert into event (id, workspace_id, flow_id, kind, body, content_type)
       select event_id, $1, flow_id, 'manual', input, 'application/json' from given)
     insert into run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, event_id,
       started_by, wake_at)
     select run_id, $1, flow_id, slug, slug, version_id, 1, event_id, 'manual', now() from given`,
    [
      workspaceId,
      flows.map(() => randomUUID()),
      flows.map(() => randomUUID()),
      flows.map(() => uuidv7()),
      runIds,
      flows.map(({ document }) => document.slug),
      flows.map(({ document }) => JSON.stringify(document)),
      flows.map(({ input }) => Buffer.from(JSON.stringify(input))),
      flows.map(() => randomBytes(32)),
    ],
  );
  await wakeRuns(db, runIds);
  return runIds;
}

import type pg from 'pg';

import type { RunStatus } from '#core/api/runs.ts';
import type { JsonObject } from '#core/json.ts';
import type { RecordedStep } from '#core/replay/recorded-step.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import type { RunKeys } from '#server/runs/keys-of-event.ts';
import type { ManualEvent } from '#server/runs/manual-event.ts';
import type { TriggerEvent } from '#server/runs/trigger-value.ts';

/** A run that is replayed. */
export interface OriginalRun {
  readonly id: string;
  readonly workspaceId: string;
  /** Null once the flow was deleted. */
  readonly flowId: string | null;
  readonly flow: string;
  readonly flowName: string;
  readonly status: RunStatus;
  readonly compensation: string | null;
  readonly versionId: string;
  readonly versionNumber: number | null;
  readonly document: unknown;
  readonly eventId: string | null;
  /** Nodes whose steps answered with a pin; null for none. */
  readonly pinned: readonly string[] | null;
}

/** Keeps the flow of a run from being deleted until the transaction ends, where it is there still. Before the run itself is held. */
export async function holdFlowOf(client: pg.ClientBase, runId: string): Promise<void> {
  await client.query('SELECT FROM flow WHERE id = (SELECT flow_id FROM run WHERE id = $1) FOR KEY SHARE', [
    runId,
  ]);
}

/** Holds a run as whoever resumes it does. */
export async function holdRun(client: pg.ClientBase, runId: string): Promise<void> {
  await client.query('SELECT FROM run WHERE id = $1 FOR NO KEY UPDATE', [runId]);
}

/**
 * Undefined when the workspace has no such run. Its journal stays as it is until the transaction ends: who writes it holds the
 * row for that.
 */
export async function holdOriginal(
  client: pg.ClientBase,
  target: { readonly runId: string; readonly workspaceId: string },
): Promise<OriginalRun | undefined> {
  const { rows } = await client.query<OriginalRun>(
    `SELECT r.id, r.workspace_id AS "workspaceId", r.flow_id AS "flowId", r.flow_slug AS flow, r.flow_name AS "flowName",
       r.status::text AS status, r.compensation, r.flow_version_id AS "versionId", r.version_number AS "versionNumber", v.document,
       r.event_id AS "eventId", CASE WHEN r.pins IS NOT NULL THEN array(SELECT json_object_keys(r.pins)) END AS pinned
     FROM run r JOIN flow_version v ON v.id = r.flow_version_id
     WHERE r.id = $1 AND r.workspace_id = $2 FOR SHARE OF r`,
    [target.runId, target.workspaceId],
  );
  return rows[0];
}

/** A version of a flow, by its number or, where that is null, the published one. */
export async function findVersion(
  client: pg.ClientBase,
  wanted: { readonly flowId: string | null; readonly number: number | null },
): Promise<{ readonly id: string; readonly number: number; readonly document: unknown } | undefined> {
  const { rows } = await client.query<{ id: string; number: number; document: unknown }>(
    `SELECT v.id, v.number, v.document FROM flow f JOIN flow_version v ON v.flow_id = f.id
     WHERE f.id = $1 AND v.number = coalesce($2, f.published_version)`,
    [wanted.flowId, wanted.number],
  );
  return rows[0];
}

export async function readEvent(client: pg.ClientBase, eventId: string): Promise<TriggerEvent | undefined> {
  const { rows } = await client.query<TriggerEvent>(
    `SELECT method, query, headers, body, content_type AS "contentType", received_at AS "receivedAt"
     FROM event WHERE id = $1`,
    [eventId],
  );
  return rows[0];
}

/** Stores the event that a replay begins with instead of the original's. */
export async function insertReplayEvent(
  client: pg.ClientBase,
  event: ManualEvent & { readonly id: string; readonly workspaceId: string; readonly flowId: string | null },
): Promise<void> {
  await client.query(
    `INSERT INTO event (id, workspace_id, flow_id, kind, method, query, headers, body, content_type)
     VALUES ($1, $2, $3, 'replay', $4, $5, $6, $7, $8)`,
    [
      event.id,
      event.workspaceId,
      event.flowId,
      event.method,
      JSON.stringify(event.query),
      JSON.stringify(event.headers),
      Buffer.from(event.body),
      event.contentType,
    ],
  );
}

/** A run that replays another. */
export interface NewReplay extends RunKeys {
  readonly id: string;
  readonly original: OriginalRun;
  readonly version: { readonly id: string; readonly number: number | null };
  readonly eventId: string | null;
  readonly from: string | null;
  readonly overrides: JsonObject | null;
}

/** Stores the run, due now; `wakeRuns` is the caller's. */
export async function insertReplay(client: pg.ClientBase, replay: NewReplay): Promise<void> {
  const { original, version, concurrency } = replay;
  await client.query(
    `INSERT INTO run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, event_id, started_by,
       wake_at, replay_of, replay_from, overrides, concurrency_key, concurrency_limit,
       business_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'replay', now(), $9, $10, $11, $12, $13, $14)`,
    [
      replay.id,
      original.workspaceId,
      original.flowId,
      original.flow,
      original.flowName,
      version.id,
      version.number,
      replay.eventId,
      original.id,
      replay.from,
      replay.overrides && toStoredJson(replay.overrides),
      concurrency?.key ?? null,
      concurrency?.limit ?? null,
      replay.businessKey,
    ],
  );
}

/** Copies the steps of these nodes, with all their items, out of the original; and the reply and output that one of them made. */
export async function takeOverSteps(
  client: pg.ClientBase,
  replay: { readonly id: string; readonly originalId: string },
  nodes: { readonly ids: readonly string[]; readonly responding: readonly string[] },
): Promise<void> {
  await client.query(
    `INSERT INTO step (run_id, node_id, key, status, ports, input, output, error, attempts, started_at, finished_at, logs,
       is_reused)
     SELECT $1, node_id, key, status, ports, input, output, error, attempts, started_at, finished_at, logs, true
     FROM step WHERE run_id = $2 AND node_id = any($3::text[])`,
    [replay.id, replay.originalId, nodes.ids],
  );
  await client.query(
    `UPDATE run SET reply = original.reply, output = made.output
     FROM run original, LATERAL (SELECT output FROM step
       WHERE run_id = $1 AND node_id = any($3::text[]) AND status = 'succeeded' ORDER BY finished_at LIMIT 1) made
     WHERE run.id = $1 AND original.id = $2 AND original.reply IS NOT NULL`,
    [replay.id, replay.originalId, nodes.responding],
  );
}

/** The original's steps outside loops. */
export async function selectRootSteps(client: pg.ClientBase, runId: string): Promise<RecordedStep[]> {
  const { rows } = await client.query<RecordedStep>(
    `SELECT node_id AS "nodeId", key, status::text AS status, ports, attempts, null AS error, false AS "outlivesItems"
     FROM step WHERE run_id = $1 AND key = ''`,
    [runId],
  );
  return rows;
}

/** The nodes, in loops too, of which a step succeeded or may have. */
export async function selectDoneNodes(client: pg.ClientBase, runId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT DISTINCT node_id AS id FROM step WHERE run_id = $1 AND status IN ('succeeded', 'in_doubt') AND NOT is_reused`,
    [runId],
  );
  return rows.map(({ id }) => id);
}

/** What became of the run that failed was decided: it is replayed. */
export async function markRedriven(client: pg.ClientBase, runId: string): Promise<void> {
  await client.query(
    'UPDATE dead_letter SET redriven_at = now(), discarded_at = NULL, discard_reason = NULL WHERE run_id = $1',
    [runId],
  );
}

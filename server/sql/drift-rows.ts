import type pg from 'pg';

import type { Contract } from '#core/drift/follow-contract.ts';
import { EMPTY_SHAPE, type Shape } from '#core/drift/shape.ts';
import type { Departure } from '#core/drift/find-departures.ts';
import type { TriggerEvent } from '#server/runs/trigger-value.ts';

/** A place whose values have a contract. */
export interface ContractKey {
  readonly workspaceId: string;
  readonly flowId: string;
  readonly version: number;
  /** A node's id; empty for the trigger's body. */
  readonly place: string;
}

/** Takes on what came since the last look; undefined while another process is at it. Held to the end of the transaction. */
export async function takeMark(client: pg.ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT event_id AS id FROM drift_mark WHERE id = 1 FOR UPDATE SKIP LOCKED',
  );
  return rows[0]?.id;
}

export async function moveMark(client: pg.ClientBase, eventId: string): Promise<void> {
  await client.query('UPDATE drift_mark SET event_id = $1 WHERE id = 1 AND event_id < $1', [eventId]);
}

/** For what follows in the transaction: a few rows are found by index, also where the planner knows nothing of the tables yet. */
export async function lookUpByIndex(client: pg.ClientBase): Promise<void> {
  await client.query('SET LOCAL enable_seqscan = off');
}

/** An event to learn from. */
export interface SampledEvent extends TriggerEvent {
  readonly id: string;
  readonly workspaceId: string;
  readonly flowId: string;
  readonly version: number;
  readonly runId: string | null;
}

export interface EventSpan {
  readonly after: string;
  /** Not this one and none later. */
  readonly before: string;
  readonly scan: number;
  readonly perFlow: number;
  readonly maxBytes: number;
}

/** The last event of those that a look goes through, and how many it went through. */
export async function endOfSpan(
  client: pg.ClientBase,
  { after, before, scan }: EventSpan,
): Promise<{ readonly last: string | null; readonly count: number }> {
  const { rows } = await client.query<{ last: string | null; count: number }>(
    `SELECT max(id::text)::uuid AS last, count(*)::int AS count FROM (
       SELECT id FROM event WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3) span`,
    [after, before, scan],
  );
  return rows[0]!;
}

/**
 * Of each flow that exists, the newest events of a span; those of runs of drafts, by hand and of replays are left out. Looked up one
 * by one: a join would read the whole table for the few that are chosen.
 */
export async function sampleEvents(
  client: pg.ClientBase,
  { after, perFlow, maxBytes }: EventSpan,
  last: string,
): Promise<SampledEvent[]> {
  const { rows } = await client.query<SampledEvent>(
    `WITH chosen AS MATERIALIZED (
       SELECT id FROM (
         SELECT id, row_number() OVER (PARTITION BY flow_id ORDER BY id DESC) AS place FROM event
         WHERE id > $1 AND id <= $2 AND flow_id IS NOT NULL AND kind IN ('webhook', 'poll', 'call')) ranked
       WHERE place <= $3)
     SELECT event.id, event.workspace_id AS "workspaceId", event.flow_id AS "flowId",
       coalesce(run.version_number, flow.published_version) AS version, run.id AS "runId", event.method, event.query,
       event.headers, event.body, event.content_type AS "contentType", event.received_at AS "receivedAt"
     FROM chosen CROSS JOIN LATERAL (SELECT * FROM event WHERE event.id = chosen.id OFFSET 0) event
     JOIN flow ON flow.id = event.flow_id
     LEFT JOIN LATERAL (SELECT id, version_number FROM run WHERE run.event_id = event.id ORDER BY created_at, id LIMIT 1) run ON true
     WHERE octet_length(event.body) BETWEEN 1 AND $4
       AND CASE WHEN run.id IS NULL THEN event.quarantine IS NOT NULL AND flow.published_version IS NOT NULL
         ELSE run.version_number IS NOT NULL END
     ORDER BY event.id`,
    [after, last, perFlow, maxBytes],
  );
  return rows;
}

/** What steps of these runs gave whose nodes are of these types. */
export async function sampleOutputs(
  client: pg.ClientBase,
  runIds: readonly string[],
  { types, maxBytes }: { readonly types: readonly string[]; readonly maxBytes: number },
): Promise<{ readonly runId: string; readonly nodeId: string; readonly output: unknown }[]> {
  const { rows } = await client.query<{ runId: string; nodeId: string; output: unknown }>(
    `SELECT DISTINCT ON (run_id, node_id) run_id AS "runId", node_id AS "nodeId", step.output
     FROM step JOIN run ON run.id = step.run_id JOIN flow_version ON flow_version.id = run.flow_version_id
     WHERE run_id = ANY ($1::uuid[]) AND step.status = 'succeeded' AND NOT is_reused AND step.output IS NOT NULL
       AND pg_column_size(step.output) <= $2
       AND EXISTS (SELECT FROM json_array_elements(flow_version.document -> 'nodes') node
         WHERE node ->> 'id' = step.node_id AND node ->> 'type' = ANY ($3::text[]))
     ORDER BY run_id, node_id, key`,
    [runIds, maxBytes, types],
  );
  return rows;
}

interface ContractRow {
  readonly place: string;
  readonly shape: Shape;
  readonly samples: number;
  readonly isSettled: boolean;
  readonly departed: Shape | null;
}

/** Held to the end of the transaction. Undefined where nothing was learned yet. */
export async function lockContract(client: pg.ClientBase, key: ContractKey): Promise<Contract> {
  await client.query(
    `INSERT INTO contract (workspace_id, flow_id, version_number, place, shape) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [key.workspaceId, key.flowId, key.version, key.place, JSON.stringify(EMPTY_SHAPE)],
  );
  const { rows } = await client.query<ContractRow>(
    `SELECT place, shape, samples, settled_at IS NOT NULL AS "isSettled", departed FROM contract
     WHERE flow_id = $1 AND version_number = $2 AND place = $3 FOR UPDATE`,
    [key.flowId, key.version, key.place],
  );
  return rows[0]!;
}

export async function saveContract(
  client: pg.ClientBase,
  key: ContractKey,
  contract: Contract,
): Promise<void> {
  await client.query(
    `UPDATE contract SET shape = $4, samples = $5, departed = $7,
       settled_at = CASE WHEN $6 THEN coalesce(settled_at, now()) END
     WHERE flow_id = $1 AND version_number = $2 AND place = $3`,
    [
      key.flowId,
      key.version,
      key.place,
      JSON.stringify(contract.shape),
      contract.samples,
      contract.isSettled,
      contract.departed && JSON.stringify(contract.departed),
    ],
  );
}

/** Places of a version with something that departed and that nobody accepted. */
export async function departedPlaces(
  client: pg.ClientBase,
  flowId: string,
): Promise<{ readonly place: string; readonly version: number }[]> {
  const { rows } = await client.query<{ place: string; version: number }>(
    `SELECT place, version_number AS version FROM contract WHERE flow_id = $1 AND departed IS NOT NULL
     ORDER BY version_number, place`,
    [flowId],
  );
  return rows;
}

/** A departure, and when values with it came. */
export interface SeenDeparture extends Departure {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly seen: number;
}

/** Opens a drift, or counts on with the one that is open for the same. */
export async function noteDrift(
  client: pg.ClientBase,
  key: ContractKey,
  { id, departure }: { readonly id: string; readonly departure: SeenDeparture },
): Promise<void> {
  await client.query(
    `INSERT INTO drift (id, workspace_id, flow_id, version_number, place, kind, path, expected, found, renamed_to,
       first_seen_at, last_seen_at, seen)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (flow_id, place, kind, path) WHERE accepted_at IS NULL DO UPDATE SET
       seen = drift.seen + excluded.seen, last_seen_at = greatest(drift.last_seen_at, excluded.last_seen_at),
       version_number = excluded.version_number, found = excluded.found, renamed_to = excluded.renamed_to`,
    [
      id,
      key.workspaceId,
      key.flowId,
      key.version,
      key.place,
      departure.kind,
      departure.path,
      departure.expected,
      departure.found,
      departure.renamedTo ?? null,
      departure.firstSeenAt,
      departure.lastSeenAt,
      departure.seen,
    ],
  );
}

/** Resolves to how many there were. */
export async function closeDrifts(client: pg.ClientBase, flowId: string): Promise<number> {
  const { rowCount } = await client.query(
    'UPDATE drift SET accepted_at = now() WHERE flow_id = $1 AND accepted_at IS NULL',
    [flowId],
  );
  return rowCount ?? 0;
}

/** What was learned of the bodies of a version, once it is settled. */
export async function selectBodyShape(
  client: pg.ClientBase | pg.Pool,
  flowId: string,
  version: number,
): Promise<Shape | null> {
  const { rows } = await client.query<{ shape: Shape }>({
    name: 'select_body_shape',
    text: `SELECT shape FROM contract
      WHERE flow_id = $1 AND version_number = $2 AND place = '' AND settled_at IS NOT NULL`,
    values: [flowId, version],
  });
  return rows[0]?.shape ?? null;
}

export interface DriftRow extends Departure {
  readonly id: string;
  readonly flow: string;
  readonly flowName: string;
  readonly version: number;
  readonly place: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly seen: number;
  readonly document: unknown;
}

/** What is open, the newest first, 200 at most; with the document that it is about. */
export async function selectDrifts(
  pool: pg.Pool,
  { workspaceId, flow }: { readonly workspaceId: string; readonly flow: string | undefined },
): Promise<DriftRow[]> {
  const { rows } = await pool.query<DriftRow & { renamedTo: string | null }>(
    `SELECT drift.id, flow.slug AS flow, flow.name AS "flowName", drift.version_number AS version, drift.place, drift.kind,
       drift.path, drift.expected, drift.found, drift.renamed_to AS "renamedTo", drift.first_seen_at AS "firstSeenAt",
       drift.last_seen_at AS "lastSeenAt", drift.seen, flow_version.document
     FROM drift JOIN flow ON flow.id = drift.flow_id
     JOIN flow_version ON flow_version.flow_id = flow.id AND flow_version.number = drift.version_number
     WHERE drift.workspace_id = $1 AND drift.accepted_at IS NULL AND ($2::text IS NULL OR flow.slug = $2)
     ORDER BY drift.kind = 'added', drift.first_seen_at DESC, drift.path LIMIT 200`,
    [workspaceId, flow ?? null],
  );
  return rows.map(({ renamedTo, ...row }) => ({ ...row, ...(renamedTo === null ? {} : { renamedTo }) }));
}

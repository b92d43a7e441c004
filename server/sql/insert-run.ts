import type pg from 'pg';

import type { Pins } from '#core/pins/pin.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import type { RunKeys } from '#server/runs/keys-of-event.ts';
import type { ManualEvent } from '#server/runs/manual-event.ts';

/** A run and the event that it begins with, whatever its origin but a webhook (`store-events.ts`). */
export interface NewRun extends Partial<RunKeys> {
  /** Both made by the caller with `uuidv7()`. */
  readonly runId: string;
  readonly eventId: string;
  readonly workspaceId: string;
  readonly flow: { readonly id: string; readonly slug: string; readonly name: string };
  readonly version: { readonly id: string; readonly number: number | null };
  /** Kind of the event and what the run was started by. */
  readonly kind: 'manual' | 'schedule' | 'poll' | 'call' | 'failure';
  readonly event: ManualEvent;
  readonly remoteAddress?: string;
  /** At most one run a flow and key in 30 days. */
  readonly dedupeKey?: string;
  /** The step that calls the run; one run a step. */
  readonly parent?: {
    readonly runId: string;
    readonly nodeId: string;
    readonly key: string;
    readonly isAwaited: boolean;
  };
  /** How many runs stand above it. Default 0. */
  readonly callDepth?: number;
  /** The failed run that this one deals with; one run for each time that it failed, told by how often it had been resumed. */
  readonly failureOf?: string;
  readonly failureRound?: number;
  /** What steps answer with instead of being carried out. */
  readonly pins?: Pins | null;
}

/**
 * Stores a run and its event, ready to be claimed, in the client's transaction; `wakeRuns` is the caller's. False, and nothing
 * stored, when the dedupe key was seen within 30 days, or the calling step or the failed run has its run already.
 */
export async function insertRun(client: pg.ClientBase, run: NewRun): Promise<boolean> {
  const { rows } = await client.query({ name: 'insert_run', text: INSERT_RUN, values: valuesOf(run) });
  return rows.length === 1;
}

/** The run goes first, since it is what may be there already; the reference to its event is checked at the statement's end. */
const INSERT_RUN = `
WITH keyed AS (
  INSERT INTO dedupe_key AS seen (flow_id, key, event_id, run_id)
  SELECT $3::uuid, $15::text, $1::uuid, $2::uuid WHERE $15::text IS NOT NULL
  ON CONFLICT (flow_id, key) DO UPDATE SET
    event_id = CASE WHEN seen.first_seen_at < now() - interval '30 days' THEN excluded.event_id ELSE seen.event_id END,
    run_id = CASE WHEN seen.first_seen_at < now() - interval '30 days' THEN excluded.run_id ELSE seen.run_id END,
    duplicates = CASE WHEN seen.first_seen_at < now() - interval '30 days' THEN 0 ELSE seen.duplicates + 1 END,
    first_seen_at = CASE WHEN seen.first_seen_at < now() - interval '30 days' THEN now() ELSE seen.first_seen_at END,
    last_seen_at = now()
  RETURNING event_id
), stored_run AS (
  INSERT INTO run (
    id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, event_id, started_by, wake_at,
    parent_run_id, parent_node_id, parent_key, is_awaited, call_depth, failure_of, concurrency_key, concurrency_limit,
    failure_round, business_key, pins
  )
  SELECT $2::uuid, $4::uuid, $3::uuid, $5::text, $6::text, $7::uuid, $8::int, $1::uuid, $9::text, now(),
    $16::uuid, $17::text, $18::text, $19::boolean, $20::int, $21::uuid, $22::text, $23::int, $25::int, $26::jsonb, $27::json
  WHERE $15::text IS NULL OR EXISTS (SELECT FROM keyed WHERE event_id = $1::uuid)
  ON CONFLICT DO NOTHING
  RETURNING id
), stored_event AS (
  INSERT INTO event (
    id, workspace_id, flow_id, kind, method, query, headers, body, content_type, remote_address, dedupe_key
  )
  SELECT $1::uuid, $4::uuid, $3::uuid, $9::text, $10::text, $11::jsonb, $12::jsonb, $13::bytea, $14::text, $24::text, $15::text
  FROM stored_run
)
SELECT id FROM stored_run`;

function valuesOf(run: NewRun): unknown[] {
  const { flow, version, event, parent, concurrency } = run;
  return [
    run.eventId,
    run.runId,
    flow.id,
    run.workspaceId,
    flow.slug,
    flow.name,
    version.id,
    version.number,
    run.kind,
    event.method,
    JSON.stringify(event.query),
    JSON.stringify(event.headers),
    Buffer.from(event.body),
    event.contentType,
    run.dedupeKey ?? null,
    parent?.runId ?? null,
    parent?.nodeId ?? null,
    parent?.key ?? null,
    parent?.isAwaited ?? false,
    run.callDepth ?? 0,
    run.failureOf ?? null,
    concurrency?.key ?? null,
    concurrency?.limit ?? null,
    run.remoteAddress ?? '',
    run.failureRound ?? 0,
    run.businessKey ?? null,
    run.pins ? toStoredJson(run.pins) : null,
  ];
}

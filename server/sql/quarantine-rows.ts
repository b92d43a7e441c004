import type pg from 'pg';

import type { RunConcurrency } from '#server/runs/concurrency-of.ts';
import type { ManualEvent } from '#server/runs/manual-event.ts';
import type { TriggerEvent } from '#server/runs/trigger-value.ts';

export interface QuarantinedRow extends Pick<TriggerEvent, 'headers' | 'contentType' | 'receivedAt'> {
  readonly id: string;
  readonly flow: string;
  readonly flowName: string | null;
  readonly dedupeKey: string | null;
  readonly bytes: number;
  readonly quarantine: unknown;
  readonly start: Buffer;
  readonly canReplay: boolean;
  /** When it is removed for its age; null for never. */
  readonly goesAt: Date | null;
}

/** An event that waits for a decision instead of starting a run, of another origin than a hook (`store-events.ts`). */
export interface NewQuarantined {
  readonly eventId: string;
  readonly workspaceId: string;
  readonly flow: { readonly id: string; readonly slug: string };
  readonly kind: 'poll';
  readonly event: ManualEvent;
  readonly dedupeKey: string;
  /** JSON text that jsonb takes: why. */
  readonly quarantine: string;
}

/** Stores it in the client's transaction, unless its key was seen within 30 days. */
export async function insertQuarantined(client: pg.ClientBase, held: NewQuarantined): Promise<void> {
  const { flow, event } = held;
  await client.query({
    name: 'insert_quarantined',
    text: `WITH keyed AS (
        INSERT INTO dedupe_key AS seen (flow_id, key, event_id) VALUES ($3::uuid, $5::text, $1::uuid)
        ON CONFLICT (flow_id, key) DO UPDATE SET event_id = excluded.event_id, run_id = NULL, duplicates = 0,
          first_seen_at = now(), last_seen_at = now()
        WHERE seen.first_seen_at < now() - interval '30 days'
        RETURNING event_id)
      INSERT INTO event (id, workspace_id, flow_id, flow_slug, dedupe_key, kind, quarantine, method, query, headers, body, content_type)
      SELECT event_id, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::jsonb, $8::text, $9::jsonb, $10::jsonb, $11::bytea, $12::text
      FROM keyed`,
    values: [
      held.eventId,
      held.workspaceId,
      flow.id,
      flow.slug,
      held.dedupeKey,
      held.kind,
      held.quarantine,
      event.method,
      JSON.stringify(event.query),
      JSON.stringify(event.headers),
      Buffer.from(event.body),
      event.contentType,
    ],
  });
}

/** What is in quarantine and was not put aside, newest first. */
export async function selectQuarantined(
  pool: pg.Pool,
  wanted: { readonly workspaceId: string; readonly flow: string | undefined },
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<QuarantinedRow[]> {
  const { rows } = await pool.query<QuarantinedRow>(
    `SELECT event.id, coalesce(flow.slug, event.flow_slug, '') AS flow, flow.name AS "flowName",
       event.dedupe_key AS "dedupeKey", octet_length(event.body) AS bytes, event.quarantine, event.headers,
       event.content_type AS "contentType", event.received_at AS "receivedAt",
       substring(event.body FROM 1 FOR 8000) AS start, flow.published_version IS NOT NULL AS "canReplay",
       event.received_at + retention.quarantine_days * interval '1 day' AS "goesAt"
     FROM event LEFT JOIN flow ON flow.id = event.flow_id
     LEFT JOIN retention ON retention.workspace_id = event.workspace_id
     WHERE event.workspace_id = $1 AND event.quarantine IS NOT NULL AND event.discarded_at IS NULL
       AND ($2::text IS NULL OR event.flow_slug = $2) AND ($3::uuid IS NULL OR event.id < $3)
     ORDER BY event.id DESC LIMIT $4`,
    [wanted.workspaceId, wanted.flow ?? null, page.after ?? null, page.limit],
  );
  return rows;
}

/** An event that is to get its run, and the version that it runs. */
export interface HeldEvent extends TriggerEvent {
  readonly id: string;
  /** How it came, and so what its run is started by. */
  readonly kind: string;
  readonly flowId: string;
  readonly slug: string;
  readonly name: string;
  readonly versionId: string;
  readonly version: number;
  readonly document: unknown;
}

/** Those that can run, held to the end of the transaction, oldest first. */
export async function lockQuarantined(
  client: pg.ClientBase,
  workspaceId: string,
  eventIds: readonly string[],
): Promise<HeldEvent[]> {
  const { rows } = await client.query<HeldEvent>(
    `SELECT event.id, event.kind, flow.id AS "flowId", flow.slug, flow.name, flow_version.id AS "versionId",
       flow_version.number AS version, flow_version.document, event.method, event.query, event.headers, event.body,
       event.content_type AS "contentType", event.received_at AS "receivedAt"
     FROM event JOIN flow ON flow.id = event.flow_id
     JOIN flow_version ON flow_version.flow_id = flow.id AND flow_version.number = flow.published_version
     WHERE event.workspace_id = $1 AND event.id = ANY ($2::uuid[]) AND event.quarantine IS NOT NULL
       AND event.discarded_at IS NULL
     ORDER BY event.id FOR NO KEY UPDATE OF event`,
    [workspaceId, eventIds],
  );
  return rows;
}

/** The run of an event that leaves quarantine. */
export interface ReleasedRun {
  readonly runId: string;
  readonly workspaceId: string;
  readonly event: HeldEvent;
  readonly concurrency: RunConcurrency | null;
  readonly businessKey: string | null;
}

/** Takes a locked event out of quarantine and stores its run, due now; its duplicates get that run's id from then on. */
export async function releaseEvent(
  client: pg.ClientBase,
  { runId, workspaceId, event, concurrency, businessKey }: ReleasedRun,
): Promise<void> {
  await client.query('UPDATE event SET quarantine = NULL WHERE id = $1', [event.id]);
  await client.query('UPDATE dedupe_key SET run_id = $2 WHERE event_id = $1', [event.id, runId]);
  await client.query(
    `INSERT INTO run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, event_id, started_by,
       status, wake_at, concurrency_key, concurrency_limit, business_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', now(), $10, $11, $12::jsonb)`,
    [
      runId,
      workspaceId,
      event.flowId,
      event.slug,
      event.name,
      event.versionId,
      event.version,
      event.id,
      event.kind,
      concurrency?.key ?? null,
      concurrency?.limit ?? null,
      businessKey,
    ],
  );
}

/** Puts events aside; they stay stored, and count as quarantined in the ledger. Resolves to which. */
export async function discardQuarantined(
  client: pg.ClientBase,
  target: { readonly workspaceId: string; readonly eventIds: readonly string[]; readonly reason: string },
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE event SET discarded_at = now(), discard_reason = $3
     WHERE workspace_id = $1 AND id = ANY ($2::uuid[]) AND quarantine IS NOT NULL AND discarded_at IS NULL RETURNING id`,
    [target.workspaceId, target.eventIds, target.reason],
  );
  return rows.map(({ id }) => id);
}

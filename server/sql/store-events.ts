/** What a batch asks of its statement: what it does not need costs as much as some events. */
export interface StoreKind {
  /** Some events have a dedupe key. */
  readonly isKeyed: boolean;
  /** The batch was sent before, and it is not known what came of it. */
  readonly mayBeStored: boolean;
}

/**
 * Stores a batch of events and their runs, in one statement that commits by itself.
 *
 * - `live`: the events whose flow still has the version and the connection that they were checked against. The others are
 *   answered by checking them anew, so that a publish, an unpublish or a changed secret counts from its commit on.
 * - `keyed`: claims the dedupe keys, in one order for all batches (no deadlocks). A key that was first seen 30 days ago is
 *   free again. A concurrent claim of the same key waits for the other batch and then reads its ids.
 * - The ids are ours, so that a batch sent again after a lost connection stores nothing twice.
 *
 * All bodies travel as one bytea, cut up here: an array of them would double each byte in hex.
 */
export function storeStatement({ isKeyed, mayBeStored }: StoreKind): { name: string; text: string } {
  const name = `ingress_store${isKeyed ? '_keyed' : ''}${mayBeStored ? '_again' : ''}`;
  const onConflict = mayBeStored ? 'ON CONFLICT (id) DO NOTHING' : '';
  const text = `
WITH input AS MATERIALIZED (
  SELECT * FROM unnest(
    $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::int[],
    $11::text[], $12::text[], $13::text[], $14::int[], $15::int[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::int[],
    $22::text[]
  ) AS input (
    event_id, run_id, token_hash, version_number, version_id, connection_slug, connection_stamp, dedupe_key, repeats,
    method, query, headers, body_from, body_length, content_type, remote_address, verified, quarantine, concurrency_key, concurrency_limit,
    business_key
  )
), live AS MATERIALIZED (
  SELECT input.*, hook.workspace_id, hook.flow_id, flow.slug, flow.name
  FROM input
  JOIN hook ON hook.token_hash = decode(input.token_hash, 'hex')
  JOIN flow ON flow.id = hook.flow_id AND flow.published_version = input.version_number
  LEFT JOIN connection ON connection.workspace_id = hook.workspace_id AND connection.slug = input.connection_slug
  WHERE connection.updated_at::text IS NOT DISTINCT FROM input.connection_stamp
), ${isKeyed ? KEYED : ''}stored_event AS (
  INSERT INTO event (
    id, workspace_id, flow_id, kind, dedupe_key, method, query, headers, body, content_type, remote_address, verified, quarantine,
    flow_slug
  )
  SELECT event_id, workspace_id, flow_id, 'webhook', dedupe_key, method, query::jsonb, headers::jsonb,
    substring($1::bytea FROM body_from FOR body_length), content_type, remote_address, verified, quarantine::jsonb,
    CASE WHEN quarantine IS NOT NULL THEN slug END
  FROM ${isKeyed ? 'fresh' : 'live'}
  ${onConflict}
), stored_run AS (
  INSERT INTO run (
    id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, version_number, event_id, started_by, status, wake_at,
    concurrency_key, concurrency_limit, business_key
  )
  SELECT run_id, workspace_id, flow_id, slug, name, version_id, version_number, event_id, 'webhook', 'queued', now(),
    concurrency_key, concurrency_limit, business_key::jsonb
  FROM ${isKeyed ? 'fresh' : 'live'} WHERE run_id IS NOT NULL
  ${onConflict}
)
${isKeyed ? STORED_OF_KEYED : STORED}`;
  return { name, text };
}

/** Claims the keys; `fresh` is what nobody had claimed. */
const KEYED = `keyed AS (
  INSERT INTO dedupe_key AS seen (flow_id, key, event_id, run_id, duplicates)
  SELECT flow_id, dedupe_key, event_id, run_id, repeats
  FROM live WHERE dedupe_key IS NOT NULL ORDER BY flow_id, dedupe_key
  ON CONFLICT (flow_id, key) DO UPDATE SET
    event_id = CASE WHEN seen.first_seen_at < now() - interval '30 days' THEN excluded.event_id ELSE seen.event_id END,
    run_id = CASE WHEN seen.first_seen_at < now() - interval '30 days' THEN excluded.run_id ELSE seen.run_id END,
    duplicates = CASE
      WHEN seen.first_seen_at < now() - interval '30 days' THEN excluded.duplicates
      WHEN seen.event_id = excluded.event_id THEN seen.duplicates
      ELSE seen.duplicates + 1 + excluded.duplicates
    END,
    first_seen_at = CASE WHEN seen.first_seen_at < now() - interval '30 days' THEN now() ELSE seen.first_seen_at END,
    last_seen_at = now()
  RETURNING flow_id, key, event_id, run_id
), fresh AS MATERIALIZED (
  SELECT live.* FROM live
  LEFT JOIN keyed ON keyed.flow_id = live.flow_id AND keyed.key = live.dedupe_key
  WHERE live.dedupe_key IS NULL OR keyed.event_id = live.event_id
), `;

const STORED = `SELECT event_id AS asked, event_id, slug, workspace_id, run_id FROM live`;
const STORED_OF_KEYED = `
SELECT live.event_id AS asked, coalesce(keyed.event_id, live.event_id) AS event_id, live.slug, live.workspace_id,
  CASE WHEN keyed.event_id IS NULL THEN live.run_id ELSE keyed.run_id END AS run_id
FROM live LEFT JOIN keyed ON keyed.flow_id = live.flow_id AND keyed.key = live.dedupe_key`;

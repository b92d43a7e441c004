import type { Json } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';

/** A row of `selectFlowSummaries`. */
export interface FlowSummaryRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly published_version: number | null;
  readonly draft_revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** To the microsecond, which a Date cannot hold and a cursor needs. */
  readonly updated_at_exact: string;
  readonly updated_by: string | null;
  readonly draft_changed: boolean;
  readonly draft_trigger: string | null;
  readonly published_trigger: string | null;
  readonly hook_token: string | null;
  readonly next_tick_at: Date | null;
  readonly poll: PollSummary | null;
  readonly subscription: SubscriptionSummary | null;
  readonly runs_total: number;
  readonly runs_failed: number;
}

/** The state of a published poll; times to the millisecond, in UTC. */
export interface PollSummary {
  readonly nextAt: string;
  readonly askedAt: string | null;
  readonly answeredAt: string | null;
  readonly found: number | null;
  readonly failures: number;
  readonly error: Json;
}

/** The subscription that a flow wants, else the one that is being taken back; times to the millisecond, in UTC. */
export interface SubscriptionSummary {
  readonly trigger: string;
  readonly connection: string;
  readonly isWanted: boolean;
  readonly isRegistered: boolean;
  /** False for events of an app, which come once that is set up. */
  readonly isAsked: boolean;
  /** Whether the address of the app has a secret; null while there is no address. */
  readonly appSecret: boolean | null;
  readonly isOver: boolean;
  readonly registeredAt: string | null;
  readonly expiresAt: string | null;
  readonly nextAt: string | null;
  readonly fault: Json;
}

export interface FlowSummaryFilter {
  readonly workspaceId: string;
  /** Types that are triggers, from the registry. */
  readonly triggerTypes: readonly string[];
  readonly slug?: string;
  /** A LIKE pattern. */
  readonly pattern?: string;
  readonly sort: 'updated' | 'slug';
  /** Rows after this place. */
  readonly after?: { readonly updatedAt?: string; readonly id?: string; readonly slug?: string };
  readonly limit: number;
}

/** Flows with what lists show of them: one statement, whose look-ups per flow are bounded by the page. */
export async function selectFlowSummaries(filter: FlowSummaryFilter): Promise<FlowSummaryRow[]> {
  const order = filter.sort === 'slug' ? 'f.slug' : 'f.updated_at DESC, f.id DESC';
  const { rows } = await pool().query<FlowSummaryRow>(
    `WITH page AS (
       SELECT f.* FROM flow f
       WHERE f.workspace_id = $1
         AND ($2::text IS NULL OR f.slug = $2)
         AND ($3::text IS NULL OR f.slug ILIKE $3 OR f.name ILIKE $3 OR f.description ILIKE $3)
         AND ($4::text IS NULL OR f.slug > $4)
         AND ($5::timestamptz IS NULL OR (f.updated_at, f.id) < ($5::timestamptz, $6::uuid))
       ORDER BY ${order} LIMIT $7)
     SELECT f.id, f.slug, f.name, f.description, f.published_version, f.draft_revision, f.created_at, f.updated_at,
       to_char(f.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at_exact,
       coalesce(nullif(u.name, ''), u.email) AS updated_by,
       (v.id IS NULL OR f.draft::text <> v.document::text) AS draft_changed,
       ${triggerOf('f.draft')} AS draft_trigger,
       ${triggerOf('v.document')} AS published_trigger,
       h.token AS hook_token, s.next_at AS next_tick_at, ${POLL} AS poll, sub.summary AS subscription, r.total AS runs_total, r.failed AS runs_failed
     FROM page f
     LEFT JOIN "user" u ON u.id = f.updated_by_id
     LEFT JOIN flow_version v ON v.flow_id = f.id AND v.number = f.published_version
     LEFT JOIN hook h ON h.flow_id = f.id
     LEFT JOIN schedule s ON s.flow_id = f.id
     LEFT JOIN poll p ON p.flow_id = f.id
     LEFT JOIN LATERAL (${SUBSCRIPTION}) sub ON true
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS total, (count(*) FILTER (WHERE run.status = 'failed'))::int AS failed
       FROM run WHERE run.workspace_id = f.workspace_id AND run.flow_slug = f.slug AND run.flow_id = f.id
         AND run.created_at > now() - interval '24 hours') r
     ORDER BY ${order}`,
    [
      filter.workspaceId,
      filter.slug,
      filter.pattern,
      filter.after?.slug,
      filter.after?.updatedAt,
      filter.after?.id,
      filter.limit,
      filter.triggerTypes,
    ],
  );
  return rows;
}

const inUtc = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const POLL = `CASE WHEN p.flow_id IS NOT NULL THEN json_build_object(
         'nextAt', ${inUtc('p.next_at')}, 'askedAt', ${inUtc('p.asked_at')}, 'answeredAt', ${inUtc('p.answered_at')},
         'found', p.found, 'failures', p.failures, 'error', p.error) END`;

const SUBSCRIPTION = `SELECT json_build_object(
         'trigger', w.trigger, 'connection', w.connection, 'isWanted', w.is_wanted, 'isRegistered', w.remote_id IS NOT NULL,
         'isAsked', w.callback_url <> '',
         'appSecret', (SELECT a.secret IS NOT NULL FROM app_hook a WHERE a.workspace_id = w.workspace_id
           AND a.connector = split_part(w.trigger, '.', 1)),
         'isOver', coalesce(w.expires_at <= now(), false), 'registeredAt', ${inUtc('w.registered_at')},
         'expiresAt', ${inUtc('w.expires_at')}, 'nextAt', ${inUtc('w.due_at')}, 'fault', w.fault) AS summary
       FROM subscription w WHERE w.flow_id = f.id ORDER BY w.is_wanted DESC, w.created_at DESC LIMIT 1`;

/** The type of a document's trigger node, null when it has none. */
function triggerOf(document: string): string {
  return `(SELECT node ->> 'type' FROM json_array_elements(${document} -> 'nodes') node
           WHERE node ->> 'type' = ANY ($8::text[]) LIMIT 1)`;
}

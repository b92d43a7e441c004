import type pg from 'pg';

/** Any number: it only has to be the same in every process. */
const WATCH_LOCK = 7_219_304;
/** Looked at by another process just now. */
const RECENT = "interval '20 seconds'";

/** What was on record of a workspace's ledger before a look. */
export interface LedgerCheckRow {
  readonly workspaceId: string;
  readonly slug: string;
  readonly since: Date | null;
  readonly toldAt: Date | null;
}

/**
 * The workspaces whose ledger is due for a look; none while another process looks. Held to the end of the client's
 * transaction.
 */
export async function lockDueChecks(client: pg.ClientBase): Promise<LedgerCheckRow[]> {
  const { rows: locked } = await client.query<{ taken: boolean }>(
    `SELECT pg_try_advisory_xact_lock(${WATCH_LOCK}) AS taken`,
  );
  if (!locked[0]?.taken) return [];
  const { rows } = await client.query<LedgerCheckRow>(
    `SELECT workspace.id AS "workspaceId", workspace.slug, since, told_at AS "toldAt"
     FROM workspace LEFT JOIN ledger_check ON ledger_check.workspace_id = workspace.id
     WHERE checked_at IS NULL OR checked_at < clock_timestamp() - ${RECENT}
     ORDER BY checked_at NULLS FIRST`,
  );
  return rows;
}

export async function countWorkspaces(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM workspace');
  return rows[0]!.count;
}

/** The tables that a ledger is read from. */
const TABLES = [
  'workspace',
  'flow',
  'event',
  'run',
  'step',
  'step_order',
  'signal',
  'approval',
  'dead_letter',
  'ledger_count',
];

/**
 * What was written so far of all that ledgers are read from, to be compared: Postgres's own counts, which come up to a minute late. Null
 * while workers hold runs: those may come to be wrong by the mere passing of time.
 */
export async function readLedgerChanges(pool: pg.Pool): Promise<string | null> {
  const { rows } = await pool.query<{ changes: string | null }>({
    name: 'ledger_changes',
    text: `SELECT CASE WHEN NOT EXISTS (SELECT FROM run WHERE lease_worker_id IS NOT NULL) THEN (
        SELECT string_agg(concat_ws(' ', relname, n_tup_ins, n_tup_upd, n_tup_del), ', ' ORDER BY relname)
        FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname = ANY ($1::text[])) END AS changes`,
    values: [TABLES],
  });
  return rows[0]!.changes;
}

/** Says of all ledgers that they are as the last look found them. */
export async function confirmChecks(pool: pg.Pool): Promise<void> {
  await pool.query({
    name: 'ledger_confirm',
    text: 'UPDATE ledger_check SET checked_at = clock_timestamp()',
  });
}

export interface LedgerFinding {
  readonly workspaceId: string;
  /** The drifts of its flows, each without its sign. */
  readonly drift: number;
  /** Rows that must not be. */
  readonly faults: number;
  /** True when the owners are told of it now. */
  readonly isTold: boolean;
}

/** Writes down what a look found. A look that found nothing ends what earlier ones began. */
export async function recordCheck(client: pg.ClientBase, finding: LedgerFinding): Promise<void> {
  await client.query(
    `INSERT INTO ledger_check AS known (workspace_id, checked_at, drift, faults, since, told_at)
     VALUES ($1, clock_timestamp(), $2::bigint, $3::int, CASE WHEN $2::bigint <> 0 OR $3::int <> 0 THEN clock_timestamp() END,
       CASE WHEN $4::boolean THEN clock_timestamp() END)
     ON CONFLICT (workspace_id) DO UPDATE SET checked_at = excluded.checked_at, drift = excluded.drift,
       faults = excluded.faults,
       since = CASE WHEN excluded.since IS NOT NULL THEN coalesce(known.since, excluded.since) END,
       told_at = CASE WHEN excluded.since IS NOT NULL THEN coalesce(known.told_at, excluded.told_at) END`,
    [finding.workspaceId, finding.drift, finding.faults, finding.isTold],
  );
}

/** Whether an alert rule tells somebody that the ledger does not add up. */
export async function isLedgerWatched(client: pg.ClientBase, workspaceId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM alert_rule r JOIN alert_rule_channel c ON c.rule_id = r.id
     WHERE r.workspace_id = $1 AND r.kind = 'ledger' AND r.is_enabled LIMIT 1`,
    [workspaceId],
  );
  return rowCount === 1;
}

/** The addresses of a workspace's owners. */
export async function selectOwners(client: pg.ClientBase, workspaceId: string): Promise<string[]> {
  const { rows } = await client.query<{ email: string }>(
    `SELECT email FROM membership JOIN "user" ON "user".id = membership.user_id
     WHERE workspace_id = $1 AND role = 'owner' AND disabled_at IS NULL ORDER BY email`,
    [workspaceId],
  );
  return rows.map(({ email }) => email);
}

/** The latest looks at all workspaces, taken together. */
export interface LedgerState {
  readonly drift: number;
  readonly faults: number;
  /** Seconds since the oldest of them; 0 before the first. */
  readonly age_seconds: number;
}

export async function selectLedgerState(pool: pg.Pool): Promise<LedgerState> {
  const { rows } = await pool.query<LedgerState>(
    `SELECT coalesce(sum(drift), 0)::float8 AS drift, coalesce(sum(faults), 0)::float8 AS faults,
       coalesce(extract(epoch FROM now() - min(checked_at)), 0)::float8 AS age_seconds
     FROM ledger_check`,
  );
  return rows[0]!;
}

import type pg from 'pg';

import type { Json } from '#core/json.ts';

export interface WorkerRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  readonly isSilent: boolean;
  readonly isWard: boolean;
  readonly slots: number;
  readonly leases: number;
}

/** Every registered worker with how many runs it holds, eldest first. */
export async function selectWorkers(pool: pg.Pool): Promise<WorkerRow[]> {
  const { rows } = await pool.query<WorkerRow>(
    `SELECT id, host, pid, started_at AS "startedAt", heartbeat_at AS "heartbeatAt", is_ward AS "isWard", slots,
       heartbeat_at < now() - interval '5 seconds' AS "isSilent",
       (SELECT count(*)::int FROM run WHERE lease_worker_id = worker.id) AS leases
     FROM worker ORDER BY started_at`,
  );
  return rows;
}

export interface TableRow {
  readonly name: string;
  readonly bytes: number;
  readonly rows: number;
  readonly deadRows: number;
  readonly vacuumedAt: Date | null;
  readonly analyzedAt: Date | null;
}

/** Patchbay's own tables and those of its queue, largest first. */
export async function selectTableSizes(pool: pg.Pool): Promise<TableRow[]> {
  const { rows } = await pool.query<TableRow>(
    `SELECT CASE schemaname WHEN 'public' THEN relname ELSE schemaname || '.' || relname END AS name,
       pg_total_relation_size(relid)::float8 AS bytes, n_live_tup::float8 AS rows, n_dead_tup::float8 AS "deadRows",
       greatest(last_vacuum, last_autovacuum) AS "vacuumedAt", greatest(last_analyze, last_autoanalyze) AS "analyzedAt"
     FROM pg_stat_user_tables WHERE schemaname IN ('public', 'pgboss') ORDER BY bytes DESC, name`,
  );
  return rows;
}

export interface DatabaseRow {
  readonly at: Date;
  readonly version: string;
  readonly name: string;
  readonly startedAt: Date;
  readonly bytes: number;
  readonly connections: number;
  readonly maxConnections: number;
  readonly longestTransactionSeconds: number;
  readonly isDurable: boolean;
}

export async function selectDatabase(pool: pg.Pool): Promise<DatabaseRow> {
  const { rows } = await pool.query<DatabaseRow>(
    `SELECT now() AS at, current_setting('server_version') AS version, current_database() AS name,
       pg_postmaster_start_time() AS "startedAt", pg_database_size(current_database())::float8 AS bytes,
       current_setting('max_connections')::int AS "maxConnections",
       current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS "isDurable",
       count(*)::int AS connections,
       coalesce(extract(epoch FROM max(now() - xact_start) FILTER (WHERE pid <> pg_backend_pid())), 0)::float8
         AS "longestTransactionSeconds"
     FROM pg_stat_activity WHERE backend_type = 'client backend'`,
  );
  return rows[0]!;
}

/** The folder of the server's files; null where this role may not know. */
export async function selectDataDirectory(pool: pg.Pool): Promise<string | null> {
  const { rows } = await pool.query<{ folder: string | null }>(
    `SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('data_directory') END AS folder`,
  );
  return rows[0]?.folder ?? null;
}

export interface MigrationRow {
  readonly name: string;
  readonly isApplied: boolean;
}

export async function selectAppliedMigrations(pool: pg.Pool): Promise<MigrationRow[]> {
  const { rows } = await pool.query<MigrationRow>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS "isApplied" FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows;
}

/** Names the note that a backup leaves. */
export const LAST_BACKUP = 'last_backup';

/** What is known of the system under a name; null for nothing. */
export async function selectNote(pool: pg.Pool, name: string): Promise<{ at: Date; detail: Json } | null> {
  const { rows } = await pool.query<{ at: Date; detail: Json }>(
    'SELECT at, detail FROM system_note WHERE name = $1',
    [name],
  );
  return rows[0] ?? null;
}

export async function upsertNote(client: pg.ClientBase, name: string, detail: Json): Promise<void> {
  await client.query(
    `INSERT INTO system_note (name, detail) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET at = now(), detail = excluded.detail`,
    [name, JSON.stringify(detail)],
  );
}

import type pg from 'pg';

/** A table of the product, with what a copy of it needs. */
export interface CatalogTable {
  readonly name: string;
  /** Columns that hold something of their own. */
  readonly columns: readonly string[];
  /** Other tables that its rows refer to. */
  readonly refersTo: readonly string[];
}

export async function selectTables(client: pg.ClientBase): Promise<CatalogTable[]> {
  const { rows } = await client.query<CatalogTable>(
    `SELECT c.relname AS name,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       ARRAY(SELECT DISTINCT t.relname::text FROM pg_constraint f JOIN pg_class t ON t.oid = f.confrelid
        WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS "refersTo"
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     ORDER BY c.relname`,
  );
  return rows;
}

/** The sequences, each with the statement that sets another one like it. */
export async function selectSequenceStatements(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('SELECT pg_catalog.setval(%L, %s, %L);', format('public.%I', sequencename), coalesce(last_value, start_value),
       last_value IS NOT NULL) AS statement
     FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename`,
  );
  return rows.map(({ statement }) => statement);
}

/** Names of the applied migrations, oldest first; undefined where there is no record of any. */
export async function selectMigrations(client: pg.ClientBase): Promise<string[] | undefined> {
  const known = await client.query<{ found: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS found`,
  );
  if (!known.rows[0]?.found) return undefined;
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM public._prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows.map(({ name }) => name);
}

/** The statements that take away whatever stands in the schema `public`, and the queue, which makes itself anew. */
export async function selectDropStatements(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('DROP TABLE IF EXISTS public.%I CASCADE', relname) AS statement
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
     UNION ALL
     SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', p.oid::regprocedure) FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
       AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
     UNION ALL
     SELECT format('DROP TYPE IF EXISTS public.%I CASCADE', t.typname) FROM pg_type t
     WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e'
       AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = t.oid AND deptype = 'e')
     UNION ALL
     SELECT 'DROP SCHEMA pgboss CASCADE' FROM pg_namespace WHERE nspname = 'pgboss'`,
  );
  return rows.map(({ statement }) => statement);
}

/** Whether anything uses the database besides this connection. */
export async function isInUse(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ used: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND backend_type = 'client backend' AND application_name LIKE 'patchbay%') AS used`,
  );
  return rows[0]!.used;
}

/** As Prisma's schema engine makes it; no migration does. */
export const MIGRATIONS_TABLE = `CREATE TABLE "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum" VARCHAR(64) NOT NULL,
    "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL,
    "logs" TEXT,
    "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
);`;

import type { OpenConnection } from '#connectors/contract.ts';
import { prisma } from '#server/db/prisma.ts';
import { budgetOf } from '#server/connections/budget-of.ts';
import { openFields, type SealedRecord } from '#server/vault/sealed-record.ts';

/** `lastUsedAt` is exact to this. */
const TOUCH_EVERY_MS = 60_000;

/**
 * Opens a connection's secrets for one use and notes the time. Null when the workspace has no such connection. Throws
 * `VaultError` when the stored bytes were changed or the master key is not at hand. The caller has authorised the use.
 */
export async function openConnection(workspaceId: string, slug: string): Promise<OpenConnection | null> {
  const rows = await readRows(workspaceId, slug);
  const [row] = rows;
  if (!row) return null;
  const fields = openFields({ workspaceId, recordId: row.id }, { ...row, fields: fieldsOf(rows) });
  const age = Date.now() - (row.lastUsedAt?.getTime() ?? 0);
  if (age > TOUCH_EVERY_MS)
    await prisma().connection.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date() } });
  const budget = budgetOf(row);
  return { connector: row.connector, fields, ...(budget && { budget }) };
}

interface FieldRow {
  readonly id: string;
  readonly connector: string;
  readonly wrappedKey: Uint8Array;
  readonly keyVersion: number;
  readonly lastUsedAt: Date | null;
  readonly budgetCalls: number | null;
  readonly budgetSeconds: number | null;
  /** Null for a connection without fields. */
  readonly field: string | null;
  readonly sealed: Uint8Array | null;
}

/** One statement: key and fields are of one moment, also while somebody changes the connection. */
function readRows(workspaceId: string, slug: string): Promise<FieldRow[]> {
  return prisma().$queryRaw<FieldRow[]>`
    SELECT c.id, c.connector, c.wrapped_key AS "wrappedKey", c.key_version AS "keyVersion", c.last_used_at AS "lastUsedAt",
      c.budget_calls AS "budgetCalls", c.budget_seconds AS "budgetSeconds", f.name AS field, f.sealed
    FROM connection c LEFT JOIN connection_field f ON f.connection_id = c.id
    WHERE c.workspace_id = ${workspaceId}::uuid AND c.slug = ${slug}`;
}

function fieldsOf(rows: readonly FieldRow[]): SealedRecord['fields'] {
  return new Map(
    rows.flatMap(({ field, sealed }) => (field === null || sealed === null ? [] : [[field, sealed]])),
  );
}

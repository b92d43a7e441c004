import type { Connection as ConnectionRow } from '#prisma/generated/client.ts';
import { prisma } from '#server/db/prisma.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { notFound } from '#server/problem.ts';
import { VaultError } from '#server/vault/aead.ts';
import { openFields, type RecordPlace, type SealedRecord } from '#server/vault/sealed-record.ts';

export type StoredConnection = ConnectionRow & {
  readonly fields: readonly { readonly name: string; readonly sealed: Uint8Array }[];
};

/** A connection of the workspace with its sealed fields. Throws 404. */
export async function findConnection(
  tx: Transaction,
  workspaceId: string,
  slug: string,
): Promise<StoredConnection> {
  const row = await tx.connection.findUnique({
    where: { workspaceId_slug: { workspaceId, slug } },
    include: { fields: { orderBy: { name: 'asc' } } },
  });
  if (!row) throw notFound(`connection “${slug}” in this workspace`);
  return row;
}

/** The same, held until the transaction ends: two changes at once are made one after the other. */
export async function lockConnection(
  tx: Transaction,
  workspaceId: string,
  slug: string,
): Promise<StoredConnection> {
  await tx.$queryRaw`SELECT id FROM connection WHERE workspace_id = ${workspaceId}::uuid AND slug = ${slug} FOR UPDATE`;
  return findConnection(tx, workspaceId, slug);
}

/** A connection and its opened fields. */
export interface OpenedRow {
  readonly row: StoredConnection;
  readonly fields: Readonly<Record<string, string>>;
}

/** A connection that is being changed may be read in the middle, again and again; so often is never in a row. */
const MOST_READS = 5;

/**
 * Reads and opens a connection outside of a transaction; null when there is none. Row and fields are read one after the other: where
 * somebody changed the connection in between, they do not open, and are read again. Throws `VaultError`.
 */
export async function openStored(workspaceId: string, slug: string): Promise<OpenedRow | null> {
  for (let reads = 1; ; reads++) {
    const row = await prisma().connection.findUnique({
      where: { workspaceId_slug: { workspaceId, slug } },
      include: { fields: true },
    });
    if (!row) return null;
    try {
      const { place, record } = sealedOf(row);
      return { row, fields: openFields(place, record) };
    } catch (error) {
      if (!(error instanceof VaultError) || reads === MOST_READS) throw error;
    }
  }
}

/** A row as the vault sees it. */
export function sealedOf(row: StoredConnection): {
  readonly place: RecordPlace;
  readonly record: SealedRecord;
} {
  return {
    place: { workspaceId: row.workspaceId, recordId: row.id },
    record: {
      wrappedKey: row.wrappedKey,
      keyVersion: row.keyVersion,
      fields: new Map(row.fields.map(({ name, sealed }) => [name, sealed])),
    },
  };
}

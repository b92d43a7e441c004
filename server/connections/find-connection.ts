import type { Connection as ConnectionRow } from '#prisma/generated/client.ts';
import { prisma } from '#server/db/prisma.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { notFound } from '#server/problem.ts';
import type { RecordPlace, SealedRecord } from '#server/vault/sealed-record.ts';

export const WITH_FIELDS = {
  fields: { orderBy: { name: 'asc' } },
  owner: { select: { id: true, name: true } },
} as const;

export type StoredConnection = ConnectionRow & {
  readonly owner: { readonly id: string; readonly name: string } | null;
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
    include: WITH_FIELDS,
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

/** A connection by its id, held until the transaction ends; null when there is none. */
export async function lockById(tx: Transaction, id: string): Promise<StoredConnection | null> {
  await tx.$queryRaw`SELECT id FROM connection WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.connection.findUnique({ where: { id }, include: WITH_FIELDS });
}

/**
 * A connection by what is unique, outside of a transaction; null when there is none. Row and fields are of one moment: read apart from each
 * other, those of a connection that is just being changed would not open.
 */
export function readStored(
  where: { readonly id: string } | { readonly workspaceId: string; readonly slug: string },
): Promise<StoredConnection | null> {
  return prisma().$transaction(
    (tx) =>
      tx.connection.findUnique({
        where: 'id' in where ? where : { workspaceId_slug: where },
        include: WITH_FIELDS,
      }),
    { isolationLevel: 'RepeatableRead', maxWait: 10_000, timeout: 20_000 },
  );
}

/** A row as the vault sees it. */
export function sealedOf(row: Omit<StoredConnection, 'owner'>): {
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

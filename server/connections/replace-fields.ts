import type { Transaction } from '#server/db/transaction.ts';
import type { SealedRecord } from '#server/vault/sealed-record.ts';

/** Puts other sealed fields, under another data key, in the place of a connection's. */
export async function replaceFields(tx: Transaction, id: string, sealed: SealedRecord): Promise<void> {
  await tx.connection.update({ where: { id }, data: keyColumns(sealed) });
  await tx.connectionField.deleteMany({ where: { connectionId: id } });
  await insertFields(tx, id, sealed);
}

export async function insertFields(
  tx: Transaction,
  connectionId: string,
  { fields }: SealedRecord,
): Promise<void> {
  const data = [...fields].map(([name, sealed]) => ({ connectionId, name, sealed: new Uint8Array(sealed) }));
  await tx.connectionField.createMany({ data });
}

/** The data key of a record, as its row keeps it. */
export function keyColumns({ wrappedKey, keyVersion }: Pick<SealedRecord, 'wrappedKey' | 'keyVersion'>) {
  return { wrappedKey: new Uint8Array(wrappedKey), keyVersion };
}

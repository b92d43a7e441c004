import type { Transaction } from '#server/db/transaction.ts';

/** The clock that all processes share. */
export async function databaseTime(tx: Transaction): Promise<Date> {
  const rows = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (!rows[0]) throw new Error('The database did not tell the time.');
  return rows[0].now;
}

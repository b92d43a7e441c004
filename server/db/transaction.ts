import type { Prisma } from '#prisma/generated/client.ts';
import { prisma } from '#server/db/prisma.ts';
import { unlessConflicted } from '#server/db/transaction-conflict.ts';

/** What a function that writes takes, so that its caller decides what commits together. */
export type Transaction = Prisma.TransactionClient;

/**
 * Runs `work` in one transaction: all of its writes commit, or none. Waits up to 10 s for a connection. It is run anew where the
 * transaction meets another one (a deadlock), so it changes nothing but rows.
 */
export function inTransaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  return unlessConflicted(() => prisma().$transaction(work, { maxWait: 10_000, timeout: 20_000 }));
}

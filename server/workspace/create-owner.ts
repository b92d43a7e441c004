import { randomUUID } from 'node:crypto';

import type { Transaction } from '#server/db/transaction.ts';

/** Any number: only the first-run functions take this lock. */
const FIRST_RUN_LOCK = 7_310_450;

/** Makes first-run work one at a time across processes, to the end of the transaction. */
export async function lockFirstRun(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${FIRST_RUN_LOCK}::bigint)`;
}

/** The workspace that there is, or a new one. */
export async function firstWorkspace(
  tx: Transaction,
  name: string,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const found = await tx.workspace.findFirst({ orderBy: { createdAt: 'asc' }, select: { id: true } });
  if (found) return { id: found.id, isNew: false };
  const id = randomUUID();
  await tx.workspace.create({ data: { id, slug: 'main', name: name || 'Workspace' } });
  return { id, isNew: true };
}

/** Creates a user who owns the workspace. */
export async function createOwner(
  tx: Transaction,
  workspaceId: string,
  user: { readonly email: string; readonly name: string; readonly passwordHash: string },
): Promise<string> {
  const id = randomUUID();
  await tx.user.create({
    data: { id, email: user.email, name: user.name || nameOf(user.email), passwordHash: user.passwordHash },
  });
  await tx.membership.create({ data: { workspaceId, userId: id, role: 'owner' } });
  return id;
}

function nameOf(email: string): string {
  return email.split('@')[0] ?? email;
}

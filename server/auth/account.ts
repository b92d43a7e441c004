import type { Page } from '#core/api/common.ts';
import type { Me, Session } from '#core/api/workspace.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { hashPassword, verifyPassword } from '#server/auth/password.ts';
import { returnToLimits, takeFromLimits, tooManyAttempts } from '#server/auth/rate-limit.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { notFound, ProblemError } from '#server/problem.ts';

/** Who asks. `user` is null for an API key. */
export async function readMe(actor: Actor): Promise<Me> {
  const workspace = await prisma().workspace.findUniqueOrThrow({
    where: { id: actor.workspaceId },
    select: { slug: true, name: true },
  });
  const user = actor.userId
    ? await prisma().user.findUniqueOrThrow({
        where: { id: actor.userId },
        select: { id: true, email: true, name: true },
      })
    : null;
  return { user, workspace, role: actor.role };
}

/** Changes the user's own name. */
export async function renameMe(actor: Actor, name: string): Promise<Me> {
  const id = requireUser(actor);
  await inTransaction(async (tx) => {
    await tx.user.update({ where: { id }, data: { name } });
    await recordAudit(tx, actor, { action: 'user.update', resource: `user:${id}`, detail: { name } });
  });
  return readMe(actor);
}

/** Changes the user's password and ends every other session of theirs. 422 when the current password is wrong. */
export async function changePassword(
  actor: Actor,
  change: { currentPassword: string; newPassword: string },
): Promise<void> {
  const id = requireUser(actor);
  const limits = [{ key: `password:${id}`, max: 10, windowSeconds: 900 }];
  const waitSeconds = await takeFromLimits(limits);
  if (waitSeconds > 0) throw tooManyAttempts(waitSeconds);
  const { passwordHash } = await prisma().user.findUniqueOrThrow({
    where: { id },
    select: { passwordHash: true },
  });
  if (!(await verifyPassword(change.currentPassword, passwordHash))) throw wrongPassword();
  await returnToLimits(limits);
  const nextHash = await hashPassword(change.newPassword);
  await inTransaction(async (tx) => {
    await tx.user.update({ where: { id }, data: { passwordHash: nextHash } });
    const { count } = await tx.session.updateMany({
      where: { userId: id, revokedAt: null, NOT: { id: actor.sessionId } },
      data: { revokedAt: new Date() },
    });
    await recordAudit(tx, actor, {
      action: 'user.change_password',
      resource: `user:${id}`,
      detail: { sessionsEnded: count },
    });
  });
}

/** The user's live sessions, latest first. An API key has none. */
export async function listSessions(actor: Actor): Promise<Page<Session>> {
  if (actor.userId === null) return { data: [], next: null };
  const rows = await prisma().session.findMany({
    where: { userId: actor.userId, revokedAt: null, expiresAt: { gt: new Date() } },
    orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
    take: 200,
  });
  const data = rows.map((row) => ({
    id: row.id,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    address: row.address,
    userAgent: row.userAgent,
    current: row.id === actor.sessionId,
  }));
  return { data, next: null };
}

/** Ends one of the user's own sessions. Throws 404 for anybody else's. */
export async function revokeSession(actor: Actor, sessionId: string): Promise<void> {
  const userId = requireUser(actor);
  await inTransaction(async (tx) => {
    const { count } = await tx.session.updateMany({
      where: { id: sessionId, userId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) throw notFound('session of that id among yours');
    await recordAudit(tx, actor, { action: 'session.revoke', resource: `session:${sessionId}` });
  });
}

function requireUser(actor: Actor): string {
  if (actor.userId !== null) return actor.userId;
  throw new ProblemError({
    status: 403,
    code: 'user_required',
    title: 'Not for API keys',
    detail: 'This belongs to a person. Sign in to do it.',
  });
}

function wrongPassword(): ProblemError {
  const message = 'The current password is not right.';
  return new ProblemError({
    status: 422,
    code: 'wrong_password',
    title: 'The password was not changed',
    detail: message,
    errors: [{ pointer: '/currentPassword', message }],
  });
}

import { can } from '#server/auth/authorize.ts';
import type { Actor } from '#server/auth/actor.ts';
import { notFound, ProblemError } from '#server/problem.ts';

/** What of a connection decides who may do what with it. */
export interface OwnedConnection {
  readonly slug: string;
  readonly ownerId: string | null;
  readonly isShared: boolean;
}

/** Whether flows of a user may use it; `userId` null for the workspace itself, such as an API key that nobody made. */
export function mayUse({ ownerId, isShared }: OwnedConnection, userId: string | null): boolean {
  return isShared || (ownerId !== null && ownerId === userId);
}

/** Whose flows alone may use it: a user's id, or what no user has; undefined where everybody's may. */
export function onlyFor({ ownerId, isShared }: OwnedConnection): string | undefined {
  return isShared ? undefined : (ownerId ?? 'nobody');
}

/** Whether somebody sees it: who may use it, and who may manage what belongs to others. */
export function maySee(connection: OwnedConnection, actor: Actor): boolean {
  return mayUse(connection, actor.userId) || isOrphan(connection, actor);
}

/** Whether somebody may change, connect and delete it: whose it is, and admins where it is the workspace's or shared. */
export function mayManage(connection: OwnedConnection, actor: Actor): boolean {
  const { ownerId, isShared } = connection;
  if (ownerId !== null && ownerId === actor.userId) return can(actor.role, 'connection:use');
  return can(actor.role, 'connection:manage') && (ownerId === null || isShared);
}

/** Throws 404 for one that does not exist for the actor, 403 for one that they may only use. */
export function requireManaged(connection: OwnedConnection, actor: Actor): void {
  if (!maySee(connection, actor)) throw notFound(`connection “${connection.slug}” in this workspace`);
  if (mayManage(connection, actor)) return;
  throw new ProblemError({
    status: 403,
    code: 'forbidden',
    title: 'Not allowed',
    detail: 'Only the member whose connection it is, or an admin, may do this.',
  });
}

/** What is left of a member who is gone: admins clear it away. */
function isOrphan({ ownerId, isShared }: OwnedConnection, actor: Actor): boolean {
  return ownerId === null && !isShared && can(actor.role, 'connection:manage');
}

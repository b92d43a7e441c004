import { randomBytes, randomUUID } from 'node:crypto';

import type { Role } from '#core/api/common.ts';
import type { Actor } from '#server/auth/actor.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { prisma } from '#server/db/prisma.ts';

/** A session ends so long after sign-in, whatever happens. */
export const SESSION_SECONDS = 7 * 24 * 3600;
/** A session ends so long after its last request. */
export const SESSION_IDLE_SECONDS = 8 * 3600;

/** Begins a session and returns its token, which is stored nowhere but in the browser. */
export async function createSession(session: {
  userId: string;
  address: string;
  userAgent: string;
}): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await prisma().$executeRaw`
    INSERT INTO session (id, token_hash, user_id, expires_at, address, user_agent)
    VALUES (${randomUUID()}::uuid, ${sha256(token)}, ${session.userId}::uuid, now() + make_interval(secs => ${SESSION_SECONDS}),
      ${session.address}, ${session.userAgent.slice(0, 400)})`;
  await forgetOldSessions(session.userId);
  return token;
}

/** The actor of a live session; null when it is revoked, expired, idle, or its user is disabled or in no workspace. */
export async function findSessionActor(
  token: string,
  userId: string,
  address: string,
): Promise<Actor | null> {
  const rows = await prisma().$queryRaw<SessionRow[]>`
    SELECT s.id AS "sessionId", u.id AS "userId", u.email, m.workspace_id AS "workspaceId", m.role::text AS role,
      s.last_seen_at < now() - interval '1 minute' AS "isStale"
    FROM session s
    JOIN "user" u ON u.id = s.user_id
    JOIN LATERAL (
      SELECT workspace_id, role FROM membership WHERE user_id = u.id ORDER BY created_at, workspace_id LIMIT 1
    ) m ON true
    WHERE s.token_hash = ${sha256(token)} AND s.revoked_at IS NULL AND s.expires_at > now()
      AND s.last_seen_at > now() - make_interval(secs => ${SESSION_IDLE_SECONDS}) AND u.disabled_at IS NULL`;
  const row = rows[0];
  if (!row || row.userId !== userId) return null;
  if (row.isStale) await touchSession(row.sessionId);
  const { workspaceId, role, email, sessionId } = row;
  return { kind: 'user', id: userId, userId, name: email, workspaceId, role, address, sessionId };
}

/** Ends one session by its token. Returns its user, null when no such session was live. */
export async function revokeSessionByToken(token: string): Promise<string | null> {
  const rows = await prisma().$queryRaw<{ userId: string }[]>`
    UPDATE session SET revoked_at = now() WHERE token_hash = ${sha256(token)} AND revoked_at IS NULL RETURNING user_id AS "userId"`;
  return rows[0]?.userId ?? null;
}

interface SessionRow {
  readonly sessionId: string;
  readonly userId: string;
  readonly email: string;
  readonly workspaceId: string;
  readonly role: Role;
  readonly isStale: boolean;
}

/** Once a minute is enough to measure eight hours by, and spares a write on every request. */
async function touchSession(sessionId: string): Promise<void> {
  await prisma().$executeRaw`UPDATE session SET last_seen_at = now() WHERE id = ${sessionId}::uuid`;
}

async function forgetOldSessions(userId: string): Promise<void> {
  await prisma().$executeRaw`
    DELETE FROM session WHERE user_id = ${userId}::uuid AND (expires_at < now() OR revoked_at < now() - interval '30 days')`;
}

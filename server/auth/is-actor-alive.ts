import type { Actor } from '#server/auth/actor.ts';
import { SESSION_IDLE_SECONDS } from '#server/auth/sessions.ts';
import { prisma } from '#server/db/prisma.ts';

/** True while the session or key behind an actor is still good and its role unchanged: for replies that stay open. */
export async function isActorAlive(actor: Actor): Promise<boolean> {
  const role = actor.kind === 'api_key' ? await roleOfKey(actor.id) : await roleOfSession(actor);
  return role === actor.role;
}

async function roleOfKey(id: string): Promise<string | undefined> {
  const rows = await prisma().$queryRaw<{ role: string }[]>`
    SELECT role::text AS role FROM api_key
    WHERE id = ${id}::uuid AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;
  return rows[0]?.role;
}

async function roleOfSession(actor: Actor): Promise<string | undefined> {
  if (actor.sessionId === undefined) return undefined;
  const rows = await prisma().$queryRaw<{ role: string }[]>`
    SELECT m.role::text AS role FROM session s
    JOIN "user" u ON u.id = s.user_id
    JOIN membership m ON m.user_id = u.id AND m.workspace_id = ${actor.workspaceId}::uuid
    WHERE s.id = ${actor.sessionId}::uuid AND s.revoked_at IS NULL AND s.expires_at > now()
      AND s.last_seen_at > now() - make_interval(secs => ${SESSION_IDLE_SECONDS}) AND u.disabled_at IS NULL`;
  return rows[0]?.role;
}

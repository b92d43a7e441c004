import type { Json, JsonObject } from '#core/json.ts';
import type { Prisma } from '#prisma/generated/client.ts';
import { effectMark, requireClaim } from '#server/audit/effect-mark.ts';
import type { Actor } from '#server/auth/actor.ts';

/** What was done, to what. Never put a secret in `detail`. */
export interface AuditedAct {
  /** `<resource>.<verb>`, for example `flow.publish`. */
  readonly action: string;
  /** `<kind>:<slug or id>`. */
  readonly resource: string;
  readonly detail?: JsonObject;
}

/** Who acts when nobody is signed in: the product itself, in one workspace. */
export interface SystemActor {
  readonly kind: 'system';
  readonly name: string;
  readonly workspaceId: string;
  readonly address: string;
}

/** Who acts by a link that was mailed to them. */
export interface LinkActor {
  readonly kind: 'link';
  /** The address that the link was sent to. */
  readonly id: string;
  readonly name: string;
  readonly workspaceId: string;
  readonly address: string;
}

/** Who acts when they are signed in or hold a key: what is kept of an `Actor` in the audit trail. */
export type SignedActor = Pick<Actor, 'kind' | 'id' | 'name' | 'workspaceId' | 'address'>;

/** Whom the audit trail knows. */
export type AuditActor = SignedActor | LinkActor | SystemActor;

/**
 * Appends to the audit trail in the caller's transaction: the act and its entry commit together or not at all. Entries
 * cannot be changed or deleted afterwards (a trigger in the database sees to it).
 */
export async function recordAudit(
  tx: Prisma.TransactionClient,
  actor: AuditActor,
  act: AuditedAct,
): Promise<void> {
  await tx.auditEntry.create({ data: auditColumns(actor, act) });
  const mark = effectMark(actor, act);
  if (mark) requireClaim(await tx.$executeRawUnsafe(mark.text, ...mark.values));
}

/** The columns of an entry, under Prisma's names. */
export function auditColumns(actor: AuditActor, act: AuditedAct) {
  return {
    workspaceId: actor.workspaceId,
    actor: actor.kind === 'system' ? 'system' : `${actor.kind}:${actor.id}`,
    actorName: actor.name,
    action: act.action,
    resource: act.resource,
    detail: (act.detail ?? {}) satisfies Json as Prisma.InputJsonObject,
    address: actor.address,
  };
}

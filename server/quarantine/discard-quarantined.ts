import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { discardQuarantined as discardRows } from '#server/sql/quarantine-rows.ts';

/** Puts quarantined events aside for good, with a reason. Resolves to how many: those that wait no longer are passed over. */
export function discardQuarantined(
  actor: Actor,
  { eventIds, reason }: { readonly eventIds: readonly string[]; readonly reason: string },
): Promise<number> {
  const { workspaceId } = actor;
  return inClientTransaction(async (client) => {
    const discarded = await discardRows(client, { workspaceId, eventIds, reason });
    if (discarded.length > 0)
      await insertAudit(client, actor, {
        action: 'quarantine.discard',
        resource: discarded.length === 1 ? `event:${discarded[0]!}` : 'quarantine',
        detail: { reason, events: discarded },
      });
    return discarded.length;
  });
}

import type { StepError } from '#core/step-failure.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { forgetSubscription, type SubscriptionRow } from '#server/sql/subscription-rows.ts';

/** Gives up on taking a subscription back, and says so in the audit trail: the provider may send on until somebody stops it there. */
export async function abandon(row: SubscriptionRow, error: StepError): Promise<void> {
  const { id, workspaceId, trigger, connection, remoteId, callbackUrl } = row;
  await inClientTransaction(async (client) => {
    if (!(await forgetSubscription(client, row))) return;
    const actor = { kind: 'system', name: 'Patchbay', workspaceId, address: '' } as const;
    await insertAudit(client, actor, {
      action: 'subscription.abandon',
      resource: `subscription:${id}`,
      detail: {
        trigger,
        connection,
        remoteId,
        callbackUrl: callbackUrl.split('/hooks/')[0] ?? '',
        reason: error.message,
      },
    });
  });
}

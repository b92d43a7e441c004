import type { FlowDocument } from '#core/flow-document.ts';
import type { Flow } from '#prisma/generated/client.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { hookUrl } from '#server/flows/hook-url.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { ensureHook } from '#server/triggers/ensure-hook.ts';
import { movePoll } from '#server/triggers/move-poll.ts';
import { moveSchedule } from '#server/triggers/move-schedule.ts';

/**
 * Makes hook, clock and poll of a flow fit what it publishes; `document` is null when it is taken off the air. Call it in the
 * transaction that publishes, with the flow locked and `flow` as it was before. Resolves to the hook's URL, for a webhook.
 */
export async function moveTriggers(
  tx: Transaction,
  flow: Flow,
  document: FlowDocument | null,
): Promise<string | null> {
  const trigger = document === null ? undefined : triggerNode(document);
  await moveSchedule(tx, flow, trigger?.type === 'core.schedule' ? trigger : undefined);
  await movePoll(tx, flow, trigger?.type === 'core.poll' ? trigger : undefined);
  return trigger?.type === 'core.webhook' ? hookUrl(await ensureHook(tx, flow)) : null;
}

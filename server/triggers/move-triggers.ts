import { findOperation } from '#connectors/definitions.ts';
import type { TriggerDef } from '#connectors/contract.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import type { Flow } from '#prisma/generated/client.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { hookUrl } from '#server/flows/hook-url.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { ensureHook } from '#server/triggers/ensure-hook.ts';
import { movePoll } from '#server/triggers/move-poll.ts';
import { moveSchedule } from '#server/triggers/move-schedule.ts';
import { moveSubscription } from '#server/triggers/move-subscription.ts';

/**
 * Makes hook, clock, poll and subscription of a flow fit what it publishes; `document` is null when it is taken off the air. Call it in the
 * transaction that publishes, with the flow locked and `flow` as it was before. Resolves to the hook's URL, for a webhook.
 */
export async function moveTriggers(
  tx: Transaction,
  flow: Flow,
  document: FlowDocument | null,
): Promise<string | null> {
  const trigger = document === null ? undefined : triggerNode(document);
  const only = (...ways: readonly TriggerDef['delivery'][]) =>
    trigger && ways.includes(deliveryOf(trigger)) ? trigger : undefined;
  await moveSchedule(tx, flow, only('schedule'));
  await movePoll(tx, flow, only('polling'));
  await moveSubscription(tx, flow, only('subscription', 'app_event'));
  return only('webhook') ? hookUrl(await ensureHook(tx, flow)) : null;
}

function deliveryOf({ type, version }: FlowNode): TriggerDef['delivery'] {
  const operation = findOperation(type, version)?.operation;
  return operation?.kind === 'trigger' ? operation.delivery : 'manual';
}

import { randomBytes, randomUUID } from 'node:crypto';

import { findOperation } from '#connectors/definitions.ts';
import { withoutOnDrift } from '#connectors/on-drift.ts';
import { triggerKey } from '#connectors/trigger-handlers.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import type { Flow, Prisma, Subscription } from '#prisma/generated/client.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { contentHash } from '#server/flows/content-hash.ts';
import { hookUrl } from '#server/flows/hook-url.ts';
import { callbackUrl } from '#server/subscriptions/callback-url.ts';
import { sealSecret } from '#server/subscriptions/seal-secret.ts';
import { databaseTime } from '#server/triggers/database-time.ts';
import { ensureHook } from '#server/triggers/ensure-hook.ts';

/**
 * Sets what the flow wants a provider to send it, or that it wants nothing. The same trigger, settings and connection as before are
 * the same subscription, which is kept as it is. Workers make the provider agree, after the commit and as often as it takes.
 */
export async function moveSubscription(
  tx: Transaction,
  flow: Flow,
  node: FlowNode | undefined,
): Promise<void> {
  const rows = await tx.subscription.findMany({ where: { flowId: flow.id } });
  const wanted = node && wantedBy(node, hookUrl(await ensureHook(tx, flow)));
  const same = wanted && rows.filter((row) => isSame(row, wanted)).sort(wantedFirst)[0];
  const now = await databaseTime(tx);
  await giveUp(
    tx,
    rows.filter((row) => row !== same),
    now,
  );
  if (same && wanted) await keep(tx, same, { nodeId: wanted.nodeId, now });
  else if (wanted) await create(tx, flow, wanted);
}

interface Wanted {
  readonly nodeId: string;
  readonly trigger: string;
  readonly connection: string;
  readonly settings: JsonObject;
  readonly hook: string;
  /** Events of an app come without anybody being asked. */
  readonly isRegistered: boolean;
}

function wantedBy(node: FlowNode, hook: string): Wanted {
  const operation = findOperation(node.type, node.version)?.operation;
  if (operation?.kind !== 'trigger') throw new Error(`${triggerKey(node)} is no trigger.`);
  return {
    nodeId: node.id,
    trigger: triggerKey(node),
    connection: node.connection ?? '',
    // What is published was checked before.
    settings: withoutOnDrift(operation.input.parse(node.config) as JsonObject),
    hook,
    isRegistered: operation.delivery === 'subscription',
  };
}

function isSame(row: Subscription, wanted: Wanted): boolean {
  return (
    row.trigger === wanted.trigger &&
    row.connection === wanted.connection &&
    row.callbackUrl === addressOf(wanted, row.id) &&
    contentHash(row.settings).equals(contentHash(wanted.settings))
  );
}

function addressOf({ isRegistered, hook }: Wanted, id: string): string {
  return isRegistered ? callbackUrl(hook, id) : '';
}

function wantedFirst(a: Subscription, b: Subscription): number {
  return Number(b.isWanted) - Number(a.isWanted);
}

/** What no provider can know of is forgotten at once; the rest is taken back by a worker. */
async function giveUp(tx: Transaction, rows: readonly Subscription[], now: Date): Promise<void> {
  const id = { in: rows.map((row) => row.id) };
  // A worker notes that it asks before it does: then the row stays, or the worker finds it gone.
  await tx.subscription.deleteMany({ where: { id, askedAt: null } });
  await tx.subscription.updateMany({
    where: { id, isWanted: true },
    data: { isWanted: false, dueAt: now, tries: 0 },
  });
}

/** Publishing again has one that failed, or that was about to be taken back, looked at at once. */
async function keep(
  tx: Transaction,
  row: Subscription,
  { nodeId, now }: { readonly nodeId: string; readonly now: Date },
): Promise<void> {
  const isLookedAt = row.callbackUrl !== '' && (!row.isWanted || row.fault !== null);
  const again = isLookedAt ? { dueAt: now, tries: 0 } : {};
  await tx.subscription.update({ where: { id: row.id }, data: { nodeId, isWanted: true, ...again } });
}

/** Its secret is there before any provider hears of it: what is signed with it is accepted from the beginning. */
async function create(tx: Transaction, flow: Flow, wanted: Wanted): Promise<void> {
  const id = randomUUID();
  const { workspaceId, id: flowId } = flow;
  const { nodeId, trigger, connection, settings, isRegistered } = wanted;
  await tx.subscription.create({
    data: {
      ...{ id, workspaceId, flowId, nodeId, trigger, connection },
      settings: settings as Prisma.InputJsonValue,
      callbackUrl: addressOf(wanted, id),
      ...(isRegistered
        ? sealSecret({ workspaceId, recordId: id }, randomBytes(32).toString('base64url'))
        : { dueAt: null }),
    },
  });
}

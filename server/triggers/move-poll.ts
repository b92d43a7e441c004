import { withoutOnDrift } from '#connectors/on-drift.ts';
import type { FlowNode } from '#core/flow-document.ts';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import { Prisma, type Flow } from '#prisma/generated/client.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { contentHash } from '#server/flows/content-hash.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { databaseTime } from '#server/triggers/database-time.ts';

/**
 * Sets, moves or takes away the flow's poll. A trigger left as it was goes on undisturbed. One that was changed is asked at
 * once; its cursor is dropped when the cursor's expression changed; and when the URL, the items or the key changed, or anything of a
 * connector's trigger but its pace and what it does with drift, it begins anew, so that `first` counts again.
 */
export async function movePoll(tx: Transaction, flow: Flow, node: FlowNode | undefined): Promise<void> {
  const { id: flowId, workspaceId } = flow;
  if (!node) {
    await tx.poll.deleteMany({ where: { flowId } });
    return;
  }
  const nextAt = await databaseTime(tx);
  const existing = await tx.poll.findUnique({ where: { flowId } });
  if (!existing) {
    await tx.poll.create({ data: { flowId, workspaceId, nodeId: node.id, nextAt } });
    return;
  }
  const before = await publishedTrigger(tx, flow);
  await tx.poll.update({
    where: { flowId },
    data: {
      nodeId: node.id,
      ...(isChanged(before, node, workOf) && { nextAt, failures: 0, error: Prisma.DbNull }),
      ...(isChanged(before, node, cursorOf) && { cursor: Prisma.DbNull }),
      ...(isChanged(before, node, sourceOf) && { cursor: Prisma.DbNull, answeredAt: null, found: null }),
    },
  });
}

/** The trigger that is on the air until now. */
async function publishedTrigger(tx: Transaction, flow: Flow): Promise<FlowNode | undefined> {
  const version = await tx.flowVersion.findFirst({
    where: { flowId: flow.id, number: flow.publishedVersion ?? 0 },
    select: { document: true },
  });
  return version ? triggerNode(storedDocument(version.document)) : undefined;
}

function isChanged(
  before: FlowNode | undefined,
  after: FlowNode,
  partOf: (node: FlowNode) => JsonObject,
): boolean {
  return !before || !contentHash(partOf(before)).equals(contentHash(partOf(after)));
}

/** All that counts but place and name on the canvas. */
function workOf({ config, connection }: FlowNode): JsonObject {
  return { config, connection: connection ?? null };
}

function cursorOf({ config }: FlowNode): JsonObject {
  return { cursor: config['cursor'] ?? null };
}

/** What says which items these are. */
function sourceOf({ type, version, config, connection }: FlowNode): JsonObject {
  if (type !== 'core.poll') {
    const { everySeconds: _, ...settings } = withoutOnDrift(config);
    return { type, version, connection: connection ?? null, settings };
  }
  const { request = null, items = null, key = null } = config;
  return { url: isJsonObject(request) ? (request['url'] ?? null) : request, items, key };
}

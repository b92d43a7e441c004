import { setTimeout as sleep } from 'node:timers/promises';

import { findOperation } from '#connectors/definitions.ts';
import type { Capture, StartCapture } from '#core/api/captures.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Flow } from '#prisma/generated/client.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { NOTICED_WITHIN_MS } from '#server/captures/awaited-flows.ts';
import { captureNotFound, toCapture, waiterName } from '#server/captures/read-capture.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { lockFlow } from '#server/flows/find-flow.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { ProblemError } from '#server/problem.ts';
import { ensureHook } from '#server/triggers/ensure-hook.ts';

/**
 * Begins to wait for the next event of a flow, in place of what the actor waited for before. A draft that was never published gets its
 * hook. Returns when every hook knows of it. Throws 404, and 409 for a flow that no event is sent to.
 */
export async function startCapture(actor: Actor, slug: string, request: StartCapture): Promise<Capture> {
  const { workspaceId, userId } = actor;
  const begun = await inTransaction(async (tx) => {
    const flow = await lockFlow(tx, workspaceId, slug);
    await requireDelivered(tx, flow);
    await ensureHook(tx, flow);
    const named = waiterName(actor);
    await tx.capture.deleteMany({ where: { flowId: flow.id, actor: named } });
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO capture (id, workspace_id, flow_id, actor, user_id, expires_at)
      VALUES (${uuidv7()}::uuid, ${workspaceId}::uuid, ${flow.id}::uuid, ${named}, ${userId}::uuid,
        now() + ${request.seconds + NOTICED_WITHIN_MS / 1_000}::float8 * interval '1 second') RETURNING id`;
    const id = row?.id ?? '';
    await audit(tx, actor, { verb: 'start', id, slug });
    return toCapture(await tx.capture.findUniqueOrThrow({ where: { id }, include: WITH_FLOW }));
  });
  await sleep(NOTICED_WITHIN_MS);
  return begun;
}

const WITH_FLOW = { flow: { include: { hook: true } } } as const;

/** Ends a wait of this actor, and forgets what came. Throws 404. */
export async function endCapture(
  actor: Actor,
  { slug, id }: { readonly slug: string; readonly id: string },
): Promise<void> {
  await inTransaction(async (tx) => {
    const flow = await lockFlow(tx, actor.workspaceId, slug);
    const { count } = await tx.capture.deleteMany({
      where: { id, flowId: flow.id, actor: waiterName(actor) },
    });
    if (count === 0) throw captureNotFound(slug, id);
    await audit(tx, actor, { verb: 'end', id, slug });
  });
}

/** Events are sent to a webhook, published or not; to an app's trigger only once it is published, for until then the app knows nothing of it. */
async function requireDelivered(tx: Transaction, flow: Flow): Promise<void> {
  if (deliveryOf(storedDocument(flow.draft)) === 'webhook') return;
  const published =
    flow.publishedVersion === null
      ? null
      : await tx.flowVersion.findFirst({ where: { flowId: flow.id, number: flow.publishedVersion } });
  const delivery = published ? deliveryOf(storedDocument(published.document)) : undefined;
  if (delivery === 'webhook' || delivery === 'subscription' || delivery === 'app_event') return;
  throw new ProblemError({
    status: 409,
    code: 'nothing_to_capture',
    title: 'No event is sent to this flow',
    detail:
      'Events of a webhook can be captured, and those of an app once the flow is published. Publish it, or begin it with a webhook.',
  });
}

function deliveryOf(document: FlowDocument): string | undefined {
  const trigger = triggerNode(document);
  const operation = trigger && findOperation(trigger.type, trigger.version)?.operation;
  return operation?.kind === 'trigger' ? operation.delivery : undefined;
}

function audit(
  tx: Transaction,
  actor: Actor,
  { verb, id, slug }: { readonly verb: string; readonly id: string; readonly slug: string },
): Promise<void> {
  return recordAudit(tx, actor, {
    action: `capture.${verb}`,
    resource: `capture:${id}`,
    detail: { flow: slug },
  });
}

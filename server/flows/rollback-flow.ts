import type { PublishReply } from '#core/api/flows.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { lockFlow } from '#server/flows/find-flow.ts';
import { publishDocument } from '#server/flows/publish-document.ts';
import { requireRunnable } from '#server/flows/require-runnable.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { announceVersion } from '#server/live/flow-notices.ts';

/** Publishes the document of an earlier version as a new version. The draft is left alone. */
export async function rollbackFlow(
  actor: Actor,
  slug: string,
  request: { readonly version: number; readonly note?: string },
): Promise<PublishReply> {
  const reply = await inTransaction(async (tx) => {
    const flow = await lockFlow(tx, actor.workspaceId, slug);
    const earlier = await tx.flowVersion.findFirst({ where: { flowId: flow.id, number: request.version } });
    if (!earlier)
      throw invalidAt('/version', 'unknown_version', `The flow has no version ${request.version}.`);
    const document = storedDocument(earlier.document);
    await requireRunnable(tx, actor, {
      document,
      title: `Version ${request.version} cannot run any more`,
    });
    const note = request.note ?? `Rollback to version ${request.version}`;
    return publishDocument(tx, actor, { flow, document, note, action: 'flow.rollback' });
  });
  announceVersion({ workspaceId: actor.workspaceId, flow: slug }, reply.version);
  return reply;
}

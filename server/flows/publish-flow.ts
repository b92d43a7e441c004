import type { PublishReply } from '#core/api/flows.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { requireMatch } from '#server/flows/draft-etag.ts';
import { lockFlow } from '#server/flows/find-flow.ts';
import { publishDocument } from '#server/flows/publish-document.ts';
import { requireRunnable } from '#server/flows/require-runnable.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { announceVersion } from '#server/live/flow-notices.ts';
import { moveTriggers } from '#server/triggers/move-triggers.ts';

/**
 * Makes the draft the version that new events run. Throws 422 with every fault that keeps it from running, 412 when
 * `ifMatch` names another draft. A draft that equals the published version makes no new one.
 */
export async function publishFlow(
  actor: Actor,
  slug: string,
  request: { readonly note?: string; readonly ifMatch?: string | null } = {},
): Promise<PublishReply> {
  const reply = await inTransaction(async (tx) => {
    const flow = await lockFlow(tx, actor.workspaceId, slug);
    requireMatch(request.ifMatch, flow.draftRevision);
    const document = storedDocument(flow.draft);
    await requireRunnable(tx, actor, { document, title: 'The draft cannot be published yet' });
    return publishDocument(tx, actor, { flow, document, note: request.note ?? '', action: 'flow.publish' });
  });
  announceVersion({ workspaceId: actor.workspaceId, flow: slug }, reply.version);
  return reply;
}

/** Takes the flow off the air: its hook answers 410, its clock and its poll stop, runs under way go on. A flow that is not published stays so. */
export async function unpublishFlow(actor: Actor, slug: string): Promise<void> {
  await inTransaction(async (tx) => {
    const flow = await lockFlow(tx, actor.workspaceId, slug);
    if (flow.publishedVersion === null) return;
    await moveTriggers(tx, flow, null);
    await tx.flow.update({ where: { id: flow.id }, data: { publishedVersion: null } });
    await recordAudit(tx, actor, {
      action: 'flow.unpublish',
      resource: `flow:${slug}`,
      detail: { version: flow.publishedVersion },
    });
  });
  announceVersion({ workspaceId: actor.workspaceId, flow: slug }, null);
}

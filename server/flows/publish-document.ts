import { randomUUID } from 'node:crypto';

import type { PublishReply } from '#core/api/flows.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Flow, FlowVersion } from '#prisma/generated/client.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { pinContracts } from '#server/drift/pin-contracts.ts';
import { contentHash } from '#server/flows/content-hash.ts';
import { moveTriggers } from '#server/triggers/move-triggers.ts';

interface Publication {
  /** Its row must be locked: the number of the next version rests on that. */
  readonly flow: Flow;
  readonly document: FlowDocument;
  readonly note: string;
  readonly action: 'flow.publish' | 'flow.rollback';
}

/** Publishes a checked document, as a new version unless the current one has the same content and would run alike. */
export async function publishDocument(
  tx: Transaction,
  actor: Actor,
  publication: Publication,
): Promise<PublishReply> {
  const { flow, document } = publication;
  const version =
    (await unchangedVersion(tx, actor, publication)) ?? (await insertVersion(tx, actor, publication));
  const hookUrl = await moveTriggers(tx, flow, document);
  const number = version.number ?? 0;
  if (flow.publishedVersion !== number) {
    await tx.flow.update({ where: { id: flow.id }, data: { publishedVersion: number } });
    await recordAudit(tx, actor, {
      action: publication.action,
      resource: `flow:${flow.slug}`,
      detail: { version: number, previous: flow.publishedVersion },
    });
  }
  return { version: number, hookUrl };
}

/** The published version, or the newest one of an unpublished flow, if it has this very content. */
async function unchangedVersion(
  tx: Transaction,
  { userId }: Actor,
  { flow, document }: Publication,
): Promise<FlowVersion | null> {
  const current = await tx.flowVersion.findFirst({
    where: { flowId: flow.id, number: flow.publishedVersion ?? { not: null } },
    orderBy: { number: 'desc' },
  });
  if (!current || !contentHash(document).equals(contentHash(current.document))) return null;
  const isAlike = current.createdById === userId || !(await namesOwn(tx, flow, document));
  return isAlike ? current : null;
}

/** Whether it names a connection that a member keeps to themselves: then it matters whose version it is. */
async function namesOwn(tx: Transaction, { workspaceId }: Flow, { nodes }: FlowDocument): Promise<boolean> {
  const slugs = nodes.flatMap(({ connection }) => connection ?? []);
  if (slugs.length === 0) return false;
  return (await tx.connection.count({ where: { workspaceId, slug: { in: slugs }, isShared: false } })) > 0;
}

async function insertVersion(tx: Transaction, actor: Actor, publication: Publication): Promise<FlowVersion> {
  const { flow, document, note } = publication;
  const { _max } = await tx.flowVersion.aggregate({ where: { flowId: flow.id }, _max: { number: true } });
  const version = await tx.flowVersion.create({
    data: {
      id: randomUUID(),
      workspaceId: flow.workspaceId,
      flowId: flow.id,
      number: (_max.number ?? 0) + 1,
      document: document,
      contentHash: contentHash(document),
      note,
      createdById: actor.userId,
    },
  });
  await pinContracts(tx, version);
  return version;
}

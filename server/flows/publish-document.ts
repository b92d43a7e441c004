import { randomUUID } from 'node:crypto';

import type { PublishReply } from '#core/api/flows.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Flow, FlowVersion } from '#prisma/generated/client.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { contentHash } from '#server/flows/content-hash.ts';
import { moveTriggers } from '#server/triggers/move-triggers.ts';

interface Publication {
  /** Its row must be locked: the number of the next version rests on that. */
  readonly flow: Flow;
  readonly document: FlowDocument;
  readonly note: string;
  readonly action: 'flow.publish' | 'flow.rollback';
}

/** Publishes a checked document, as a new version unless the current one has the same content. */
export async function publishDocument(
  tx: Transaction,
  actor: Actor,
  publication: Publication,
): Promise<PublishReply> {
  const { flow, document } = publication;
  const version =
    (await unchangedVersion(tx, flow, document)) ?? (await insertVersion(tx, actor, publication));
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
  flow: Flow,
  document: FlowDocument,
): Promise<FlowVersion | null> {
  const current = await tx.flowVersion.findFirst({
    where: { flowId: flow.id, number: flow.publishedVersion ?? { not: null } },
    orderBy: { number: 'desc' },
  });
  return current && contentHash(document).equals(contentHash(current.document)) ? current : null;
}

async function insertVersion(tx: Transaction, actor: Actor, publication: Publication): Promise<FlowVersion> {
  const { flow, document, note } = publication;
  const { _max } = await tx.flowVersion.aggregate({ where: { flowId: flow.id }, _max: { number: true } });
  return tx.flowVersion.create({
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
}

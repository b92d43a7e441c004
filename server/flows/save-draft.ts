import { randomUUID } from 'node:crypto';

import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { validateFlow } from '#core/validate-flow.ts';
import type { Flow, Prisma } from '#prisma/generated/client.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { contentHash } from '#server/flows/content-hash.ts';
import { draftEtag, requireMatch } from '#server/flows/draft-etag.ts';
import { faultsProblem, invalidAt } from '#server/flows/faults-problem.ts';
import { lockFlow, tryLockFlow } from '#server/flows/find-flow.ts';
import { announceDraft } from '#server/live/flow-notices.ts';
import { ProblemError } from '#server/problem.ts';

/** A draft as it was stored: with the defaults filled in. */
export interface SavedDraft {
  readonly document: FlowDocument;
  readonly etag: string;
  readonly created: boolean;
}

/** Creates a flow from a document. 409 when the slug is taken, 422 with every structural fault. */
export async function createFlow(actor: Actor, document: unknown): Promise<SavedDraft> {
  const draft = acceptDocument(document);
  return inTransaction(async (tx) => {
    if (await insertFlow(tx, actor, draft)) return { document: draft, etag: draftEtag(1), created: true };
    throw new ProblemError({
      status: 409,
      code: 'slug_taken',
      title: 'The slug is taken',
      detail: `There is a flow “${draft.slug}” already. Choose another slug, or replace that flow's draft with PUT.`,
      errors: [{ pointer: '/slug', message: 'There is a flow of this slug already.', code: 'slug_taken' }],
    });
  });
}

/**
 * Creates the flow or replaces its draft. With `ifMatch`, 412 unless it names the current draft; without, the last
 * writer wins. A document equal to the stored one changes nothing, the ETag neither.
 */
export async function putDraft(
  actor: Actor,
  slug: string,
  request: { readonly document: unknown; readonly ifMatch: string | null },
): Promise<SavedDraft> {
  const draft = acceptDocument(request.document);
  if (draft.slug !== slug) {
    throw invalidAt(
      '/slug',
      'slug_mismatch',
      `The document's slug is “${draft.slug}”, the address says “${slug}”. Make them equal.`,
    );
  }
  const { before, ...saved } = await inTransaction(async (tx) => {
    const exists = await tryLockFlow(tx, actor.workspaceId, slug);
    if (!exists) requireMatch(request.ifMatch, undefined);
    if (!exists && (await insertFlow(tx, actor, draft)))
      return { document: draft, etag: draftEtag(1), created: true, before: null };
    // Here either the flow was there, or somebody else created it a moment ago.
    const flow = await lockFlow(tx, actor.workspaceId, slug);
    requireMatch(request.ifMatch, flow.draftRevision);
    return {
      document: draft,
      etag: draftEtag(await replaceDraft(tx, actor, { flow, draft })),
      created: false,
      before: draftEtag(flow.draftRevision),
    };
  });
  const { workspaceId, userId } = actor;
  if (saved.etag !== before) announceDraft({ workspaceId, flow: slug }, { etag: saved.etag, userId });
  return saved;
}

/** The document with its defaults, or a 422 with every fault that no draft may have. */
function acceptDocument(document: unknown): FlowDocument {
  const { flow, faults } = validateFlow(document, catalog);
  if (flow) return flow;
  throw faultsProblem(
    'The flow document is not valid',
    faults.filter((fault) => fault.level === 'refused'),
  );
}

/** False when the slug is taken. */
async function insertFlow(tx: Transaction, actor: Actor, draft: FlowDocument): Promise<boolean> {
  const { count } = await tx.flow.createMany({
    data: [
      { id: randomUUID(), workspaceId: actor.workspaceId, slug: draft.slug, ...draftColumns(actor, draft) },
    ],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await recordAudit(tx, actor, {
    action: 'flow.create',
    resource: `flow:${draft.slug}`,
    detail: { name: draft.name },
  });
  return true;
}

/** Returns the draft's revision. */
async function replaceDraft(
  tx: Transaction,
  actor: Actor,
  change: { flow: Flow; draft: FlowDocument },
): Promise<number> {
  const { flow, draft } = change;
  if (contentHash(flow.draft).equals(contentHash(draft))) return flow.draftRevision;
  const draftRevision = flow.draftRevision + 1;
  await tx.flow.update({
    where: { id: flow.id },
    data: { ...draftColumns(actor, draft), draftRevision, updatedAt: new Date() },
  });
  await recordAudit(tx, actor, {
    action: 'flow.update',
    resource: `flow:${draft.slug}`,
    detail: { revision: draftRevision },
  });
  return draftRevision;
}

function draftColumns(actor: Actor, draft: FlowDocument) {
  return {
    name: draft.name,
    description: draft.description,
    draft: draft as unknown as Prisma.InputJsonValue,
    updatedById: actor.userId,
  };
}

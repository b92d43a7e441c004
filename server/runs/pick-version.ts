import type { StartRunRequest } from '#core/api/flows.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Flow } from '#prisma/generated/client.ts';
import { prisma } from '#server/db/prisma.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { requireRunnable } from '#server/flows/require-runnable.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { ProblemError } from '#server/problem.ts';

/** What a run will be pinned to. `id` is null for a draft, whose snapshot is yet to be stored. */
export interface PickedVersion {
  readonly id: string | null;
  readonly number: number | null;
  readonly document: FlowDocument;
}

/**
 * The version that a start asks for. Throws 409 when it asks for the latest of a flow that is not published, 422 for a
 * number that does not exist, and 422 with every fault of a draft that cannot run.
 */
export async function pickVersion(
  flow: Flow,
  wanted: StartRunRequest['version'],
  userId: string | null,
): Promise<PickedVersion> {
  if (wanted === 'draft') return pickDraft(flow, userId);
  const number = wanted === 'latest' ? flow.publishedVersion : wanted;
  if (number === null) throw notPublished(flow.slug);
  const row = await prisma().flowVersion.findFirst({ where: { flowId: flow.id, number } });
  if (!row) throw invalidAt('/version', 'unknown_version', `The flow has no version ${number}.`);
  return { id: row.id, number, document: storedDocument(row.document) };
}

async function pickDraft(flow: Flow, userId: string | null): Promise<PickedVersion> {
  const document = storedDocument(flow.draft);
  await requireRunnable(
    prisma(),
    { workspaceId: flow.workspaceId, userId },
    { document, title: 'The draft cannot run yet' },
  );
  return { id: null, number: null, document };
}

function notPublished(slug: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'not_published',
    title: 'The flow is not published',
    detail: `The flow “${slug}” has no published version. Publish it, or start its draft with "version": "draft".`,
  });
}

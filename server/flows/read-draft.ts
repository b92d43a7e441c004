import type { FlowDocument } from '#core/flow-document.ts';
import { prisma } from '#server/db/prisma.ts';
import { draftEtag } from '#server/flows/draft-etag.ts';
import { findFlow } from '#server/flows/find-flow.ts';
import { storedDocument } from '#server/flows/stored-document.ts';

/** The draft, which is also the export. Throws 404. */
export async function readDraft(
  workspaceId: string,
  slug: string,
): Promise<{ document: FlowDocument; etag: string }> {
  const flow = await findFlow(prisma(), workspaceId, slug);
  return { document: storedDocument(flow.draft), etag: draftEtag(flow.draftRevision) };
}

import { z } from 'zod';

import type { Page } from '#core/api/common.ts';
import type { FlowVersion, FlowVersionDetail } from '#core/api/flows.ts';
import type { Prisma } from '#prisma/generated/client.ts';
import { decodeCursor, pageOf } from '#server/db/page-cursor.ts';
import { prisma } from '#server/db/prisma.ts';
import { findFlow } from '#server/flows/find-flow.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { notFound } from '#server/problem.ts';

/** The flow's versions, newest first; snapshots of drafts that were run by hand are none. */
export async function listVersions(
  workspaceId: string,
  slug: string,
  query: { readonly limit: number; readonly cursor?: string },
): Promise<Page<FlowVersion>> {
  const flow = await findFlow(prisma(), workspaceId, slug);
  const before = decodeCursor(query.cursor, placeSchema)?.number;
  const rows = await prisma().flowVersion.findMany({
    where: { flowId: flow.id, number: { not: null, lt: before } },
    orderBy: { number: 'desc' },
    take: query.limit + 1,
    select: versionColumns,
  });
  const page = pageOf(rows, query.limit, (row) => ({ number: row.number ?? 0 }));
  return { data: page.data.map((row) => toVersion(row, flow.publishedVersion)), next: page.next };
}

/** One version with its document. Throws 404. */
export async function readVersion(
  workspaceId: string,
  slug: string,
  number: number,
): Promise<FlowVersionDetail> {
  const flow = await findFlow(prisma(), workspaceId, slug);
  const row = await prisma().flowVersion.findFirst({
    where: { flowId: flow.id, number },
    select: { ...versionColumns, document: true },
  });
  if (!row) throw notFound(`version ${number} of the flow “${slug}”`);
  return { ...toVersion(row, flow.publishedVersion), document: storedDocument(row.document) };
}

const placeSchema = z.strictObject({ number: z.int().max(2_147_483_647) });

const versionColumns = {
  number: true,
  createdAt: true,
  note: true,
  createdBy: { select: { name: true, email: true } },
} satisfies Prisma.FlowVersionSelect;

type VersionRow = Prisma.FlowVersionGetPayload<{ select: typeof versionColumns }>;

function toVersion(row: VersionRow, published: number | null): FlowVersion {
  return {
    version: row.number ?? 0,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy ? row.createdBy.name || row.createdBy.email : null,
    note: row.note,
    published: row.number === published,
  };
}

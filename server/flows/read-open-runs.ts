import type { OpenRuns } from '#core/api/flows.ts';
import { prisma } from '#server/db/prisma.ts';
import { findFlow } from '#server/flows/find-flow.ts';
import { selectOpenRuns } from '#server/sql/select-open-runs.ts';

/** The runs of a flow that have not ended, by the version that they finish on. Throws 404. */
export async function readOpenRuns(workspaceId: string, slug: string): Promise<OpenRuns> {
  const flow = await findFlow(prisma(), workspaceId, slug);
  return { data: await selectOpenRuns(workspaceId, flow.id) };
}

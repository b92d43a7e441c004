import type { FlowTest } from '#core/api/flow-tests.ts';
import { prisma } from '#server/db/prisma.ts';
import { findFlow } from '#server/flows/find-flow.ts';
import { toFlowTest } from './to-flow-test.ts';

/** The tests of a flow, oldest first. Throws 404 for an unknown flow. */
export async function listFlowTests(workspaceId: string, slug: string): Promise<FlowTest[]> {
  const flow = await findFlow(prisma(), workspaceId, slug);
  const rows = await prisma().flowTest.findMany({
    where: { flowId: flow.id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toFlowTest);
}

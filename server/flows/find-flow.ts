import { SLUG_PATTERN } from '#core/flow-format.ts';
import type { Flow } from '#prisma/generated/client.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { notFound, type ProblemError } from '#server/problem.ts';

/** The flow of that slug in the workspace. Throws 404, for another workspace's flow too. */
export async function findFlow(tx: Transaction, workspaceId: string, slug: string): Promise<Flow> {
  const flow = SLUG_PATTERN.test(slug)
    ? await tx.flow.findUnique({ where: { workspaceId_slug: { workspaceId, slug } } })
    : null;
  if (!flow) throw noFlow(slug);
  return flow;
}

/** As `findFlow`, holding the row until the transaction ends: edits and publishes of one flow take turns. */
export async function lockFlow(tx: Transaction, workspaceId: string, slug: string): Promise<Flow> {
  if (!(await tryLockFlow(tx, workspaceId, slug))) throw noFlow(slug);
  return findFlow(tx, workspaceId, slug);
}

/** Locks the flow's row; false when there is none. */
export async function tryLockFlow(tx: Transaction, workspaceId: string, slug: string): Promise<boolean> {
  if (!SLUG_PATTERN.test(slug)) return false;
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id FROM flow WHERE workspace_id = ${workspaceId}::uuid AND slug = ${slug} FOR UPDATE`;
  return rows.length > 0;
}

function noFlow(slug: string): ProblemError {
  return notFound(`flow “${slug.slice(0, 63)}” in this workspace`);
}

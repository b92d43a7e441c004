import type { Transaction } from '#server/db/transaction.ts';
import type { StepLinks } from '#server/runs/to-steps.ts';

/** What the steps of a run lead to: of all, or of those with certain keys alone. */
export async function readStepLinks(
  tx: Transaction,
  runId: string,
  keys?: readonly string[],
): Promise<StepLinks> {
  const calls = await tx.run.findMany({
    where: { parentRunId: runId, ...(keys && { parentKey: { in: [...keys] } }) },
    select: { id: true, parentNodeId: true, parentKey: true },
  });
  const approvals = await tx.approval.findMany({
    where: { runId, ...(keys && { key: { in: [...keys] } }) },
    select: { id: true, nodeId: true, key: true },
  });
  return { calls, approvals };
}

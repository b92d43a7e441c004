import type { Run } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import { prisma } from '#server/db/prisma.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { noRun, runId } from '#server/runs/run-id.ts';
import { toRunSummary } from '#server/runs/to-run-summary.ts';
import { toSteps } from '#server/runs/to-steps.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';

/** One run with its journal, its event and the document that it is pinned to. Throws 404. */
export async function readRun(workspaceId: string, id: string): Promise<Run> {
  const where = { id: runId(id), workspaceId };
  // One snapshot, so that the run's status and its steps are of the same moment.
  const found = await prisma().$transaction((tx) => readRows(tx, where), {
    isolationLevel: 'RepeatableRead',
    maxWait: 10_000,
  });
  if (!found) throw noRun(id);
  const { run, event, steps } = found;
  const document = storedDocument(run.flowVersion.document);
  return {
    ...toRunSummary(run),
    eventId: run.eventId,
    trigger: event ? triggerValue(event) : null,
    output: fromStoredJson(run.output as Json),
    steps: toSteps(steps, document),
    document,
  };
}

/** One relation a query: Prisma would send several at once, which a `pg` client in a transaction must not be sent. */
async function readRows(tx: Transaction, where: { readonly id: string; readonly workspaceId: string }) {
  const run = await tx.run.findFirst({ where, include: { flowVersion: { select: { document: true } } } });
  if (!run) return null;
  const event = run.eventId === null ? null : await tx.event.findUnique({ where: { id: run.eventId } });
  const steps = await tx.step.findMany({ where: { runId: run.id }, include: { attemptRows: true } });
  return { run, event, steps };
}

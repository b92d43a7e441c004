import type { Run } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import type { DeadLetter, Run as RunRow } from '#prisma/generated/client.ts';
import { prisma } from '#server/db/prisma.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { pinsOf } from '#server/runs/pins-of.ts';
import { noRun, runId } from '#server/runs/run-id.ts';
import { readStepLinks } from '#server/runs/read-step-links.ts';
import { toRunSummary } from '#server/runs/to-run-summary.ts';
import { toSteps } from '#server/runs/to-steps.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';

/** One run with its journal, its event and the document that it is pinned to; `isFolded`: without the steps in loops. Throws 404. */
export async function readRun(
  workspaceId: string,
  id: string,
  { isFolded = false }: { readonly isFolded?: boolean } = {},
): Promise<Run> {
  const where = { id: runId(id), workspaceId };
  // One snapshot, so that the run's status and its steps are of the same moment.
  const found = await prisma().$transaction((tx) => readRows(tx, where, isFolded), {
    isolationLevel: 'RepeatableRead',
    maxWait: 10_000,
  });
  if (!found) throw noRun(id);
  const { run, event, steps, links, failureRun, replays, deadLetter } = found;
  const document = storedDocument(run.flowVersion.document);
  const trigger = event ? triggerValue(event) : null;
  return {
    ...toRunSummary(run),
    eventId: run.eventId,
    replays: replays.map((replay) => replay.id),
    replayFrom: run.replayFrom,
    resumes: run.resumes,
    deadLetter: stateOf(deadLetter),
    trigger,
    output: fromStoredJson(run.output as Json),
    steps: toSteps(steps, { document, pins: pinsOf(run), trigger }, links),
    cut: [],
    document,
    parent: parentOf(run),
    failureOf: run.failureOf,
    failureRunId: failureRun?.id ?? null,
  };
}

/** One relation a query: Prisma would send several at once, which a `pg` client in a transaction must not be sent. */
async function readRows(
  tx: Transaction,
  where: { readonly id: string; readonly workspaceId: string },
  isFolded: boolean,
) {
  const run = await tx.run.findFirst({ where, include: { flowVersion: { select: { document: true } } } });
  if (!run) return null;
  const event = run.eventId === null ? null : await tx.event.findUnique({ where: { id: run.eventId } });
  const steps = await tx.step.findMany({
    where: { runId: run.id, ...(isFolded && { key: '' }) },
    include: { attemptRows: true },
  });
  const links = await readStepLinks(tx, run.id, isFolded ? [''] : undefined);
  const failureRun = await tx.run.findFirst({
    where: { failureOf: run.id },
    orderBy: { failureRound: 'desc' },
    select: { id: true },
  });
  const replays = await tx.run.findMany({
    where: { replayOf: run.id },
    orderBy: { createdAt: 'desc' },
    take: 20,
    select: { id: true },
  });
  const deadLetter = await tx.deadLetter.findUnique({ where: { runId: run.id } });
  return { run, event, steps, links, failureRun, replays, deadLetter };
}

function parentOf({ parentRunId, parentNodeId, parentKey }: RunRow): Run['parent'] {
  if (parentRunId === null || parentNodeId === null) return null;
  return { runId: parentRunId, nodeId: parentNodeId, key: parentKey ?? '' };
}

function stateOf(letter: DeadLetter | null): Run['deadLetter'] {
  if (!letter) return null;
  if (letter.discardedAt) return 'discarded';
  return letter.redrivenAt ? 'redriven' : 'open';
}

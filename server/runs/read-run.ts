import type { Run } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import type { Prisma } from '#prisma/generated/client.ts';
import { prisma } from '#server/db/prisma.ts';
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
  const row = await prisma().$transaction((tx) => tx.run.findFirst({ where, include }), {
    isolationLevel: 'RepeatableRead',
    maxWait: 10_000,
  });
  if (!row) throw noRun(id);
  const document = storedDocument(row.flowVersion.document);
  return {
    ...toRunSummary(row),
    eventId: row.eventId,
    trigger: row.event ? triggerValue(row.event) : null,
    output: fromStoredJson(row.output as Json),
    steps: toSteps(row.steps, document),
    document,
  };
}

const include = {
  event: true,
  flowVersion: { select: { document: true } },
  steps: { include: { attemptRows: true } },
} satisfies Prisma.RunInclude;

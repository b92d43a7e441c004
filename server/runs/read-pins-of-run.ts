import type { Json } from '#core/json.ts';
import type { Pins } from '#core/pins/pin.ts';
import { pinsOfSteps } from '#core/pins/pins-of-steps.ts';
import type { StepError } from '#core/step-failure.ts';
import { prisma } from '#server/db/prisma.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { noRun, runId } from '#server/runs/run-id.ts';

/** Pins that answer as the steps of a run of the flow did. Throws 404 for another flow's run, too. */
export async function readPinsOfRun(
  flow: { readonly id: string; readonly workspaceId: string },
  id: string,
): Promise<Pins> {
  const where = { id: runId(id), workspaceId: flow.workspaceId, flowId: flow.id };
  const run = await prisma().run.findFirst({ where, select: { id: true } });
  if (!run) throw noRun(id);
  const rows = await prisma().step.findMany({
    where: { runId: run.id, status: { in: ['succeeded', 'failed'] } },
    select: { nodeId: true, key: true, status: true, ports: true, output: true, error: true },
  });
  return pinsOfSteps(
    rows.map((row) => ({
      ...row,
      output: fromStoredJson(row.output as Json),
      error: fromStoredJson(row.error as Json) as unknown as StepError | null,
    })),
  );
}

import type { Step } from '#core/api/runs.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { prisma } from '#server/db/prisma.ts';
import { pinsOf } from '#server/runs/pins-of.ts';
import { runDocument } from '#server/runs/read-loops.ts';
import { readStepLinks } from '#server/runs/read-step-links.ts';
import { runId } from '#server/runs/run-id.ts';
import { toSteps } from '#server/runs/to-steps.ts';

/** The steps of one iteration of a loop, and of the iterations around it. Throws 404 for an unknown run. */
export async function readIteration(
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
  { nodeId, key }: { readonly nodeId: string; readonly key: string },
): Promise<{ readonly steps: Step[] }> {
  const document = await runDocument({ workspaceId, id });
  const indexes = key.split('.');
  const levels = loopsAround(document, nodeId).map((loopId, depth) => ({
    nodeId: { in: document.nodes.filter(({ parent }) => parent === loopId).map((node) => node.id) },
    key: indexes.slice(0, depth + 1).join('.'),
  }));
  if (levels.length !== indexes.length) return { steps: [] };
  const rows = await prisma().step.findMany({
    where: { runId: runId(id), OR: levels },
    include: { attemptRows: true },
  });
  const keys = levels.map((level) => level.key);
  const run = await prisma().run.findUniqueOrThrow({ where: { id: runId(id) }, select: { pins: true } });
  const links = await readStepLinks(prisma(), runId(id), keys);
  return { steps: toSteps(rows, { document, pins: pinsOf(run), trigger: null }, links) };
}

/** A loop and those that it stands in, the outermost first. */
function loopsAround({ nodes }: FlowDocument, loopId: string): readonly string[] {
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]));
  const loops: string[] = [];
  for (let id: string | undefined = loopId; id !== undefined; id = parents.get(id)) loops.unshift(id);
  return loops;
}

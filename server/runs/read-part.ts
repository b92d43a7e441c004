import type { JsonPart, PartQuery } from '#core/api/run-parts.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { jsonPart, valueAt } from '#core/json-part/json-part.ts';
import { prisma } from '#server/db/prisma.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { notFound } from '#server/problem.ts';
import { noRun, runId } from '#server/runs/run-id.ts';
import { triggerOutput } from '#server/runs/trigger-output.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';

/** A stretch of one of a run's values. Throws 404 for a run, a step or a place that is not there. */
export async function readPart(
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
  query: PartQuery,
): Promise<JsonPart> {
  const run = await prisma().run.findFirst({
    where: { id: runId(id), workspaceId },
    select: { id: true, eventId: true },
  });
  if (!run) throw noRun(id);
  const part = valueAt(await readValue(run, query), query.pointer);
  if (part === undefined) throw notFound(`value at “${query.pointer.slice(0, 200)}” there`);
  return jsonPart(part, query);
}

async function readValue(
  run: { readonly id: string; readonly eventId: string | null },
  { of, node, key }: PartQuery,
): Promise<Json> {
  if (of === 'trigger') return readTrigger(run.eventId);
  if (of === 'output') {
    const { output } = await prisma().run.findUniqueOrThrow({
      where: { id: run.id },
      select: { output: true },
    });
    return fromStoredJson(output as Json);
  }
  const column = of === 'step_input' ? 'input' : 'output';
  const step = await prisma().step.findUnique({
    where: { runId_nodeId_key: { runId: run.id, nodeId: node ?? '', key: key ?? '' } },
    select: { input: column === 'input', output: column === 'output' },
  });
  if (!step) throw notFound(`step “${node ?? ''}” in this run`);
  const value = step[column] ?? null;
  const trigger = value === null && column === 'output' ? triggerNode(await documentOf(run.id)) : undefined;
  if (trigger && trigger.id === node) return triggerOutput(trigger, await readTrigger(run.eventId));
  return fromStoredJson(value as Json);
}

async function readTrigger(eventId: string | null): Promise<Json> {
  const event = eventId === null ? null : await prisma().event.findUnique({ where: { id: eventId } });
  return event ? triggerValue(event) : null;
}

async function documentOf(id: string): Promise<FlowDocument> {
  const run = await prisma().run.findUniqueOrThrow({
    where: { id },
    select: { flowVersion: { select: { document: true } } },
  });
  return storedDocument(run.flowVersion.document);
}

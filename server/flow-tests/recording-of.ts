import type { Json, JsonObject } from '#core/json.ts';
import { callsOut } from '#core/pins/calls-out.ts';
import type { Pins } from '#core/pins/pin.ts';
import { prisma } from '#server/db/prisma.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';
import { noRun, runId } from '#server/runs/run-id.ts';
import { readPinsOfRun } from '#server/runs/read-pins-of-run.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';

/** What a run leaves for a test. */
export interface Recording {
  /** As for a start by hand. */
  readonly input: Json;
  readonly runId: string;
  /** When its event came, and when it began. */
  readonly receivedAt: Date;
  readonly startedAt: Date;
  /** The answers of its calls; whatever else it did is done anew. */
  readonly pins: Pins;
}

/** The recording of a run of the flow. Throws 404 for another flow's run, too. */
export async function recordingOf(
  flow: { readonly id: string; readonly workspaceId: string },
  id: string,
): Promise<Recording> {
  const run = await prisma().run.findFirst({
    where: { id: runId(id), workspaceId: flow.workspaceId, flowId: flow.id },
    select: {
      id: true,
      createdAt: true,
      startedAt: true,
      event: true,
      flowVersion: { select: { document: true } },
    },
  });
  if (!run) throw noRun(id);
  const document = storedDocument(run.flowVersion.document);
  const calling = new Set(document.nodes.filter(callsOut).map((node) => node.id));
  const pins = Object.entries(await readPinsOfRun(flow, id)).filter(([nodeId]) => calling.has(nodeId));
  const trigger = run.event ? triggerValue(run.event) : {};
  return {
    input: inputOf(trigger, triggerNode(document)?.type),
    runId: run.id,
    receivedAt: run.event?.receivedAt ?? run.createdAt,
    startedAt: run.startedAt ?? run.createdAt,
    pins: Object.fromEntries(pins),
  };
}

/** The other way round than `manualEvent`. */
function inputOf(trigger: JsonObject, type: string | undefined): Json {
  const { body = null, headers = {}, query = {}, method = 'POST' } = trigger;
  return type === 'core.webhook' ? { body, headers, query, method } : body;
}

import type { FieldHistory, FieldsReply } from '#core/api/fields.ts';
import type { FlowNode } from '#core/flow-document.ts';
import { type Json, type JsonObject, emptyObject } from '#core/json.ts';
import { readFieldPath } from '#core/pills/field-path.ts';
import type { PillPath } from '#core/pills/pill-path.ts';
import { sampleAt } from '#core/pills/sample-at.ts';
import { prisma } from '#server/db/prisma.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { triggerOutput } from '#server/runs/trigger-output.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';
import { type RunEventRow, selectRunEvents, selectStepOutputs } from '#server/sql/select-run-data.ts';

import { findFlow } from './find-flow.ts';
import { storedDocument } from './stored-document.ts';
import { triggerNode } from './trigger-node.ts';

/** Data that is larger is passed over: a look at one field is not worth reading it. */
const MAX_BYTES = 262_144;
const MAX_RUNS = 100;
const RUNS_AT_A_TIME = 20;

/**
 * When fields were last in the data of a flow's runs, and since when they are missing; looks at its newest 100 runs at
 * most, and no further back than it must. Sources that are no paths are left out. Throws 404.
 */
export async function findFields(
  workspaceId: string,
  slug: string,
  sources: readonly string[],
): Promise<FieldsReply> {
  const { id } = await findFlow(prisma(), workspaceId, slug);
  const searches = sources.flatMap((source) => {
    const path = readFieldPath(source);
    return path === undefined ? [] : [{ path, history: unseen(source) }];
  });
  let runs = 0;
  let before: RunEventRow | undefined;
  while (runs < MAX_RUNS && searches.some(({ history }) => history.lastSeen === null)) {
    const page = await selectRunEvents(id, { before, limit: RUNS_AT_A_TIME, maxBytes: MAX_BYTES });
    const scopes = await scopesOf(page, nodesIn(searches.map(({ path }) => path)));
    for (const [index, run] of page.entries())
      for (const search of searches)
        search.history = lookAt(search.path, search.history, run, scopes[index] ?? {});
    runs += page.length;
    before = page.at(-1);
    if (page.length < RUNS_AT_A_TIME) break;
  }
  return { data: searches.map(({ history }) => history), runs };
}

function unseen(path: string): FieldHistory {
  return { path, lastSeen: null, missingSince: null };
}

/** Runs come newest first: as long as the field was not found, each run with data lacks it for longer. */
function lookAt(path: PillPath, history: FieldHistory, run: RunEventRow, scope: JsonObject): FieldHistory {
  if (history.lastSeen !== null || !hasSource(path, scope)) return history;
  const moment = { at: run.createdAt.toISOString(), runId: run.runId };
  return sampleAt(path, scope) === undefined
    ? { ...history, missingSince: moment }
    : { ...history, lastSeen: moment };
}

function hasSource({ parts }: PillPath, scope: JsonObject): boolean {
  const source: PillPath = { base: 'context', parts: parts.slice(0, parts[0] === 'steps' ? 2 : 1) };
  const value = sampleAt(source, scope);
  return value !== undefined && value !== null;
}

function nodesIn(paths: readonly PillPath[]): readonly string[] {
  return [...new Set(paths.flatMap(({ parts }) => (parts[0] === 'steps' ? [String(parts[1])] : [])))];
}

async function scopesOf(
  runs: readonly RunEventRow[],
  nodeIds: readonly string[],
): Promise<readonly JsonObject[]> {
  const runIds = runs.map(({ runId }) => runId);
  const outputs = nodeIds.length === 0 ? [] : await selectStepOutputs(runIds, nodeIds, MAX_BYTES);
  const triggers = nodeIds.length === 0 ? new Map<string, FlowNode>() : await triggersOf(runs);
  return runs.map((run) => {
    const trigger = run.body === null ? null : triggerValue({ ...run, body: run.body });
    const steps: Record<string, Json> = emptyObject();
    const node = triggers.get(run.versionId);
    if (node && trigger) steps[node.id] = triggerOutput(node, trigger);
    for (const step of outputs)
      if (step.runId === run.runId) steps[step.nodeId] = fromStoredJson(step.output);
    return { trigger, steps };
  });
}

/** By version. */
async function triggersOf(runs: readonly RunEventRow[]): Promise<ReadonlyMap<string, FlowNode>> {
  const versions = await prisma().flowVersion.findMany({
    where: { id: { in: [...new Set(runs.map(({ versionId }) => versionId))] } },
    select: { id: true, document: true },
  });
  return new Map(
    versions.flatMap(({ id, document }) => {
      const node = triggerNode(storedDocument(document));
      return node ? [[id, node] as const] : [];
    }),
  );
}

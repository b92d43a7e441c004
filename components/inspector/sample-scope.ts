import type { Run } from '#core/api/runs.ts';
import type { Catalog } from '#core/catalog.ts';
import { evaluateValue } from '#core/evaluate-value.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { loopsAround } from '#components/canvas/loop-bodies.ts';
import { ancestorsOf, nodeById } from '#core/graph.ts';
import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { pinIn } from '#core/pins/changed-pins.ts';
import { DEFAULT_SET } from '#core/pins/pin-sets.ts';

/** What expressions of a node can name, filled with examples. */
export interface SampleScope {
  readonly trigger: Json;
  readonly steps: Readonly<Record<string, Json>>;
  readonly run: JsonObject;
  readonly flow: JsonObject;
  readonly vars: JsonObject;
  /** Inside a loop: the first item of the innermost one, and its index. */
  readonly item?: Json;
  readonly index?: number;
}

export interface ScopeSources {
  readonly document: FlowDocument;
  readonly catalog: Catalog;
  /** The latest run of the flow: its data is better than any made-up example. */
  readonly lastRun?: Run | null;
  /** An event that was captured since. */
  readonly captured?: JsonObject | null;
}

/**
 * Example data for the expressions of a node: what the last run really had, else what is pinned, else the registry's samples; a Map is worked
 * out from the examples before it, so that its fields are those that it has now.
 */
export async function sampleScope(nodeId: string, sources: ScopeSources): Promise<SampleScope> {
  const { document, lastRun } = sources;
  const scope = {
    trigger: triggerSample(sources),
    steps: {} as Record<string, Json>,
    run: {
      id: lastRun?.id ?? '0197c0de-0000-7000-8000-000000000000',
      startedAt: '2026-01-15T09:30:00.000Z',
      attempt: 1,
    },
    flow: { slug: document.slug, version: lastRun?.version ?? 1 },
    vars: {},
  };
  for (const node of inOrder(document, ancestorsOf(document, nodeId))) {
    scope.steps[node.id] = await stepSample(node, scope, sources);
  }
  return withItems(nodeId, scope, sources);
}

/**
 * The sources whose examples are real, so that what they lack is missing: `trigger`, `item` and ids of nodes that the run
 * recorded or somebody pinned. A Map that is worked out is as real as all that goes before it.
 */
export function recordedSources(nodeId: string, sources: ScopeSources): ReadonlySet<string> {
  const { document, catalog, lastRun, captured } = sources;
  const isTrigger = (node: FlowNode) => catalog(node.type, node.version)?.kind === 'trigger';
  const isEventReal =
    Boolean(lastRun ?? captured) ||
    document.nodes.some((node) => isTrigger(node) && node.id in document.pins);
  const recorded = new Set<string>(isEventReal ? ['trigger', 'item'] : []);
  for (const node of inOrder(document, ancestorsOf(document, nodeId))) {
    const before = [...ancestorsOf(document, node.id)];
    const isReal =
      node.type === 'core.map'
        ? isEventReal && before.every((id) => recorded.has(id))
        : isRecorded(node, sources);
    if (isReal || (isTrigger(node) && isEventReal)) recorded.add(node.id);
  }
  return recorded;
}

function isRecorded({ id }: FlowNode, { document, lastRun }: ScopeSources): boolean {
  return (
    pinnedOutput(document, id) !== undefined ||
    lastRun?.steps.some((step) => step.nodeId === id && step.status === 'succeeded') === true
  );
}

/** In the body of a loop, `steps.<loop>` is the iteration at hand. */
async function withItems(
  nodeId: string,
  scope: SampleScope,
  { document }: ScopeSources,
): Promise<SampleScope> {
  const node = nodeById(document, nodeId);
  let inside: SampleScope = scope;
  for (const loopId of node ? loopsAround(document, node).toReversed() : []) {
    const items = nodeById(document, loopId)?.config.items ?? null;
    // Without an example of the list there is none of an item; what is wrong with it is said at its own setting.
    const list = await evaluateValue(items, inside, '').catch(() => null);
    const item: Json = (Array.isArray(list) ? (list as readonly Json[])[0] : undefined) ?? null;
    inside = { ...inside, item, index: 0, steps: { ...inside.steps, [loopId]: { item, index: 0 } } };
  }
  return inside;
}

function triggerSample({ document, catalog, lastRun, captured }: ScopeSources): Json {
  if (captured) return captured;
  if (lastRun) return lastRun.trigger;
  const trigger = document.nodes.find((node) => catalog(node.type, node.version)?.kind === 'trigger');
  const pinned = trigger && document.pins[trigger.id];
  const sample = pinned ?? (trigger ? (catalog(trigger.type, trigger.version)?.sample ?? null) : null);
  const event = { headers: {}, query: {}, method: 'POST', receivedAt: '2026-01-15T09:30:00.000Z' };
  const isEvent = isJsonObject(sample) && 'body' in sample;
  return isEvent ? { ...event, ...sample } : { ...event, body: sample };
}

async function stepSample(
  node: FlowNode,
  scope: SampleScope,
  { document, catalog, lastRun }: ScopeSources,
): Promise<Json> {
  if (node.type === 'core.map') {
    const worked = await evaluateValue(node.config.output ?? null, scope, '').catch(() => undefined);
    if (worked !== undefined) return worked;
  }
  const step = lastRun?.steps.find(
    (candidate) => candidate.nodeId === node.id && candidate.status === 'succeeded',
  );
  return step?.output ?? pinnedOutput(document, node.id) ?? catalog(node.type, node.version)?.sample ?? null;
}

/** Of the default set, in which an output that goes on by other ports is beside `pins`. */
function pinnedOutput({ pins, pinSets }: FlowDocument, nodeId: string): Json | undefined {
  if (Object.hasOwn(pins, nodeId)) return pins[nodeId];
  const answer = pinIn(pinSets, DEFAULT_SET, nodeId);
  return answer && 'output' in answer ? answer.output : undefined;
}

/** These nodes, each after those it depends on. */
function inOrder(document: FlowDocument, nodeIds: ReadonlySet<string>): FlowNode[] {
  return document.nodes
    .filter((node) => nodeIds.has(node.id))
    .map((node) => ({ node, depth: ancestorsOf(document, node.id).size }))
    .sort((a, b) => a.depth - b.depth)
    .map(({ node }) => node);
}

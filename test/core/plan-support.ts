import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowEdge, FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { plan, type LoopRecord, type Plan, type RunJournal, type StepRecord } from '#core/plan.ts';
import { stepId } from '#core/plan/step-id.ts';
import { compilePlan, type PlanGraph } from '#core/plan-graph.ts';

/** A catalogue of three types: `t.trigger`, `t.each`, and `t.action` with the effect that its configuration names. */
export const testCatalog: Catalog = (type, version) => ({
  type,
  version,
  kind: type === 't.trigger' ? 'trigger' : 'action',
  label: type,
  isLoop: type === 't.each',
  ports: () => ['out'],
  effect: (config) => (typeof config['effect'] === 'string' ? (config['effect'] as 'keyed') : 'pure'),
  connectors: () => [],
  needsConnection: () => false,
  checkConfig: () => [],
  sample: null,
});

/** `edges` are written `a>b` or `a:port>b`. The first node is the trigger. */
export function flow(
  ids: string,
  edges: string,
  options: Record<string, Partial<FlowNode>> = {},
): FlowDocument {
  const nodes = ids.split(' ').map((id, index) => ({
    id,
    type: index === 0 ? 't.trigger' : 't.action',
    version: 1,
    config: {},
    ...options[id],
  }));
  return {
    format: 1,
    name: 'Test',
    slug: 'test',
    description: '',
    settings: {},
    nodes,
    edges: edges.split(' ').filter(Boolean).map(edge),
    notes: [],
    pins: {},
  };
}

function edge(text: string): FlowEdge {
  const [from = '', to = ''] = text.split('>');
  const [id = '', port] = from.split(':');
  return port === undefined ? { from: id, to } : { from: id, port, to };
}

export function compile(document: FlowDocument): PlanGraph {
  return compilePlan(document, testCatalog);
}

export function record(nodeId: string, rest: Partial<StepRecord> = {}): StepRecord {
  return {
    nodeId,
    key: '',
    status: 'succeeded',
    ports: ['out'],
    output: nodeId,
    error: null,
    nextAttemptAt: null,
    ...rest,
  };
}

export function journal(
  records: readonly StepRecord[],
  responded: { output: Json } | null = null,
  loops: Readonly<Record<string, LoopRecord>> = {},
): RunJournal {
  return {
    steps: new Map(records.map((each) => [stepId(each.nodeId, each.key), each])),
    loops: new Map(Object.entries(loops)),
    responded,
    failure: null,
    undoable: [],
  };
}

/** Ids and keys of the steps of a decision. */
export function keyed(refs: Plan['execute']): string[] {
  return refs.map(({ nodeId, key }) => stepId(nodeId, key));
}

/** A loop under way with so many items; those in `open` began, and so did those in `settled`. */
export function loop(
  count: number,
  rest: Partial<Omit<LoopRecord, 'open'>> & { open?: number[]; settled?: number[] } = {},
): LoopRecord {
  const { open = [], settled = [], ...given } = rest;
  const begun = new Set([...open, ...settled]);
  const nextFrom = (from: number) => {
    let index = from;
    while (begun.has(index)) index += 1;
    return index;
  };
  return {
    count,
    concurrency: 1,
    stopsAtFailure: true,
    failure: null,
    nextFrom,
    ...given,
    open: new Set(open),
  };
}

/** Ids of the nodes of a decision. */
export function ids(refs: Plan['execute']): string[] {
  return refs.map(({ nodeId }) => nodeId);
}

export function planOf(document: FlowDocument, records: readonly StepRecord[], now = 0): Plan {
  return plan(compile(document), journal(records), now);
}

import type { ReplayPlan } from '../api/replay.ts';
import type { Catalog } from '../catalog.ts';
import type { PlanGraph, PlanNode } from '../plan-graph.ts';
import type { Sureness } from './forecast.ts';
import { stepSummary } from './step-summary.ts';

/** What is going to happen, by node. */
export interface Expected {
  readonly version: number | null;
  readonly graph: PlanGraph;
  readonly catalog: Catalog;
  readonly reused: ReadonlySet<string>;
  readonly forecast: ReadonlyMap<string, Sureness>;
  /** Nodes that did what they do already. */
  readonly done: ReadonlySet<string>;
  /** True when calls go out with the keys that they had. */
  readonly sameKey: boolean;
  readonly warnings: readonly string[];
}

/** The plan as people and the API see it, each list in the graph's order. */
export function describePlan(expected: Expected): ReplayPlan {
  const { version, graph, reused, forecast, warnings } = expected;
  const members = [...graph.nodes.values()].sort((a, b) => a.place - b.place);
  const those = (isIn: (id: string) => boolean) =>
    members.filter(({ node }) => isIn(node.id)).map((member) => plannedStep(member, expected));
  return {
    version,
    reused: those((id) => reused.has(id)),
    executed: those((id) => forecast.get(id) === 'certain'),
    possible: those((id) => forecast.get(id) === 'possible'),
    effects: members.flatMap((member) => effectsOf(member, expected)),
    warnings: [...warnings],
  };
}

function plannedStep({ node }: PlanNode, { catalog }: Expected): ReplayPlan['executed'][number] {
  const label = node.label || catalog(node.type, node.version)?.label || node.id;
  return { nodeId: node.id, label, type: node.type };
}

function effectsOf(member: PlanNode, expected: Expected): ReplayPlan['effects'] {
  const { effect, node } = member;
  const sureness = expected.forecast.get(node.id);
  if (sureness === undefined || effect === 'pure') return [];
  const step = plannedStep(member, expected);
  return [
    {
      ...step,
      effect,
      summary: stepSummary(node, step.label),
      repeats: expected.done.has(node.id),
      sameKey: expected.sameKey,
      certain: sureness === 'certain',
    },
  ];
}

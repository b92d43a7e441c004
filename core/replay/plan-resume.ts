import type { ReplayPlan } from '../api/replay.ts';
import type { Catalog } from '../catalog.ts';
import type { PlanGraph } from '../plan-graph.ts';
import { describePlan } from './describe-plan.ts';
import { forecast } from './forecast.ts';
import type { RecordedStep } from './recorded-step.ts';
import type { ResumedSteps } from './resume-steps.ts';
import { withBody } from './taken-over.ts';

/** A resume that is asked for. */
export interface WantedResume {
  readonly catalog: Catalog;
  readonly version: number | null;
  readonly graph: PlanGraph;
  readonly recorded: readonly RecordedStep[];
  /** As `resumeSteps` decides. */
  readonly steps: ResumedSteps;
}

/** What a resume is going to do. */
export function planResume({ catalog, version, graph, recorded, steps }: WantedResume): ReplayPlan {
  const { retry, reopen, doubt } = steps;
  const due = new Set([...retry, ...reopen].map(({ nodeId }) => nodeId));
  const stillDoubtful = recorded.filter(({ status }) => status === 'in_doubt');
  const doubts = [...doubt, ...stillDoubtful];
  const root = new Map(recorded.filter(({ key }) => key === '').map((step) => [step.nodeId, step]));
  const isKept = (id: string) => root.has(id) && !due.has(id) && !doubts.some(({ nodeId }) => nodeId === id);
  const kept = graph.root.filter(({ node }) => isKept(node.id));
  const outlook = forecast(graph, {
    kept: new Map(kept.map(({ node }) => [node.id, root.get(node.id)?.ports ?? []])),
    due,
    // An item in doubt holds up its whole loop.
    doubtful: new Set(
      graph.root.filter((member) => isAmong(doubts, withBody(member))).map(({ node }) => node.id),
    ),
    undoesKept: true,
  });
  const reused = new Set(kept.flatMap(withBody).map(({ node }) => node.id));
  const warnings = doubts.length > 0 ? [doubtWarning(doubts.map(({ nodeId }) => nodeId))] : [];
  return describePlan({
    version,
    graph,
    catalog,
    reused,
    forecast: outlook,
    done: new Set(),
    sameKey: true,
    warnings,
  });
}

function isAmong(
  steps: readonly { readonly nodeId: string }[],
  members: readonly { readonly node: { readonly id: string } }[],
): boolean {
  return steps.some(({ nodeId }) => members.some(({ node }) => node.id === nodeId));
}

function doubtWarning(nodeIds: readonly string[]): string {
  return `In doubt, and to be settled by a person before the run can end: ${[...new Set(nodeIds)].join(', ')}.`;
}

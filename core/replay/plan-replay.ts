import type { ReplayPlan } from '../api/replay.ts';
import type { RunStatus } from '../api/runs.ts';
import type { Catalog } from '../catalog.ts';
import type { PlanGraph, PlanNode } from '../plan-graph.ts';
import { describePlan } from './describe-plan.ts';
import { forecast } from './forecast.ts';
import type { RecordedStep } from './recorded-step.ts';
import { takenOver, withBody } from './taken-over.ts';

/** A replay that is asked for. */
export interface WantedReplay {
  readonly catalog: Catalog;
  readonly version: { readonly number: number | null; readonly graph: PlanGraph };
  readonly original: {
    readonly version: number | null;
    readonly graph: PlanGraph;
    readonly status: RunStatus;
    /** Its steps outside loops, by node. */
    readonly recorded: ReadonlyMap<string, RecordedStep>;
    /** Nodes, in loops too, of which a step succeeded or may have. */
    readonly done: ReadonlySet<string>;
  };
  /** A node of the root. */
  readonly from: string | undefined;
}

export interface PlannedReplay {
  readonly plan: ReplayPlan;
  /** The nodes of the root whose steps, with all their items, the new run takes over. */
  readonly takenOver: readonly PlanNode[];
  /** True when no way leads to `from` from what is taken over: the replay would never begin there. */
  readonly isUnreachable: boolean;
  /** A step that would be taken over although it was undone. */
  readonly undone: PlanNode | undefined;
}

/** What a replay is going to do, and which rows it takes over: the same for the preview and the real thing. */
export function planReplay({ catalog, version, original, from }: WantedReplay): PlannedReplay {
  const { graph } = version;
  const { recorded, done } = original;
  const kept = from === undefined ? [] : takenOver({ graph, original: original.graph, recorded, from });
  const outlook = forecast(graph, {
    kept: new Map(kept.map(({ node }) => [node.id, recorded.get(node.id)?.ports ?? []])),
    due: new Set(),
    doubtful: new Set(),
    undoesKept: false,
  });
  const reused = new Set(kept.flatMap(withBody).map(({ node }) => node.id));
  const plan = describePlan({
    version: version.number,
    graph,
    catalog,
    reused,
    forecast: outlook,
    done,
    sameKey: false,
    warnings: [],
  });
  return {
    plan: { ...plan, warnings: warningsOf({ catalog, version, original, from }, { plan, kept }) },
    takenOver: kept,
    isUnreachable: from !== undefined && !outlook.has(from),
    undone: kept.flatMap(withBody).find(({ node }) => isUndone(original, node.id)),
  };
}

function isUndone({ graph, done }: WantedReplay['original'], nodeId: string): boolean {
  const undo = graph.nodes.get(nodeId)?.undo;
  return undo !== undefined && done.has(undo);
}

function warningsOf(
  { version, original }: WantedReplay,
  { plan, kept }: { readonly plan: ReplayPlan; readonly kept: readonly PlanNode[] },
): string[] {
  const repeated = plan.effects.filter(({ repeats, effect }) => repeats && effect !== 'read');
  const isOther = version.graph !== original.graph;
  const left = [...original.recorded.keys()].filter((id) => isOther && !version.graph.nodes.has(id));
  return [
    ...(isOver(original.status)
      ? []
      : ['The original run is not over: what it does meanwhile is not part of this replay.']),
    ...(repeated.length > 0
      ? [
          `Done once already, and done again with a new key: ${repeated.map(({ label }) => label).join(', ')}.`,
        ]
      : []),
    ...(isOther && kept.length > 0
      ? [
          'Steps that are taken over keep what the original version made, also where this version would make something else.',
        ]
      : []),
    ...(left.length > 0 ? [`Not in this version any more, and left out: ${left.join(', ')}.`] : []),
  ];
}

function isOver(status: RunStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

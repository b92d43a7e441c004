import type { Run, Step } from '../api/runs.ts';
import { canonicalText } from '../canonical-text.ts';
import type { FlowDocument, FlowNode } from '../flow-document.ts';
import type { Json } from '../json.ts';
import { stepId } from '../plan/step-id.ts';
import { type Change, jsonChanges } from './json-changes.ts';
import { orderSteps } from './order-steps.ts';

/** What of a run is compared. */
export type ComparedRun = Pick<Run, 'trigger' | 'output' | 'steps' | 'document'>;

/** In what two runs of a step differ. The first four are its outcome, and say where the runs part. */
export type Difference = 'presence' | 'status' | 'ports' | 'error' | 'settings' | 'input' | 'output';

export interface StepComparison {
  readonly nodeId: string;
  /** Loop path; empty outside loops. */
  readonly key: string;
  /** Null where the step is not in the earlier run. */
  readonly before: Step | null;
  /** Null where the step is not in the later run. */
  readonly after: Step | null;
  readonly differs: readonly Difference[];
  /** Of the node itself, between the versions: type, settings, connection, retry. */
  readonly settings: readonly Change[];
  readonly input: readonly Change[];
  readonly output: readonly Change[];
}

export interface RunComparison {
  /** In the order of the graph; within a loop item by item. */
  readonly steps: readonly StepComparison[];
  /** The first step that came out otherwise: another status, way or error, or in one run alone. Null: none. */
  readonly parting: StepComparison | null;
  /** The first step that differs in anything, its data included. Null: none. */
  readonly first: StepComparison | null;
  readonly trigger: readonly Change[];
  readonly output: readonly Change[];
}

const OUTCOMES: ReadonlySet<Difference> = new Set(['presence', 'status', 'ports', 'error']);

/** Two runs of a flow side by side: steps are the same by node and loop path, whatever the version. Times are not compared. */
export function compareRuns(before: ComparedRun, after: ComparedRun): RunComparison {
  const earlier = byPlace(before.steps);
  const later = byPlace(after.steps);
  const places = orderSteps([...later.values(), ...earlier.values()], [after.document, before.document]);
  const settings = settingsChanges(before.document, after.document);
  const steps = places.map(({ nodeId, key }) => {
    const place = stepId(nodeId, key);
    const pair = { before: earlier.get(place) ?? null, after: later.get(place) ?? null };
    return compareStep({ nodeId, key, ...pair }, settings(nodeId));
  });
  return {
    steps,
    parting: steps.find(({ differs }) => differs.some((each) => OUTCOMES.has(each))) ?? null,
    first: steps.find(({ differs }) => differs.length > 0) ?? null,
    trigger: jsonChanges(before.trigger, after.trigger),
    output: jsonChanges(before.output, after.output),
  };
}

function byPlace(steps: readonly Step[]): ReadonlyMap<string, Step> {
  return new Map(steps.map((step) => [stepId(step.nodeId, step.key), step]));
}

type Pair = Pick<StepComparison, 'nodeId' | 'key' | 'before' | 'after'>;

function compareStep(pair: Pair, settings: readonly Change[]): StepComparison {
  const { before, after } = pair;
  if (before === null || after === null)
    return { ...pair, differs: ['presence'], settings, input: [], output: [] };
  const input = jsonChanges(before.input, after.input);
  const output = jsonChanges(before.output, after.output);
  const found: Record<Exclude<Difference, 'presence'>, boolean> = {
    status: before.status !== after.status,
    ports: !isSame(before.ports.toSorted(), after.ports.toSorted()),
    error: !isSame(before.error, after.error),
    settings: settings.length > 0,
    input: input.length > 0,
    output: output.length > 0,
  };
  const differs = Object.entries(found).flatMap(([name, isSo]) => (isSo ? [name as Difference] : []));
  return { ...pair, differs, settings, input, output };
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalText(one) === canonicalText(other);
}

/** What changed of a node between two documents; nothing for a node that only one of them has. */
function settingsChanges(before: FlowDocument, after: FlowDocument): (nodeId: string) => readonly Change[] {
  if (before === after) return () => [];
  const known = new Map<string, readonly Change[]>();
  const [earlier, later] = [before, after].map(({ nodes }) => new Map(nodes.map((node) => [node.id, node])));
  return (nodeId) => {
    const [one, other] = [earlier!.get(nodeId), later!.get(nodeId)];
    if (one === undefined || other === undefined) return [];
    const changes = known.get(nodeId) ?? jsonChanges(workOf(one), workOf(other));
    known.set(nodeId, changes);
    return changes;
  };
}

/** A node without how it is called and drawn. */
function workOf(node: FlowNode): Json {
  const { id: _, label: __, position: ___, ...work } = node;
  return work;
}

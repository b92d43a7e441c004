import { beforeEach } from './before.ts';
import { callsByStep } from './check-calls.ts';
import type { Evidence } from './evidence.ts';
import { shapeOf } from './flow-shape.ts';
import { type Prediction, stepName } from './prediction.ts';

interface Undo {
  /** Names of the undo step and of the step that it undoes. */
  readonly name: string;
  readonly undone: string;
  readonly nodeId: string;
  readonly parent: string | undefined;
  readonly key: string;
  /** When the undone step was over, in milliseconds. */
  readonly doneAt: number;
}

/** Whether steps were undone one at a time, the last one to be completed first. One line for each fault. */
export function checkUndo(predicted: Prediction, evidence: Evidence): string[] {
  const undos = undosOf(predicted, evidence);
  if (undos.length === 0) return [];
  const calls = callsByStep(evidence.calls);
  const called = undos.filter(({ name }) => calls.has(name));
  const arrival = ({ name }: Undo) => calls.get(name)?.[0]?.arrived ?? 0;
  const beginning = ({ name }: Undo) => evidence.found.steps.get(name)?.startedAt ?? 0;
  const byArrival = [...called].sort((a, b) => arrival(a) - arrival(b));
  const byBeginning = [...undos].sort((a, b) => beginning(a) - beginning(b));
  const isTie = (a: Undo, b: Undo) => beginning(a) === beginning(b);
  return [
    ...checkPairs(predicted, evidence, { undos: byArrival, isTie: () => false }),
    ...checkPairs(predicted, evidence, { undos: byBeginning, isTie }),
    ...checkOneAtATime(byArrival, evidence),
    ...checkAfterAll(predicted, evidence),
  ];
}

function undosOf(predicted: Prediction, { document, found }: Evidence): Undo[] {
  return [...predicted.undone.values()].flatMap((step) => {
    const node = document.nodes.find((each) => each.compensate === step.nodeId);
    if (node === undefined) throw new Error(`${step.nodeId} undoes nothing.`);
    const undone = stepName(node.id, step.key);
    const doneAt = found.steps.get(undone)?.finishedAt ?? 0;
    return {
      name: stepName(step.nodeId, step.key),
      undone,
      nodeId: node.id,
      parent: node.parent,
      key: step.key,
      doneAt,
    };
  });
}

function checkPairs(
  predicted: Prediction,
  { document }: Evidence,
  { undos, isTie }: { readonly undos: readonly Undo[]; readonly isTie: (a: Undo, b: Undo) => boolean },
): string[] {
  const before = beforeEach(document, predicted);
  const place = placesOf(document);
  return undos.flatMap((earlier, index) =>
    undos.slice(index + 1).flatMap((later) => {
      if (isTie(earlier, later)) return [];
      const isCausal = before.get(later.undone)?.steps.has(earlier.undone) === true;
      const isWrong =
        isCausal ||
        earlier.doneAt < later.doneAt ||
        (earlier.doneAt === later.doneAt && isTieWrong(earlier, later, place));
      return isWrong
        ? [`${earlier.undone} was undone before ${later.undone}, which was completed later`]
        : [];
    }),
  );
}

/** Completed in the same moment: reverse order of the graph, then the higher key. Across scopes nothing is said. */
function isTieWrong(earlier: Undo, later: Undo, place: ReadonlyMap<string, number>): boolean {
  if (earlier.nodeId === later.nodeId) return compareKeys(earlier.key, later.key) < 0;
  if (earlier.parent !== later.parent) return false;
  return (place.get(earlier.nodeId) ?? 0) < (place.get(later.nodeId) ?? 0);
}

function compareKeys(a: string, b: string): number {
  const [left, right] = [a, b].map((key) => key.split('.').map(Number));
  for (const [at, index] of (left ?? []).entries()) {
    const difference = index - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function placesOf(document: Evidence['document']): ReadonlyMap<string, number> {
  const shape = shapeOf(document);
  const orders = [shape.root, ...shape.bodies.values()].flatMap((scope) => [...scope.order.entries()]);
  return new Map(orders.map(([place, node]) => [node.id, place]));
}

function checkOneAtATime(undos: readonly Undo[], { calls, deaths }: Evidence): string[] {
  const byStep = callsByStep(calls);
  return undos.slice(1).flatMap((undo, index) => {
    const previous = byStep.get(undos[index]?.name ?? '') ?? [];
    const [first] = byStep.get(undo.name) ?? [];
    if (first === undefined || (first.method === 'GET' && deaths > 0)) return [];
    const isOver = previous.every(
      (call) => call.arrived < first.arrived && (deaths > 0 || (call.ended ?? 0) < first.arrived),
    );
    return isOver ? [] : [`${undo.name} began while ${undos[index]?.name} was not over`];
  });
}

/** Nothing is undone while anything still goes on. */
function checkAfterAll(predicted: Prediction, { calls }: Evidence): string[] {
  const isUndo = (nodeId: string, key: string) => predicted.undone.has(stepName(nodeId, key));
  const undoing = calls.filter((call) => isUndo(call.nodeId, call.key));
  const first = undoing.find((call) => call.method !== 'GET');
  if (first === undefined) return [];
  return calls
    .filter((call) => !isUndo(call.nodeId, call.key) && call.arrived > first.arrived)
    .map((call) => `${stepName(call.nodeId, call.key)} was called after undoing had begun`);
}

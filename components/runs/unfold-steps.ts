import type { Step } from '#core/api/runs.ts';
import type { FlowDocument } from '#core/flow-document.ts';

/** A run's steps with those of the chosen iteration right after the loop that they are in. */
export function unfoldSteps(
  document: FlowDocument,
  steps: readonly Step[],
  chosen: readonly Step[],
): readonly Step[] {
  if (chosen.length === 0) return steps;
  const parents = new Map(document.nodes.map(({ id, parent }) => [id, parent]));
  const inside = Map.groupBy(chosen, (step) => parents.get(step.nodeId));
  const unfold = (step: Step): readonly Step[] => [step, ...(inside.get(step.nodeId) ?? []).flatMap(unfold)];
  return steps.flatMap(unfold);
}

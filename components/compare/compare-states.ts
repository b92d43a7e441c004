import type { NodeRunState } from '#components/canvas/node-run-state.ts';
import type { ComparedStepReply, RunComparisonReply } from '#core/api/compare-runs.ts';

/** The state of each node that the later run reached, marked where it differs from the earlier one. */
export function compareStates({
  steps,
  parting,
}: Pick<RunComparisonReply, 'steps' | 'parting'>): ReadonlyMap<string, NodeRunState> {
  const byNode = Map.groupBy(steps, ({ nodeId }) => nodeId);
  return new Map(
    [...byNode].flatMap(([nodeId, own]): [string, NodeRunState][] => {
      const told = own.find(({ differs }) => differs.length > 0) ?? own[0];
      if (told === undefined) return [];
      const state = stateOf(told);
      const mark = parting?.nodeId === nodeId ? 'parts' : differsInAny(own) ? 'differs' : undefined;
      return [[nodeId, mark === undefined ? state : { ...state, mark }]];
    }),
  );
}

function differsInAny(steps: readonly ComparedStepReply[]): boolean {
  return steps.some(({ differs }) => differs.length > 0);
}

/** A node that only the earlier run reached is shown as not reached. */
function stateOf({ after }: ComparedStepReply): NodeRunState {
  return {
    status: after?.status ?? 'skipped',
    attempts: after?.attempts ?? 0,
    durationMs: after?.ms ?? null,
    nextAttemptAt: null,
    isReused: after?.isReused ?? false,
    ports: after === null ? [] : after.ports,
  };
}

import type { NodeRunState } from '#components/canvas/node-run-state.ts';
import type { Step } from '#core/api/runs.ts';

/** Of several steps of one node (a loop's rounds) the one that people must know of is shown. */
const WEIGHT: Readonly<Record<Step['status'], number>> = {
  failed: 6,
  in_doubt: 5,
  running: 4,
  waiting: 3,
  succeeded: 2,
  cancelled: 1,
  skipped: 0,
};

/** The state of each node that a run reached, by node id. */
export function nodeStates(steps: readonly Step[], nowMs: number): ReadonlyMap<string, NodeRunState> {
  const byNode = Map.groupBy(steps, (step) => step.nodeId);
  return new Map([...byNode].map(([nodeId, own]) => [nodeId, stateOf(own, nowMs)]));
}

function stateOf(steps: readonly Step[], nowMs: number): NodeRunState {
  const step = steps.reduce((worst, next) => (WEIGHT[next.status] > WEIGHT[worst.status] ? next : worst));
  return {
    status: step.status,
    attempts: step.attempts.length,
    durationMs: durationOf(step, nowMs),
    nextAttemptAt: step.nextAttemptAt,
    ports: step.finishedAt === null ? undefined : [...new Set(steps.flatMap((each) => each.ports))],
    error: step.error,
  };
}

/** Milliseconds from the first attempt's start to the step's end, or to now; null for a step that never began. */
export function durationOf(step: Step, nowMs: number): number | null {
  const startedAt = step.attempts[0]?.startedAt ?? step.startedAt;
  if (startedAt === null || step.status === 'skipped') return null;
  const endMs = step.finishedAt === null ? nowMs : Date.parse(step.finishedAt);
  return Math.max(0, endMs - Date.parse(startedAt));
}

/** The step that a run opens with: the one that failed, else one in doubt, else one that waits, else none. */
export function stepToShow(steps: readonly Step[], failedNodeId: string | undefined): string | null {
  const failed =
    steps.find((step) => step.nodeId === failedNodeId && step.status === 'failed') ??
    steps.find((step) => step.status === 'failed') ??
    steps.find((step) => step.status === 'in_doubt') ??
    steps.find((step) => step.status === 'waiting');
  return failed === undefined ? null : stepKey(failed);
}

/** Names a step within its run. */
export function stepKey(step: Pick<Step, 'nodeId' | 'key'>): string {
  return step.key === '' ? step.nodeId : `${step.nodeId}:${step.key}`;
}

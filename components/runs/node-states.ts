import type { NodeRunState } from '#components/canvas/node-run-state.ts';
import type { Counts, Loops } from '#core/api/loops.ts';
import type { Step } from '#core/api/runs.ts';

import { countsInWords, heaviestStatus } from './loop-counts.ts';

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

/** The state of each node that a run reached, by node id. Of a loop and of what is in it `counts` know more than steps. */
export function nodeStates(
  steps: readonly Step[],
  nowMs: number,
  counts?: Loops,
): ReadonlyMap<string, NodeRunState> {
  const byNode = Map.groupBy(steps, (step) => step.nodeId);
  const states = new Map([...byNode].map(([nodeId, own]) => [nodeId, stateOf(own, nowMs)]));
  for (const { nodeId, iterations, items } of counts?.loops ?? []) {
    const own = states.get(nodeId);
    if (own) states.set(nodeId, { ...own, progress: countsInWords(iterations, items) });
  }
  for (const { nodeId, steps: many } of counts?.nodes ?? []) {
    const status = heaviestStatus(many);
    if (status && !states.has(nodeId)) states.set(nodeId, stateOfMany(status, many));
  }
  return states;
}

function stateOfMany(status: Step['status'], counts: Counts): NodeRunState {
  return {
    status,
    attempts: 0,
    durationMs: null,
    nextAttemptAt: null,
    progress: countsInWords(counts, null),
    // Of many steps only their number is known: enough where there is one way on.
    followed: { out: counts.succeeded },
  };
}

function stateOf(steps: readonly Step[], nowMs: number): NodeRunState {
  const step = steps.reduce((worst, next) => (WEIGHT[next.status] > WEIGHT[worst.status] ? next : worst));
  return {
    status: step.status,
    attempts: step.attempts.length,
    durationMs: durationOf(step, nowMs),
    nextAttemptAt: step.nextAttemptAt,
    waitingFor: step.waitingFor,
    ports: step.finishedAt === null ? undefined : [...new Set(steps.flatMap((each) => each.ports))],
    followed: timesFollowed(steps),
    error: step.error,
    isReused: steps.every((each) => each.isReused),
    ...(steps.every((each) => each.isPinned) && { isPinned: true }),
  };
}

function timesFollowed(steps: readonly Step[]): Readonly<Record<string, number>> {
  const ports = steps.flatMap((step) => (step.finishedAt === null ? [] : step.ports));
  return Object.fromEntries([...Map.groupBy(ports, (port) => port)].map(([port, all]) => [port, all.length]));
}

/** Milliseconds from the first attempt's start to the step's end, or to now; null for a step that never began. */
export function durationOf(step: Step, nowMs: number): number | null {
  const startedAt = step.attempts[0]?.startedAt ?? step.startedAt;
  if (startedAt === null || step.status === 'skipped' || step.isReused) return null;
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

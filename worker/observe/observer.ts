import type { RunStatus } from '#core/api/runs.ts';
import type { PlanNode } from '#core/plan-graph.ts';
import type { RunError, StepRef } from '#core/plan.ts';
import type { ClaimedRun } from '#server/sql/claim-runs.ts';
import type { LiveStep } from '#worker/live-step.ts';

/** A step after one of its attempts, or at the end of its loop. Times are milliseconds since 1970, by the database's clock. */
export interface ObservedStep {
  readonly node: PlanNode;
  /** As it is now: its status says what the attempt came to. */
  readonly step: Readonly<LiveStep>;
  readonly now: number;
}

/** How a run left its activation. */
export interface ObservedExit {
  readonly status: RunStatus;
  readonly error?: RunError | null;
  /** Absent where the run goes on later. */
  readonly finishedAt?: number;
}

/** Is told what runs come to, to measure or trace it. Nothing waits for it, and nothing depends on it. */
export interface RunObserver {
  /** A worker has taken the run on. */
  taken(run: ClaimedRun): void;
  stepped(run: ClaimedRun, observed: ObservedStep): void;
  /** The run has left; what it came to is committed. */
  left(run: ClaimedRun, exit: ObservedExit): void;
  /** The `traceparent` of calls that the step makes; absent where nothing is traced. */
  traceparentOf?(run: ClaimedRun, step: StepRef): string;
}

/** Tells nobody: for rehearsals, which are no runs. */
export const NO_OBSERVER: RunObserver = {
  taken: () => undefined,
  stepped: () => undefined,
  left: () => undefined,
};

/** Tells all of them; the first that knows a step's `traceparent` says it. */
export function allObservers(observers: readonly RunObserver[]): RunObserver {
  const tracer = observers.find((observer) => observer.traceparentOf);
  return {
    taken: (run) => observers.forEach((observer) => observer.taken(run)),
    stepped: (run, observed) => observers.forEach((observer) => observer.stepped(run, observed)),
    left: (run, exit) => observers.forEach((observer) => observer.left(run, exit)),
    ...(tracer?.traceparentOf && { traceparentOf: tracer.traceparentOf.bind(tracer) }),
  };
}

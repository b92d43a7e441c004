import type { ReplayPlan } from '#core/api/replay.ts';

export interface JournalStep {
  readonly nodeId: string;
  readonly key: string;
  readonly status: string;
  readonly attempts: number;
  readonly isReused: boolean;
}

/** What became of a plan. */
export interface PlannedRun {
  /** The steps of the run before it went on; none for a replay. */
  readonly before: readonly JournalStep[];
  readonly after: readonly JournalStep[];
  /** Loops that were opened again: they make no new attempt. */
  readonly reopened?: readonly string[];
  readonly status: string;
}

/**
 * What did not go as the plan said: a step that ran and is in neither `executed` nor `possible`; one of `executed` that did not
 * run although nothing failed; a step that was taken over and ran.
 */
export function judgePlan(plan: ReplayPlan, { before, after, reopened = [], status }: PlannedRun): string[] {
  const attempts = new Map(before.map((step) => [`${step.nodeId} ${step.key}`, step.attempts]));
  const hasRun = (step: JournalStep) =>
    !step.isReused && step.attempts > (attempts.get(`${step.nodeId} ${step.key}`) ?? 0);
  const ran = new Set([...after.filter(hasRun).map(({ nodeId }) => nodeId), ...reopened]);
  const executed = idsOf(plan.executed);
  const expected = new Set([...executed, ...idsOf(plan.possible)]);
  const reused = idsOf(plan.reused);
  return [
    ...[...ran].filter((id) => !expected.has(id)).map((id) => `${id} ran and was not in the plan`),
    ...[...ran].filter((id) => reused.has(id)).map((id) => `${id} ran although it was to be kept`),
    ...[...executed]
      .filter((id) => status === 'succeeded' && !ran.has(id))
      .map((id) => `${id} did not run although nothing failed`),
  ];
}

function idsOf(steps: ReplayPlan['executed']): ReadonlySet<string> {
  return new Set(steps.map(({ nodeId }) => nodeId));
}

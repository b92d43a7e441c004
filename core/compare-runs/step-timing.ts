import type { Step } from '../api/runs.ts';

/** How long a step took, in milliseconds. */
export interface StepTiming {
  /** From the beginning of the first attempt to the end; null for a step that did not run, was taken over or goes on. */
  readonly ms: number | null;
  /** How much of that was between attempts. */
  readonly waitMs: number;
}

/** The timing of an ended step, by its attempts. */
export function stepTiming({ attempts, startedAt, finishedAt, status, isReused }: Step): StepTiming {
  const beginning = attempts[0]?.startedAt ?? startedAt;
  if (beginning === null || finishedAt === null || status === 'skipped' || isReused)
    return { ms: null, waitMs: 0 };
  const waits = attempts.slice(1).map(({ startedAt: next }, index) => {
    const end = attempts[index]?.finishedAt;
    return end == null ? 0 : Math.max(0, Date.parse(next) - Date.parse(end));
  });
  return {
    ms: Math.max(0, Date.parse(finishedAt) - Date.parse(beginning)),
    waitMs: waits.reduce((sum, wait) => sum + wait, 0),
  };
}

import type {
  ChangeReply,
  ChangesReply,
  ComparedStepReply,
  RunComparisonReply,
} from '../api/compare-runs.ts';
import type { Step } from '../api/runs.ts';
import type { Json } from '../json.ts';
import type { RunComparison, StepComparison } from './compare-runs.ts';
import type { Change } from './json-changes.ts';
import { stepTiming } from './step-timing.ts';

/** How much of a comparison is told, so that runs with large payloads give a small reply. */
export interface ComparisonLimits {
  /** Changes of one value. */
  readonly changes: number;
  /** Changes in all. */
  readonly total: number;
  /** Characters of a value's JSON text. */
  readonly text: number;
}

const LIMITS: ComparisonLimits = { changes: 200, total: 2_000, text: 2_000 };

type Described = Pick<RunComparisonReply, 'parting' | 'first' | 'steps' | 'trigger' | 'output'>;

/** A comparison as the API tells it: bounded, and of steps only what is compared. */
export function describeComparison(comparison: RunComparison, limits: ComparisonLimits = LIMITS): Described {
  const budget: Budget = { limits, left: limits.total };
  return {
    parting: placeOf(comparison.parting),
    first: placeOf(comparison.first),
    // What began the runs and came of them first: the budget is theirs before the steps'.
    trigger: describeChanges(comparison.trigger, budget),
    output: describeChanges(comparison.output, budget),
    steps: comparison.steps.map((step) => ({
      nodeId: step.nodeId,
      key: step.key,
      before: step.before && factsOf(step.before),
      after: step.after && factsOf(step.after),
      differs: [...step.differs],
      settings: describeChanges(step.settings, budget),
      input: describeChanges(step.input, budget),
      output: describeChanges(step.output, budget),
    })),
  };
}

interface Budget {
  readonly limits: ComparisonLimits;
  left: number;
}

function placeOf(step: StepComparison | null): RunComparisonReply['first'] {
  return step && { nodeId: step.nodeId, key: step.key };
}

function factsOf(step: Step): ComparedStepReply['before'] {
  const { status, ports, error, attempts, isReused } = step;
  return {
    status,
    ports,
    error: error && { kind: error.kind, code: error.code, message: error.message },
    attempts: attempts.length,
    isReused,
    ...stepTiming(step),
  };
}

function describeChanges(changes: readonly Change[], budget: Budget): ChangesReply {
  const shown = changes.slice(0, Math.min(budget.limits.changes, budget.left));
  budget.left -= shown.length;
  return {
    total: changes.length,
    shown: shown.map((change): ChangeReply => ({
      kind: change.kind,
      from: change.from,
      to: change.to,
      before: sideOf(change.before, budget.limits.text),
      after: sideOf(change.after, budget.limits.text),
    })),
  };
}

function sideOf(value: Json | undefined, most: number): ChangeReply['before'] {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length <= most ? { value, isCut: false } : { value: text.slice(0, most), isCut: true };
}

import type { FlowTestResult } from '../api/flow-tests.ts';
import type { RunStatus, StepStatus } from '../api/runs.ts';
import type { Json } from '../json.ts';
import { NO_ANSWER } from '../pins/pin.ts';
import { stepId } from '../plan/step-id.ts';
import type { RunError } from '../plan.ts';
import type { StepError } from '../step-failure.ts';
import { checkExpectation } from './check-expectation.ts';
import type { Expectation, TestSubject } from './expectation.ts';

/** A step of a rehearsal. */
export interface RehearsedStep {
  readonly nodeId: string;
  readonly key: string;
  readonly status: StepStatus;
  readonly ports: readonly string[];
  readonly input: Json;
  readonly output: Json;
  readonly error: StepError | null;
}

/** What a flow did with the input of a test. */
export interface Rehearsal {
  readonly status: RunStatus;
  readonly output: Json;
  readonly error: RunError | null;
  /** In the order in which they began. */
  readonly steps: readonly RehearsedStep[];
}

/** Holds what a flow did against what its test expects. A call that the test has no answer for fails it, whatever it expects. */
export function judgeTest(
  test: { readonly id: string; readonly name: string; readonly expectations: readonly Expectation[] },
  rehearsal: Rehearsal,
): FlowTestResult {
  const { status, error, steps } = rehearsal;
  const subject = subjectOf(rehearsal);
  const unanswered = steps.filter((step) => step.error?.code === NO_ANSWER);
  const differences = [
    ...unanswered.map((step) => ({ expectation: null, message: step.error?.message ?? '' })),
    ...test.expectations.flatMap((expectation) => checkExpectation(expectation, subject) ?? []),
  ];
  return {
    id: test.id,
    name: test.name,
    passed: differences.length === 0,
    status,
    error,
    differences,
    steps: steps.map(({ nodeId, key, status: came }) => ({ nodeId, key, status: came })),
  };
}

function subjectOf({ status, output, error, steps }: Rehearsal): TestSubject {
  return {
    run: present({ status, output, error }),
    steps: new Map(
      steps
        .filter((step) => step.status !== 'skipped')
        .map((step) => [
          stepId(step.nodeId, step.key),
          present({ status: step.status, input: step.input, output: step.output, error: step.error }),
        ]),
    ),
  };
}

/** An error that is null is none. */
function present({ error, ...rest }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return error === null ? rest : { ...rest, error };
}

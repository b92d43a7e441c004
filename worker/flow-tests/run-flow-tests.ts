import type { FlowTest, FlowTestOutcome, FlowTestResult } from '#core/api/flow-tests.ts';
import { coverageOf, type CoveredStep } from '#core/flow-tests/coverage.ts';
import { judgeTest } from '#core/flow-tests/judge-test.ts';
import { toStepError } from '#core/step-failure.ts';
import { ProblemError } from '#server/problem.ts';
import { rehearse, type RehearsalPlace } from './rehearse.ts';

/** Tests that go on for longer than this all together are stopped; the rest fails. */
const MAX_MS = 60_000;

/** Carries out tests of a flow, one after the other. */
export async function runFlowTests(
  tests: readonly FlowTest[],
  place: RehearsalPlace,
): Promise<FlowTestOutcome> {
  const results: FlowTestResult[] = [];
  const steps: CoveredStep[] = [];
  const until = performance.now() + MAX_MS;
  for (const test of tests) {
    const { result, took } =
      performance.now() > until ? { result: failed(test, TOO_LONG), took: [] } : await runOne(test, place);
    results.push(result);
    for (const step of took) steps.push(step);
  }
  const coverage = coverageOf(place.document, steps);
  return { results, coverage: { ...coverage, edges: [...coverage.edges] } };
}

const TOO_LONG = 'It did not come to its turn: the tests before it took a minute.';

async function runOne(
  test: FlowTest,
  place: RehearsalPlace,
): Promise<{ readonly result: FlowTestResult; readonly took: readonly CoveredStep[] }> {
  try {
    const rehearsal = await rehearse(test, place);
    return { result: judgeTest(test, rehearsal), took: rehearsal.steps };
  } catch (error) {
    const message = error instanceof ProblemError ? error.message : toStepError(error).message;
    return { result: failed(test, `It could not begin: ${message}`), took: [] };
  }
}

function failed({ id, name }: Pick<FlowTest, 'id' | 'name'>, message: string): FlowTestResult {
  const differences = [{ expectation: null, message }];
  return { id, name, passed: false, status: 'failed', error: null, differences, steps: [] };
}

import type { Json } from '#core/json.ts';

import type { Evidence } from './evidence.ts';
import type { FoundRun, FoundStep } from './found-run.ts';
import type { PredictedStep, Prediction } from './prediction.ts';

type Run = Pick<Evidence, 'found' | 'deaths'>;

/** How a run differs from a prediction, one line each; empty when it does not. */
export function compareRun(predicted: Prediction, run: Run): string[] {
  const { found } = run;
  const told = [...predicted.steps.keys(), ...predicted.undone.keys()];
  const known = new Set(told);
  return [
    ...compareEnd(predicted, found),
    ...[...predicted.steps].flatMap(([name, step]) => compareStep(name, step, run)),
    ...[...predicted.undone].flatMap(([name, step]) => compareStep(name, step, run)),
    ...[...found.steps.keys()]
      .filter((name) => !known.has(name))
      .map((name) => `step ${name} is not expected at all`),
  ];
}

function compareEnd(predicted: Prediction, found: FoundRun): string[] {
  const differences: string[] = [];
  if (found.status !== predicted.status)
    return [`the run is ${found.status}, expected ${predicted.status} ${JSON.stringify(found.error)}`];
  if (found.status === 'succeeded' && !equals(predicted.output, found.output))
    differences.push(
      `the output is ${JSON.stringify(found.output)}, expected ${JSON.stringify(predicted.output)}`,
    );
  if (predicted.error !== null) {
    const { nodeId, ...fault } = predicted.error;
    if (!equals(fault, found.error) || (found.error?.nodeId ?? '') !== nodeId)
      differences.push(
        `the error is ${JSON.stringify(found.error)}, expected ${JSON.stringify(predicted.error)}`,
      );
  }
  if (found.compensation !== predicted.compensation)
    differences.push(`compensation is ${found.compensation}, expected ${predicted.compensation}`);
  return differences;
}

function compareStep(name: string, predicted: PredictedStep, run: Run): string[] {
  const found = run.found.steps.get(name);
  const status = found?.status ?? 'absent';
  if (!statusesOf(predicted).includes(status))
    return [`step ${name} is ${status}, expected ${predicted.status}`];
  if (found === undefined || status !== predicted.status) return [];
  if (status === 'succeeded' || status === 'failed')
    return compareSettled(name, predicted, { found, deaths: run.deaths });
  return [];
}

/** Which states of a step agree with the predicted one. */
function statusesOf({ status, wasStopped }: PredictedStep): string[] {
  if (status === 'unbegun') return ['absent', 'cancelled', 'skipped'];
  if (status === 'cancelled') return ['cancelled', 'absent'];
  if (status === 'skipped') return wasStopped ? ['skipped', 'absent', 'cancelled'] : ['skipped'];
  return [status];
}

function compareSettled(
  name: string,
  predicted: PredictedStep,
  { found, deaths }: { readonly found: FoundStep; readonly deaths: number },
): string[] {
  const differences: string[] = [];
  const differ = (what: string, is: unknown, expected: unknown): void => {
    differences.push(
      `${what} of step ${name} is ${JSON.stringify(is)}, expected ${JSON.stringify(expected)}`,
    );
  };
  if (!equals(predicted.output, found.output)) differ('the output', found.output, predicted.output);
  if (!equals(predicted.error === null ? null : { ...predicted.error }, found.error))
    differ('the error', found.error, predicted.error);
  if (found.status === 'succeeded' && [...found.ports].sort().join() !== [...predicted.ports].sort().join())
    differ('the ports', found.ports, predicted.ports);
  // An attempt whose worker died may count or not, depending on whether it was written down.
  const isRight =
    deaths === 0 ? found.attempts === predicted.calls : found.attempts <= predicted.calls + deaths;
  if (!isRight) differ('the number of attempts', found.attempts, predicted.calls);
  return differences;
}

/**
 * Whether a value is as predicted. Of errors, kind and code count (`*` is any); headers of replies and the time at which a
 * wait ended are the far end's and the clock's.
 */
export function equals(expected: unknown, found: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(found) &&
      expected.length === found.length &&
      expected.every((each, index) => equals(each, (found as Json[])[index]))
    );
  }
  if (typeof expected !== 'object' || expected === null) return expected === found;
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return false;
  const [wanted, given] = [expected, found] as Record<string, unknown>[];
  if (wanted === undefined || given === undefined) return false;
  const keys = Object.keys(wanted).sort().join();
  if (keys === 'code,kind')
    return ['code', 'kind'].every((key) => wanted[key] === '*' || wanted[key] === given[key]);
  if (keys === 'resumedAt') return typeof given['resumedAt'] === 'string';
  const givenKeys = Object.keys(given).filter((key) => key !== 'headers');
  return (
    givenKeys.length === Object.keys(wanted).length &&
    Object.entries(wanted).every(([key, each]) => equals(each, given[key]))
  );
}

import { checkCalls } from './check-calls.ts';
import { checkOrder } from './check-order.ts';
import { checkUndo } from './check-undo.ts';
import { compareRun } from './compare-run.ts';
import { Dice } from './dice.ts';
import type { Evidence } from './evidence.ts';
import { journalSchedule } from './journal-schedule.ts';
import { interpret, type Schedule } from './interpreter.ts';
import type { Prediction } from './prediction.ts';

export interface Verdict {
  /** One line for each difference; none when the run is right. */
  readonly faults: readonly string[];
  readonly prediction: Prediction;
  /**
   * How much the model knew: `exact`, one outcome whatever the order of events; `ordered`, the one outcome that follows from the
   * order in the journal; `allowed`, one of several that some order gives; `given_up`, not compared: three workers died over it without a step done in between.
   */
  readonly how: 'exact' | 'ordered' | 'allowed' | 'given_up';
}

const SCHEDULES = 8;
const GUIDED = 100;

/** Holds a run that is over against the model. */
export function judge(evidence: Evidence): Verdict {
  const verdict = judgeOutcome(evidence);
  if (verdict.faults.length > 0 && isGivenUp(evidence)) return { ...verdict, faults: [], how: 'given_up' };
  return verdict;
}

/** Three deaths in a row end a run, also while it is being undone. */
function isGivenUp({ deaths, found }: Evidence): boolean {
  return deaths >= 3 && (found.error?.code === 'worker_died' || found.compensation === 'partly_undone');
}

/** Every order of events that is tried gives a legal outcome; the run must have had one of them. */
function judgeOutcome(evidence: Evidence): Verdict {
  const { document, input, found } = evidence;
  const given = { document, input, run: { id: found.id } };
  const outcomes = new Map<string, Prediction>();
  for (let number = 0; number < SCHEDULES; number++) {
    const prediction = interpret(given, anySchedule(number));
    outcomes.set(signature(prediction), prediction);
  }
  const right = [...outcomes.values()].find((prediction) => faultsOf(prediction, evidence).length === 0);
  if (outcomes.size === 1 && right !== undefined) return { faults: [], prediction: right, how: 'exact' };

  const tried: Prediction[] = [];
  for (let number = 0; number < GUIDED; number++) {
    const prediction = interpret(given, journalSchedule(evidence, new Dice(number)));
    if (faultsOf(prediction, evidence).length === 0) return { faults: [], prediction, how: 'ordered' };
    tried.push(prediction);
  }
  if (right !== undefined) return { faults: [], prediction: right, how: 'allowed' };
  return closest([...tried, ...outcomes.values()], evidence);
}

/** The steps first; only where they are as predicted, what the far end saw can be told. */
function faultsOf(prediction: Prediction, evidence: Evidence): readonly string[] {
  const faults = compareRun(prediction, evidence);
  if (faults.length > 0) return faults;
  return [
    ...checkCalls(prediction, evidence),
    ...checkOrder(prediction, evidence),
    ...checkUndo(prediction, evidence),
  ];
}

function closest(predictions: readonly Prediction[], evidence: Evidence): Verdict {
  const verdicts = predictions.map((prediction) => ({
    faults: faultsOf(prediction, evidence),
    prediction,
    how: 'allowed' as const,
  }));
  return verdicts.reduce((best, next) => (next.faults.length < best.faults.length ? next : best));
}

function signature({ steps, undone, ...rest }: Prediction): string {
  return JSON.stringify([rest, [...steps].sort(), [...undone].sort()]);
}

/** First come first served, last come first served, then at random. */
function anySchedule(number: number): Schedule {
  const dice = new Dice(number);
  return {
    pick: ({ length }) => (number === 0 ? 0 : number === 1 ? length - 1 : dice.int(0, length - 1)),
  };
}

import { stepName } from './check-calls.ts';
import { groupBy } from './group-by.ts';
import type { Records } from './records.ts';

/** What `npm run chaos` prints, besides the violations. */
export interface TrialFigures {
  readonly seed: number;
  readonly seconds: number;
  readonly events: number;
  readonly acknowledged: number;
  readonly acknowledgedInTime: number;
  /** Sent again because no 2xx came. */
  readonly resent: number;
  readonly kills: Readonly<Record<string, number>>;
  /** Calls that met each fault of the proxies. */
  readonly faults: Readonly<Record<string, number>>;
  /** Runs by status, at the end. */
  readonly runs: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly effects: number;
  /** Calls of one step beyond its first, as far as the far end acted on them or would have: all in a window of a fault. */
  readonly repeats: number;
  /** Steps that stood in doubt, by why; all settled by hand afterwards. */
  readonly inDoubt: Readonly<Record<string, number>>;
  readonly settledAs: Readonly<Record<string, number>>;
  /** Runs that failed in the storm and were resumed. */
  readonly resumed: number;
  /** From the last kill until everything was acknowledged and nothing went on by itself. */
  readonly drainSeconds: number;
}

export function summarize(
  records: Records,
  run: Pick<TrialFigures, 'seed' | 'seconds' | 'drainSeconds' | 'resumed'>,
): TrialFigures {
  const { plan, acks, calls, passages, kills, runs, doubts } = records;
  const acted = calls.filter(({ did }) => did !== 'refused');
  const runIds = new Set(runs.map(({ id }) => id));
  return {
    ...{ seed: run.seed, seconds: run.seconds },
    events: plan.events,
    acknowledged: acks.length,
    acknowledgedInTime: plan.acknowledgedInTime,
    resent: acks.reduce((sum, { sends }) => sum + sends - 1, 0),
    kills: countBy(kills, ({ target }) => target),
    faults: countBy(passages, ({ fault }) => fault),
    runs: countBy(runs, ({ status }) => status),
    lost: acks.filter(({ runId }) => !runIds.has(runId)).length,
    effects: acted.filter(({ did }) => did === 'effect').length,
    repeats: acted.length - new Set(acted.map(stepName)).size,
    inDoubt: countBy(doubts, ({ code }) => code),
    settledAs: countBy(doubts, ({ settledAs }) => settledAs),
    resumed: run.resumed,
    drainSeconds: Math.round(run.drainSeconds * 10) / 10,
  };
}

function countBy<T>(list: readonly T[], keyOf: (member: T) => string): Record<string, number> {
  return Object.fromEntries([...groupBy(list, keyOf)].map(([key, members]) => [key, members.length]));
}

import type { AlertKind } from '../api/alerts.ts';

/** What a threshold of a kind counts. */
export type AlertUnit = 'percent' | 'seconds' | 'count' | 'days' | 'none';

/** How rules of a kind work, and what a new one says. */
export interface AlertKindFacts {
  readonly label: string;
  /** What it watches, in a sentence. */
  readonly about: string;
  readonly unit: AlertUnit;
  /** The threshold's bounds. */
  readonly least: number;
  readonly most: number;
  /** May watch one flow alone. */
  readonly isOfFlow: boolean;
  /** Looks back over a window of time. */
  readonly hasWindow: boolean;
  /** Needs so many runs before it says anything. */
  readonly needsRuns: boolean;
  /** A lower reading is the worse one. */
  readonly isFalling: boolean;
  /** Once open, it stays so until the reading is under this part of the threshold: one that swings around it opens no second alert. */
  readonly calmUnder: number;
  readonly defaults: {
    readonly threshold: number;
    readonly windowSeconds: number;
    readonly minimumRuns: number;
    readonly settleSeconds: number;
  };
}

const plain = { isOfFlow: true, hasWindow: false, needsRuns: false, isFalling: false, calmUnder: 1 };
const at = (threshold: number, windowSeconds = 900, settleSeconds = 0, minimumRuns = 1) => ({
  threshold,
  windowSeconds,
  minimumRuns,
  settleSeconds,
});

/** Every kind of rule, in the order in which they are shown. */
export const ALERT_KINDS: Readonly<Record<AlertKind, AlertKindFacts>> = {
  error_rate: {
    ...{ ...plain, hasWindow: true, needsRuns: true, calmUnder: 0.9 },
    label: 'Error rate',
    about: 'Too many of a flow’s runs fail.',
    ...{ unit: 'percent', least: 0.1, most: 100, defaults: at(20, 900, 60, 10) },
  },
  p95: {
    ...{ ...plain, hasWindow: true, needsRuns: true, calmUnder: 0.9 },
    label: 'Slow runs',
    about: 'The slowest 5 % of a flow’s runs take too long.',
    ...{ unit: 'seconds', least: 0.01, most: 604_800, defaults: at(30, 900, 60, 10) },
  },
  dead_letters: {
    ...{ ...plain, hasWindow: true },
    label: 'Dead letters',
    about: 'Runs of a flow failed for good, and nobody has dealt with them.',
    ...{ unit: 'count', least: 1, most: 1_000_000, defaults: at(1, 3_600) },
  },
  queue_age: {
    ...{ ...plain, calmUnder: 0.9 },
    label: 'Queue age',
    about: 'Runs that are due wait too long for a worker.',
    ...{ unit: 'seconds', least: 1, most: 604_800, defaults: at(60, 900, 30) },
  },
  missed_schedule: {
    ...plain,
    label: 'Missed schedule',
    about: 'A schedule’s time has come, and nothing has started.',
    ...{ unit: 'seconds', least: 5, most: 604_800, defaults: at(120) },
  },
  connection: {
    ...{ ...plain, isOfFlow: false, isFalling: true },
    label: 'Connection',
    about: 'A connection must be connected again, cannot be renewed, or ends soon.',
    ...{ unit: 'days', least: 0, most: 90, defaults: at(7) },
  },
  ledger: {
    ...{ ...plain, isOfFlow: false },
    label: 'Ledger',
    about: 'What was accepted is not what is there.',
    ...{ unit: 'none', least: 1, most: 1, defaults: at(1) },
  },
  worker_gone: {
    ...{ ...plain, isOfFlow: false },
    label: 'Worker gone',
    about: 'Work waits, and no worker is alive to do it.',
    ...{ unit: 'seconds', least: 5, most: 86_400, defaults: at(30) },
  },
};

import { Gauge } from 'prom-client';

import { pool } from '#server/db/pool.ts';
import { clockSkewSeconds } from '#server/db/clock-watch.ts';
import { metricRegistry } from '#server/metrics/registry.ts';
import { selectLedgerState } from '#server/sql/ledger-checks.ts';
import {
  selectBreakerCounts,
  selectConnectionCounts,
  selectCounts,
  selectRunCounts,
  type Tally,
} from '#server/sql/metric-counts.ts';

interface LabelledGauge {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly read: () => Promise<readonly Tally[]>;
}

/** Gauges with a label, each out of a statement of its own. */
const LABELLED: readonly LabelledGauge[] = [
  {
    name: 'patchbay_runs_active',
    help: 'Runs that have not ended, by status.',
    label: 'status',
    read: () => selectRunCounts(pool()),
  },
  {
    name: 'patchbay_breakers_open',
    help: 'Far ends that calls are held back from because they failed or asked to wait.',
    label: 'reason',
    read: () => selectBreakerCounts(pool()),
  },
  {
    name: 'patchbay_connections',
    help: 'Connections by what they need: nothing (ok), a first consent (pending), another one (reconnect), or a provider that renews them (unrenewed).',
    label: 'state',
    read: () => selectConnectionCounts(pool()),
  },
];

/** Gauges without labels, out of one statement, asked once for all of them. */
const PLAIN = {
  patchbay_dead_letters_open: 'Failed runs that nobody has redriven or discarded.',
  patchbay_steps_parked: 'Steps that wait for a connection.',
  patchbay_queue_due: 'Runs that are due and that no worker has claimed.',
  patchbay_queue_oldest_seconds: 'For how long the first of them has been due; 0 when there is none.',
  patchbay_leases: 'Runs that workers hold.',
  patchbay_workers: 'Workers that were heard of within 10 seconds, wards left out.',
  patchbay_wards: 'Workers that run suspects alone.',
  patchbay_mails_waiting: 'Mails that are to be sent.',
  patchbay_mails_oldest_seconds: 'Age of the oldest of them; 0 when there is none.',
  patchbay_mails_given_up: 'Mails that could not be sent and are not tried again.',
} as const;

/** Of the latest looks at the ledgers, whichever process looked. */
const LEDGER = {
  drift: 'Accepted events that are not accounted for; anything but 0 is a fault.',
  faults: 'Rows that must not be, such as runs that nothing will wake.',
  age_seconds: 'Time since the ledger of every workspace was last checked.',
} as const;

/**
 * Registers what the database knows of the whole product. One process of each kind must tell it, else sums count it twice: the
 * web processes do, and each tells the same.
 */
export function measureDatabase(): void {
  for (const { name, help, label, read } of LABELLED)
    register(name, help, [label], async (gauge) => {
      for (const { of, count } of await read()) gauge.set({ [label]: of }, count);
    });
  const counts = shared(() => selectCounts(pool()));
  for (const [name, help] of Object.entries(PLAIN))
    register(name, help, [], async (gauge) =>
      gauge.set((await counts())[name.slice('patchbay_'.length)] ?? 0),
    );
  const ledger = shared(() => selectLedgerState(pool()));
  for (const [key, help] of Object.entries(LEDGER))
    register(`patchbay_ledger_${key}`, help, [], async (gauge) =>
      gauge.set((await ledger())[key as keyof typeof LEDGER]),
    );
  register(
    'patchbay_clock_skew_seconds',
    "How far this machine's clock is ahead of the database's.",
    [],
    (gauge) => gauge.set(clockSkewSeconds()),
  );
}

function register(
  name: string,
  help: string,
  labelNames: readonly string[],
  read: (gauge: Gauge) => Promise<void> | void,
): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [metricRegistry],
    collect: () => read(gauge),
  });
}

/** One question for all that ask while it is under way: all gauges are read side by side. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () => (asking ??= ask().finally(() => (asking = undefined)));
}

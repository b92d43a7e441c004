import { Counter, Gauge, Histogram } from 'prom-client';

import { CONNECTORS } from '#connectors/definitions.ts';
import { uuidTime } from '#server/db/uuid.ts';
import { metricRegistry } from '#server/metrics/registry.ts';
import type { LiveStep } from '#worker/live-step.ts';
import type { RunObserver } from './observer.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const HOURS = [1_800, 3_600, 21_600, 86_400];
const ENDINGS = ['succeeded', 'failed', 'cancelled'] as const;

const registers = [metricRegistry];
const started = new Counter({
  name: 'patchbay_runs_started_total',
  help: 'Runs that began on this worker; those that went on after a pause are not counted again.',
  registers,
});
const startDelay = new Histogram({
  name: 'patchbay_run_start_delay_seconds',
  help: 'Time from a run being stored to its beginning.',
  buckets: SECONDS,
  registers,
});
const ended = new Counter({
  name: 'patchbay_runs_ended_total',
  help: 'Runs that ended on this worker, by how.',
  labelNames: ['status'],
  registers,
});
const runSeconds = new Histogram({
  name: 'patchbay_run_seconds',
  help: 'Time from the beginning of a run to its end, pauses included.',
  labelNames: ['status'],
  buckets: [...SECONDS, ...HOURS],
  registers,
});
const deadLetters = new Counter({
  name: 'patchbay_dead_letters_total',
  help: 'Runs that ended failed on this worker, and so became dead letters.',
  registers,
});
const attempts = new Counter({
  name: 'patchbay_step_attempts_total',
  help: 'Attempts of steps by connector and what they came to: succeeded, failed, retry (another one follows), held (by a breaker, a budget or a connection), waiting (for a time, a person or a run), in_doubt or cancelled.',
  labelNames: ['connector', 'outcome'],
  registers,
});
const attemptSeconds = new Histogram({
  name: 'patchbay_step_attempt_seconds',
  help: 'Time that an attempt of a step took, by connector.',
  labelNames: ['connector'],
  buckets: SECONDS,
  registers,
});
for (const status of ENDINGS) ended.inc({ status }, 0);

/** Connectors that are installed: the label takes no other values. */
const CONNECTOR_IDS: ReadonlySet<string> = new Set(CONNECTORS.map(({ id }) => id));

/** Counts and times the runs of a worker. */
export const runMeasures: RunObserver = {
  taken(run) {
    if (run.epoch > 1) return;
    started.inc();
    const storedAt = uuidTime(run.id);
    if (storedAt !== null) startDelay.observe(Math.max(0, run.startedAt.getTime() - storedAt) / 1_000);
  },
  stepped(_run, { node, step, now }) {
    const outcome = outcomeOf(step);
    if (node.kind === 'trigger' || outcome === null) return;
    const connector = connectorOf(node.node.type);
    attempts.inc({ connector, outcome });
    const since = step.attemptStartedAt;
    if (since !== null && outcome !== 'held')
      attemptSeconds.observe({ connector }, Math.max(0, now - since) / 1_000);
  },
  left(run, { status, finishedAt }) {
    if (finishedAt === undefined) return;
    ended.inc({ status });
    runSeconds.observe({ status }, Math.max(0, finishedAt - run.startedAt.getTime()) / 1_000);
    if (status === 'failed') deadLetters.inc();
  },
};

/** Tells how full the worker is. */
export function measureSlots(read: () => { readonly inHand: number; readonly slots: number }): void {
  const runs: Gauge = new Gauge({
    name: 'patchbay_runs_in_hand',
    help: 'Runs that this worker is carrying out.',
    registers,
    collect: () => runs.set(read().inHand),
  });
  const slots: Gauge = new Gauge({
    name: 'patchbay_run_slots',
    help: 'Runs that it carries out at once at most.',
    registers,
    collect: () => slots.set(read().slots),
  });
}

function connectorOf(type: string): string {
  const [id = ''] = type.split('.');
  return CONNECTOR_IDS.has(id) ? id : 'unknown';
}

/** What the attempt came to; null while it goes on, as the step of a loop does. */
function outcomeOf({ status, waitingFor }: Readonly<LiveStep>): string | null {
  switch (status) {
    case 'running':
    case 'skipped':
      return null;
    case 'waiting':
      if (waitingFor === 'retry') return 'retry';
      return waitingFor === 'time' || waitingFor === 'approval' || waitingFor === 'call' ? 'waiting' : 'held';
    default:
      return status;
  }
}

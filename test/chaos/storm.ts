import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Ledger } from '#core/api/ledger.ts';
import { waitFor } from '#test/support/wait-for.ts';

import { callApi } from './call-api.ts';
import { checkRecords, type Violation } from './check-records.ts';
import { killProcesses, planKills } from './kill-processes.ts';
import { countGoing, readRuns, readSteps, readTimeouts } from './observe.ts';
import { planEvents } from './planned-events.ts';
import type { Ack, Call, Kill, LedgerSummary, Passage, Records } from './records.ts';
import { summarize, type TrialFigures } from './report.ts';
import type { Rig } from './rig.ts';
import { sendEvents } from './send-events.ts';
import { settle } from './settle.ts';

/** When the time is up: everything is acknowledged and every run stands or has ended within this. */
const DRAIN_MS = 180_000;
/** What was sent in time is acknowledged within a twentieth of the time, or this. */
const LEAST_GRACE_MS = 10_000;

export interface TrialPlan {
  readonly seconds: number;
  readonly seed: number;
  readonly ratePerSecond: number;
}

export interface TrialResult {
  readonly figures: TrialFigures;
  readonly violations: readonly Violation[];
}

/** Load while processes die and calls meet broken connections. */
export async function storm(rig: Rig, plan: TrialPlan & { readonly kills: number }): Promise<TrialResult> {
  return trial(rig, plan, {
    kills: plan.kills,
    cause: () =>
      killProcesses({ file: rig.fileOf('kills.jsonl'), plan: planKills(plan), victims: rig.victims }),
  });
}

/** Trouble under load for so long; then calm, a person's decisions, and the comparison of the three records. */
export async function trial(
  rig: Rig,
  plan: TrialPlan,
  trouble: { readonly kills: number; cause(): Promise<void> },
): Promise<TrialResult> {
  const events = planEvents(plan);
  const endsAt = performance.now() + plan.seconds * 1_000;
  const sending = await sendEvents({ file: rig.fileOf('acks.jsonl'), events, hookOf: rig.hookOf });
  await trouble.cause();
  await sleep(Math.max(0, endsAt - performance.now()));
  rig.proxies.heal();
  const calmSince = performance.now();
  const allSent = () => sending.acknowledged() === events.length;
  // The checker names those that were not acknowledged, or too late.
  const graceMs = Math.max(LEAST_GRACE_MS, plan.seconds * 50);
  await waitFor('the load to get through in time', allSent, graceMs).catch(() => undefined);
  const acknowledgedInTime = sending.acknowledged();
  await waitFor('every event to be acknowledged', allSent, DRAIN_MS).catch(() => undefined);
  await sending.stop();
  await waitUntilStill(rig);
  const drainSeconds = (performance.now() - calmSince) / 1_000;

  const { doubts, resumed } = await settle(rig, await readRecords<Call>(rig, 'calls'));
  await waitUntilStill(rig);

  const records: Records = {
    plan: { events: events.length, kills: trouble.kills, acknowledgedInTime },
    acks: await readRecords<Ack>(rig, 'acks'),
    calls: await readRecords<Call>(rig, 'calls'),
    passages: await readRecords<Passage>(rig, 'passages'),
    kills: await readRecords<Kill>(rig, 'kills'),
    runs: await readRuns(rig.db),
    steps: await readSteps(rig.db),
    timeouts: await readTimeouts(rig.db),
    doubts,
    ledger: await readLedger(rig),
  };
  for (const name of ['runs', 'steps', 'timeouts', 'doubts'] as const)
    await writeFile(
      rig.fileOf(`${name}.jsonl`),
      records[name].map((each) => `${JSON.stringify(each)}\n`).join(''),
    );
  const figures = summarize(records, { seed: plan.seed, seconds: plan.seconds, drainSeconds, resumed });
  return { figures, violations: checkRecords(records, events) };
}

/** Runs that go on by themselves are over, or the checker says which are not. */
export async function waitUntilStill(rig: Rig): Promise<void> {
  const isStill = async () => (await countGoing(rig.db).catch(() => 1)) === 0;
  await waitFor('the runs to end', isStill, DRAIN_MS).catch(() => undefined);
}

async function readRecords<T>(rig: Rig, name: string): Promise<readonly T[]> {
  const text = await readFile(rig.fileOf(`${name}.jsonl`), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

export async function readLedger(rig: Rig): Promise<LedgerSummary> {
  const { flows, faults } = (await callApi(rig.product, 'GET /ledger')) as Ledger;
  return {
    flows: flows.flatMap(({ flow, accepted, deduplicated, drift, runs }) =>
      flow === null ? [] : [{ flow, accepted, deduplicated, drift, runs }],
    ),
    faults: faults.map(({ code, count, runIds }) => `${code}: ${count}, such as ${runIds.join(', ')}`),
  };
}

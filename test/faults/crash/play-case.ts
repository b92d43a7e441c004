import { setTimeout as sleep } from 'node:timers/promises';

import type { Stage, WebServer } from '#test/faults/stage.ts';
import type { LaunchedProcess } from '#test/support/launch-process.ts';
import { CONNECTORS_OF_TESTS } from '#test/support/oauth/connectors-argument.ts';
import { waitFor } from '#test/support/wait-for.ts';

import { isCommitted, SCENES, type CrashCase } from './cases.ts';
import { judgeRound, newCalls, newRuns, recordedSteps, runIdsOf, storyOf } from './evidence.ts';
import type { Play, Reply, Scene } from './scene.ts';

export interface CaseReport {
  readonly point: string;
  readonly scene: string;
  readonly crashes: number;
  readonly faults: readonly string[];
}

/** The processes of a stage that go on when others die. */
export interface Survivors {
  readonly worker: LaunchedProcess;
  /** There where a scene needs it. */
  readonly web: WebServer | undefined;
}

const CRASH_MS = 60_000;
const SETTLE_MS = 60_000;

/** Plays a case so many times on a stage; every round has a process of its own, which must die at the point. */
export async function playCase(
  stage: Stage,
  survivors: Survivors,
  { test, times }: { readonly test: CrashCase; readonly times: number },
): Promise<CaseReport> {
  const scene: Scene = SCENES[test.scene];
  const play = await scene.open(stage, survivors.web);
  const faults: string[] = [];
  let crashes = 0;
  for (let round = 1; round <= times; round++) {
    const found = await playRound(stage, survivors, { test, scene, play });
    crashes += found.hasCrashed ? 1 : 0;
    faults.push(...found.faults.map((fault) => `round ${round}: ${fault}`));
  }
  return { point: `${test.point}${test.where ?? ''}`, scene: test.scene, crashes, faults };
}

interface Round {
  readonly test: CrashCase;
  readonly scene: Scene;
  readonly play: Play;
}

async function playRound(
  stage: Stage,
  survivors: Survivors,
  { test, scene, play }: Round,
): Promise<{ readonly hasCrashed: boolean; readonly faults: readonly string[] }> {
  const known = await runIdsOf(stage);
  await play.prepare?.();
  const crash = scene.process === 'web' ? crashWeb : crashWorker;
  const { how, reply, output } = await crash(stage, survivors, { test, scene, play });
  if (how !== 'SIGKILL') {
    survivors.worker.signal('SIGCONT');
    return { hasCrashed: false, faults: [`the point was not reached (${how}): ${output.slice(-2_000)}`] };
  }
  // The rows first: where a web process died, a worker goes on meanwhile, and each call comes before its record.
  const recorded = await recordedSteps(stage, await newRuns(stage, known));
  const atDeath = { recorded, calls: newCalls(stage, known) };
  survivors.worker.signal('SIGCONT');
  const faults = (await play.goOn?.({ reply, isCommitted: isCommitted(test), web: survivors.web })) ?? [];
  const runs = await whenSettled(stage, known, test.runs.length);
  const wrong = [...faults, ...judgeRound(test, { runs, calls: newCalls(stage, known), atDeath })];
  if (wrong.length > 0)
    wrong.push(
      `on record: ${await storyOf(stage, runs)}; the other worker: ${survivors.worker.output().slice(-2_000)}`,
    );
  return { hasCrashed: true, faults: wrong };
}

interface Crash {
  readonly how: number | NodeJS.Signals | 'still alive';
  readonly reply: Reply | undefined;
  readonly output: string;
}

/** The other worker is stopped meanwhile, so that the one at risk gets the work. */
async function crashWorker(stage: Stage, { worker }: Survivors, { test, play }: Round): Promise<Crash> {
  await pause(stage, worker);
  await play.begin(undefined);
  const doomed = stage.launch('worker/main.ts', crashAt(test), CONNECTORS_OF_TESTS);
  return { how: await endOf(doomed), reply: undefined, output: doomed.output() };
}

async function crashWeb(stage: Stage, _survivors: Survivors, { test, play }: Round): Promise<Crash> {
  const doomed = await stage.startWeb(crashAt(test));
  const reply = await play.begin(doomed);
  return { how: await endOf(doomed.process), reply, output: doomed.process.output() };
}

function crashAt({ point, where = '' }: CrashCase): Record<string, string> {
  return { PATCHBAY_CRASH_AT: `${point}${where}`, PATCHBAY_CONCURRENCY: '4', LOG_LEVEL: 'warn' };
}

async function endOf(doomed: LaunchedProcess): Promise<Crash['how']> {
  const late = sleep(CRASH_MS, 'still alive' as const, { ref: false });
  const how = await Promise.race([doomed.ended, late]);
  if (how === 'still alive') doomed.signal('SIGKILL');
  return how;
}

/** Stops a worker between two statements: in the middle of a transaction it would hold on to rows. */
async function pause(stage: Stage, worker: LaunchedProcess): Promise<void> {
  await waitFor('the worker to be stopped with no transaction open', async () => {
    worker.signal('SIGSTOP');
    const { rows } = await stage.db.query(
      `select 1 from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
    );
    if (rows.length === 0) return true;
    worker.signal('SIGCONT');
    return false;
  });
}

/** Resolves to the new runs once as many as expected are there and nothing is left to do for any. */
async function whenSettled(stage: Stage, known: ReadonlySet<string>, count: number) {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    const runs = await newRuns(stage, known);
    const isSettled = runs.length >= count && runs.every((run) => run.isSettled);
    if (isSettled || performance.now() > deadline) return runs;
    await sleep(25);
  }
}

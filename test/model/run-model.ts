import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';

import { catalog } from '#connectors/definitions.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { closePool, createPool } from '#server/db/pool.ts';
import { closePrisma } from '#server/db/prisma.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { createTestDatabase } from '#test/support/database.ts';

import { Dice, seedOf } from './dice.ts';
import { startFarEnd, type FarEnd } from './far-end.ts';
import { FEATURES, type Feature, featuresOf } from './features.ts';
import { committedSteps, findEnded, runsHeldBy, type FoundRun, readRuns } from './found-run.ts';
import { judge, type Verdict } from './judge.ts';
import type { Evidence } from './evidence.ts';
import { randomFlow, type RandomFlow } from './random-flow.ts';
import { storeFlows } from './store-flows.ts';
import { startCrew, type WorkerCrew } from './worker-crew.ts';

export interface ModelOptions {
  readonly flows: number;
  readonly seed: number;
  /** How many workers are killed. */
  readonly kills: number;
  /** Number of the first flow: with `flows: 1`, that one alone. Default 0. */
  readonly from?: number;
  readonly workers?: number;
  /** Runs in flight. Default 60. */
  readonly inFlight?: number;
}

export interface Mismatch {
  /** With the seed, all that it takes to draw the flow again. */
  readonly number: number;
  readonly faults: readonly string[];
  readonly evidence: Evidence;
  readonly verdict: Verdict;
}

export interface ModelReport {
  readonly flows: number;
  readonly seed: number;
  readonly seconds: number;
  readonly kills: number;
  /** Runs that lost a worker. */
  readonly interrupted: number;
  /** Claims after the first one of a run: after a crash, a wait or a retry. */
  readonly resumes: number;
  readonly calls: number;
  readonly outcomes: Readonly<Record<Verdict['how'], number>>;
  /** How many flows exercised each. */
  readonly features: Readonly<Record<Feature, number>>;
  readonly mismatches: readonly Mismatch[];
}

/** Every node type that the model knows; those that the registry has are used. */
const TYPES = ['map', 'filter', 'if', 'switch', 'each', 'wait', 'respond', 'stop'].map(
  (name) => `core.${name}`,
);
/** Of the flows, so many run while workers are killed; the others may make calls that must not be repeated. */
const KILLED_SHARE = 0.8;
const STUCK_MS = 90_000;
/** Between two kills, so that few runs meet three in a row, which ends them. */
const CALM_MS = 4_000;

interface Flight {
  readonly number: number;
  readonly flow: RandomFlow;
  readonly committed: Map<string, number>;
  deaths: number;
}

/** Runs random flows on real workers, kills some of these, and holds every run against the model. */
export async function runModel(options: ModelOptions): Promise<ModelReport> {
  const database = await createTestDatabase();
  const secretKey = randomBytes(32).toString('base64');
  process.env['DATABASE_URL'] = database.url;
  process.env['PATCHBAY_SECRET_KEY'] = secretKey;
  const db = createPool(database.url, { max: 4 });
  const farEnd = await startFarEnd();
  const crew = await startCrew(options.workers ?? 2, {
    DATABASE_URL: database.url,
    PATCHBAY_SECRET_KEY: secretKey,
    PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8',
    PATCHBAY_CONCURRENCY: '24',
    LOG_LEVEL: 'info',
  });
  try {
    return await new Session({ options, db, farEnd, crew }).run();
  } finally {
    await crew.stop();
    await farEnd.stop();
    await stopQueue();
    await closePrisma();
    await closePool();
    await db.end();
    await database.drop();
  }
}

interface Parts {
  readonly options: ModelOptions;
  readonly db: pg.Pool;
  readonly farEnd: FarEnd;
  readonly crew: WorkerCrew;
}

class Session {
  readonly #parts: Parts;
  readonly #dice: Dice;
  readonly #flights = new Map<string, Flight>();
  readonly #workspaceId = randomUUID();
  readonly #types = new Set(['http.request', ...TYPES.filter((type) => catalog(type, 1) !== undefined)]);
  readonly #features = Object.fromEntries(FEATURES.map((feature) => [feature, 0])) as Record<Feature, number>;
  readonly #outcomes = { exact: 0, ordered: 0, allowed: 0, given_up: 0 };
  readonly #mismatches: Mismatch[] = [];
  readonly #counts = { judged: 0, kills: 0, interrupted: 0, resumes: 0, calls: 0 };

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#dice = new Dice(parts.options.seed);
  }

  async run(): Promise<ModelReport> {
    const { options, db } = this.#parts;
    const began = performance.now();
    await db.query('insert into workspace (id, slug, name) values ($1, $2, $2)', [
      this.#workspaceId,
      'model',
    ]);
    const killed = options.kills === 0 ? 0 : Math.ceil(options.flows * KILLED_SHARE);
    const first = options.from ?? 0;
    await this.#runFlows(first, first + killed, this.#killTimes(killed));
    await this.#runFlows(first + killed, first + options.flows, []);
    this.#checkLateCalls();
    const { judged: _, ...counts } = this.#counts;
    return {
      flows: options.flows,
      seed: options.seed,
      seconds: Math.round((performance.now() - began) / 100) / 10,
      ...counts,
      outcomes: this.#outcomes,
      features: this.#features,
      mismatches: this.#mismatches,
    };
  }

  /** After how many judged runs a worker is killed. */
  #killTimes(flows: number): number[] {
    const times = Array.from({ length: this.#parts.options.kills }, () =>
      this.#dice.int(0, Math.max(0, flows - 2)),
    );
    return times.sort((a, b) => a - b);
  }

  async #runFlows(from: number, to: number, killTimes: number[]): Promise<void> {
    const { options, crew } = this.#parts;
    const isKilled = killTimes.length > 0;
    let next = from;
    const judgedBefore = this.#counts.judged;
    let movedAt = performance.now();
    let killedAt = -CALM_MS;
    while (next < to || this.#flights.size > 0) {
      const room = Math.min((options.inFlight ?? 60) - this.#flights.size, to - next);
      if (room >= 10 || (room > 0 && room === to - next)) {
        await this.#launch({ from: next, to: next + room, isKilled });
        next += room;
      }
      const judged = await this.#judgeEnded();
      if (judged > 0) movedAt = performance.now();
      const due = killTimes[0];
      const isDue = due !== undefined && this.#counts.judged - judgedBefore >= due;
      if (isDue && performance.now() - killedAt > CALM_MS) {
        killTimes.shift();
        killedAt = performance.now();
        await this.#kill();
      }
      if (crew.troubles().length > 0) throw new Error(crew.troubles().join('\n'));
      if (performance.now() - movedAt > STUCK_MS) await this.#giveUp();
      await sleep(40);
    }
  }

  async #launch({ from, to, isKilled }: { from: number; to: number; isKilled: boolean }): Promise<void> {
    const { options, db, farEnd } = this.#parts;
    const flows = Array.from({ length: to - from }, (_, offset) => {
      const number = from + offset;
      const dice = new Dice(seedOf(options.seed, number));
      const slug = `model-${number}`;
      return randomFlow(dice, { slug, farEnd: farEnd.url, types: this.#types, isKilled });
    });
    for (const { document } of flows) assertValid(document);
    const runIds = await storeFlows(db, this.#workspaceId, flows);
    for (const [offset, runId] of runIds.entries()) {
      const flow = flows[offset];
      if (flow !== undefined)
        this.#flights.set(runId, { number: from + offset, flow, committed: new Map(), deaths: 0 });
    }
  }

  async #kill(): Promise<void> {
    const { db, farEnd, crew } = this.#parts;
    const workerId = await crew.killOne(this.#dice);
    this.#counts.kills += 1;
    // What the dead worker had sent, to the database and to the far end, arrives within this time; its runs are only
    // taken over later.
    await sleep(50);
    for (const runId of await runsHeldBy(db, workerId)) {
      const flight = this.#flights.get(runId);
      if (flight !== undefined) flight.deaths += 1;
    }
    const names = await committedSteps(db, [...this.#flights.keys()]);
    const moment = farEnd.now();
    for (const name of names) {
      const [runId = '', ...step] = name.split(' ');
      const committed = this.#flights.get(runId)?.committed;
      if (committed !== undefined && !committed.has(step.join(' '))) committed.set(step.join(' '), moment);
    }
    await sleep(this.#dice.int(0, 400));
  }

  async #judgeEnded(): Promise<number> {
    const ended = await findEnded(this.#parts.db, [...this.#flights.keys()]);
    for (const found of ended) this.#judge(found);
    return ended.length;
  }

  #judge(found: FoundRun): void {
    const { farEnd } = this.#parts;
    const flight = this.#flights.get(found.id);
    if (flight === undefined) return;
    const calls = farEnd.callsOf(found.id);
    const { deaths, committed } = flight;
    const evidence: Evidence = { ...flight.flow, found, deaths, calls, committed };
    const verdict = judge(evidence);
    this.#flights.delete(found.id);
    farEnd.forget(found.id);
    this.#counts.judged += 1;
    this.#counts.calls += calls.length;
    this.#counts.resumes += found.epoch - 1;
    if (deaths > 0) this.#counts.interrupted += 1;
    this.#outcomes[verdict.how] += 1;
    const features = verdict.how === 'given_up' ? [] : featuresOf(evidence, verdict);
    for (const feature of features) this.#features[feature] += 1;
    if (verdict.faults.length > 0)
      this.#mismatches.push({ number: flight.number, faults: verdict.faults, evidence, verdict });
  }

  /** Runs that never end are mismatches, too. */
  async #giveUp(): Promise<void> {
    const stuck = await readRuns(this.#parts.db, [...this.#flights.keys()]);
    for (const found of stuck) this.#judge(found);
  }

  #checkLateCalls(): void {
    for (const call of this.#parts.farEnd.lateCalls())
      throw new Error(`Run ${call.runId} called the far end for ${call.nodeId} "${call.key}" after its end.`);
  }
}

function assertValid(document: RandomFlow['document']): void {
  const wrong = validateFlow(document, catalog).faults.filter((fault) => fault.level !== 'warning');
  if (wrong.length > 0) throw new Error(`${JSON.stringify(document)} is not valid: ${JSON.stringify(wrong)}`);
}

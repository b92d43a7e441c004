import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';

import { JournalWriter } from '#server/journal/journal-writer.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { log } from '#server/log.ts';
import { startQueueWorker } from '#server/queue/boss.ts';
import { readHeldRuns, type ClaimedRun, type HeldRun } from '#server/sql/claim-runs.ts';
import { loadSteps } from '#server/sql/load-runs.ts';
import { Activation, type ActivationServices } from '#worker/activation.ts';
import { Claimer } from '#worker/claimer.ts';
import { DatabaseClock } from '#worker/database-clock.ts';
import { FlowCache } from '#worker/flow-cache.ts';
import { Presence } from '#worker/presence.ts';
import { Reconciler } from '#worker/reconciler.ts';
import type { StepServices } from '#worker/run-step.ts';

/** How often the worker asks whether a run in hand was cancelled or taken over. */
const WATCH_MS = 500;
/** How long steps in flight may take to finish when the worker is asked to stop. */
const DRAIN_MS = 20_000;

export interface WorkerOptions extends StepServices {
  /** For the hot path alone. */
  readonly pool: pg.Pool;
  /** Runs in hand at once. */
  readonly concurrency: number;
}

/** Runs flows: claims runs that are due, advances each in an activation of its own, and minds dead workers' runs. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #clock = new DatabaseClock();
  readonly #presence: Presence;
  readonly #journal: JournalWriter;
  readonly #flows: FlowCache;
  readonly #claimer: Claimer;
  readonly #reconciler: Reconciler;
  readonly #services: ActivationServices;
  readonly #active = new Map<string, { activation: Activation; since: number; done: Promise<void> }>();
  #watch: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { pool, concurrency } = options;
    this.#presence = new Presence({ pool, clock: this.#clock });
    const { workerId } = this.#presence;
    this.#journal = new JournalWriter({ pool, workerId });
    this.#flows = new FlowCache(pool);
    this.#claimer = new Claimer({
      pool,
      workerId,
      freeSlots: () => concurrency - this.#active.size,
      takeOn: (runs) => this.#takeOn(runs),
      onBack: () => this.#reconciler.sweepSoon(),
    });
    this.#reconciler = new Reconciler({
      pool,
      workerId,
      inHand: () => [...this.#active.keys()],
      onFreed: () => this.#claimer.poke(),
    });
    this.#services = {
      http: options.http,
      openConnection: options.openConnection,
      runServices: options.runServices,
      clock: this.#clock,
      journal: this.#journal,
      publish: (change) => publishRunChanges([change]),
      wakeAt: (time) => this.#claimer.pokeIn(time - this.#clock.now()),
    };
  }

  /** Names this worker in leases. */
  get id(): string {
    return this.#presence.workerId;
  }

  /** Resolves once the worker is registered and claims runs; waits for a database that is away. */
  async start(): Promise<void> {
    await this.#presence.start();
    this.#reconciler.start();
    this.#claimer.start();
    this.#watch = setInterval(() => void this.#lookAfterRuns(), WATCH_MS);
    void this.#listen();
  }

  /**
   * Claims nothing more, lets the steps in flight finish for up to 20 s, commits, hands unfinished runs over and
   * signs off. Resolves when the worker holds nothing any more.
   */
  async drain(graceMs: number = DRAIN_MS): Promise<void> {
    await this.#claimer.stop();
    for (const { activation } of this.#active.values()) activation.drain();
    const timer = setTimeout(() => {
      for (const { activation } of this.#active.values()) activation.abandonSteps();
    }, graceMs);
    await this.#allDone();
    clearTimeout(timer);
    clearInterval(this.#watch);
    await this.#reconciler.stop();
    this.#journal.close();
    await this.#presence.stop();
  }

  async #allDone(): Promise<void> {
    await Promise.all([...this.#active.values()].map(({ done }) => done));
  }

  /** The queue is a convenience: without it the poll finds every run. */
  async #listen(): Promise<void> {
    try {
      await startQueueWorker(() => this.#claimer.poke());
    } catch (error) {
      log.warn({ err: error, part: 'worker' }, 'the queue cannot be reached; polling goes on');
      setTimeout(() => void this.#listen(), 1_000).unref();
    }
  }

  async #takeOn(runs: readonly ClaimedRun[]): Promise<void> {
    const { graphs, steps } = await this.#load(runs);
    for (const run of runs) {
      const graph = graphs.get(run.flowVersionId)!;
      const stored = steps.get(run.id) ?? [];
      this.#activate(new Activation({ run, graph, stored }, this.#services));
    }
  }

  /** The runs are ours already, so a database that goes away just now is waited for. */
  async #load(runs: readonly ClaimedRun[]) {
    const known = runs.filter(({ hasHistory }) => hasHistory).map(({ id }) => id);
    for (let failures = 0; ; failures++) {
      try {
        const [graphs, steps] = await Promise.all([
          this.#flows.find(runs.map(({ flowVersionId }) => flowVersionId)),
          loadSteps(this.#options.pool, known),
        ]);
        return { graphs, steps };
      } catch (error) {
        if (failures === 0)
          log.warn({ err: error, part: 'worker' }, 'claimed runs cannot be read; trying again');
        await sleep(Math.min(1_000, 50 * 2 ** failures) * (0.5 + Math.random() / 2));
      }
    }
  }

  #activate(activation: Activation): void {
    const { runId } = activation;
    // Taken from this worker while it hung, and claimed by it again: the earlier activation has nothing left to do.
    this.#active.get(runId)?.activation.lose();
    const done = activation.advance().then(() => {
      if (this.#active.get(runId)?.activation === activation) this.#active.delete(runId);
      this.#claimer.roomMade();
    });
    this.#active.set(runId, { activation, since: performance.now(), done });
  }

  /** Tells activations that were cancelled, or that another worker took over. */
  async #lookAfterRuns(): Promise<void> {
    const before = performance.now() - WATCH_MS;
    const runIds = [...this.#active].filter(([, { since }]) => since < before).map(([id]) => id);
    if (runIds.length === 0) return;
    try {
      const held = await readHeldRuns(this.#options.pool, { workerId: this.id, runIds });
      const byId = new Map(held.map((run) => [run.id, run]));
      for (const id of runIds) {
        const activation = this.#active.get(id)?.activation;
        const run = byId.get(id);
        if (!activation) continue;
        if (!run || isTakenFrom(activation, run)) activation.lose();
        else if (run.cancelRequested) activation.cancel();
      }
    } catch (error) {
      log.debug({ err: error, part: 'worker' }, 'the runs in hand could not be looked after');
    }
  }
}

/** Where the row shows how the activation itself let go of the run, nobody took it: the answer is under way. */
function isTakenFrom(activation: Activation, run: HeldRun): boolean {
  if (run.epoch !== activation.epoch) return run.epoch > activation.epoch;
  return !run.isOurs && (run.status === 'running' || run.status === 'queued');
}

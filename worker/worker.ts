import type pg from 'pg';

import type { HttpClient } from '#connectors/contract.ts';
import type { Dialer } from '#connectors/dialer.ts';
import { JournalWriter } from '#server/journal/journal-writer.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import type { Listener } from '#server/live/listener.ts';
import { log } from '#server/log.ts';
import { startQueueWorker } from '#server/queue/boss.ts';
import { listenForWakes } from '#server/queue/wake-channel.ts';
import { keyFault } from '#server/runs/concurrency-of.ts';
import { bookSlots } from '#server/sql/book-slots.ts';
import type { BreakerPlace } from '#server/sql/breakers.ts';
import { readHeldRuns, type ClaimedRun, type HeldRun } from '#server/sql/claim-runs.ts';
import { heldSlots } from '#server/sql/fair-share.ts';
import { loadSignals, loadSteps } from '#server/sql/load-runs.ts';
import { loadOrders } from '#server/sql/step-orders.ts';
import { Activation, type ActivationServices } from '#worker/activation.ts';
import { BulkRunner } from '#worker/bulk/bulk-runner.ts';
import { attemptCalls } from '#worker/calls/attempt-calls.ts';
import { BudgetDesk } from '#worker/calls/budget-desk.ts';
import { CallGate } from '#worker/calls/call-gate.ts';
import { ConnectionDesk, type ConnectionSource } from '#worker/calls/connection-desk.ts';
import type { Hold } from '#worker/calls/held-back.ts';
import { Reconnections } from '#worker/calls/reconnections.ts';
import { Releaser } from '#worker/calls/releaser.ts';
import { Claimer, type Room } from '#worker/claimer.ts';
import { DatabaseClock } from '#server/db/database-clock.ts';
import { DueBoard } from '#worker/due-board.ts';
import { EndTeller } from '#worker/end-teller.ts';
import { FlowCache } from '#worker/flow-cache.ts';
import { FlowTestRunner } from '#worker/flow-tests/flow-test-runner.ts';
import { NO_OBSERVER, type RunObserver } from '#worker/observe/observer.ts';
import { Presence } from '#worker/presence.ts';
import { Reconciler } from '#worker/reconciler.ts';
import type { StepServices } from '#worker/run-step.ts';
import { Subscriber } from '#worker/subscriptions/subscriber.ts';
import { Poller } from '#worker/triggers/poller.ts';
import { TokenKeeper } from '#worker/calls/token-keeper.ts';
import { SuspectClaimer } from '#worker/suspect-claimer.ts';
import { Ticker } from '#worker/triggers/ticker.ts';
import { untilAnswered } from '#worker/until-answered.ts';

/** How often the worker asks whether a run in hand was cancelled or taken over. */
const WATCH_MS = 500;
/** How long steps in flight may take to finish when the worker is asked to stop. */
const DRAIN_MS = 20_000;
/**
 * One slot of so many is kept for flows of which nothing runs here while others hold all the rest. A quarter of those is for
 * workspaces of which nothing runs here.
 */
const SLOTS_FOR_A_SPARE = 8;
/** While more runs are due than there is room for, they are claimed for half of the slots at a time: a claim costs as much for few. */
const ENOUGH_OF_SLOTS = 2;
/** Bodies of the runs in hand, in bytes, before they are parsed: several times as much memory goes with each. */
const MAX_BODY_BYTES = 24 * 1_048_576;

export interface WorkerOptions extends Omit<StepServices, 'callsOf' | 'openConnection'>, ConnectionSource {
  readonly http: HttpClient & { readonly dial: Dialer };
  /** For the hot path alone. */
  readonly pool: pg.Pool;
  /** Runs in hand at once. */
  readonly concurrency: number;
  /** True for a ward: it runs suspects alone (`Wards`), and nothing else. Default false. */
  readonly isWard?: boolean;
  /** Default: nobody is told of runs. */
  readonly observer?: RunObserver;
  /** A ward has nothing left to do. */
  readonly onIdle?: () => void;
}

/** Runs flows: claims runs that are due, advances each in an activation of its own, and minds dead workers' runs. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #clock = new DatabaseClock();
  /** What of recurring work is due. */
  readonly due: DueBoard;
  readonly #presence: Presence;
  readonly #journal: JournalWriter;
  readonly #flows: FlowCache;
  readonly #claimer: Claimer | SuspectClaimer;
  readonly #reconciler: Reconciler;
  readonly #endTeller: EndTeller;
  readonly #ticker: Ticker;
  readonly #poller: Poller;
  readonly #subscriber: Subscriber;
  readonly #bulk: BulkRunner;
  readonly #flowTests: FlowTestRunner;
  readonly #gate: CallGate;
  readonly #releaser: Releaser;
  readonly #reconnections: Reconnections;
  readonly #keeper: TokenKeeper;
  readonly #services: ActivationServices;
  readonly #active = new Map<string, { activation: Activation; since: number; done: Promise<void> }>();
  #watch: NodeJS.Timeout | undefined;
  #wakes: Listener | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { pool, isWard = false } = options;
    this.#presence = new Presence({
      pool,
      clock: this.#clock,
      isWard,
      slots: isWard ? 1 : options.concurrency,
    });
    const { workerId } = this.#presence;
    const now = () => this.#clock.now();
    const due = new DueBoard({ pool, workerId, now });
    this.due = due;
    this.#journal = new JournalWriter({ pool, workerId });
    this.#flows = new FlowCache(pool);
    this.#claimer = isWard ? this.#suspectClaimer() : this.#anyClaimer();
    this.#reconciler = new Reconciler({
      pool,
      due,
      workerId,
      inHand: () => [...this.#active.keys()],
      onFreed: () => this.#claimer.poke(),
    });
    this.#endTeller = new EndTeller({ pool, due, onWoken: () => this.#claimer.poke() });
    this.#ticker = new Ticker({ pool, due, now });
    const connections = new ConnectionDesk(options);
    this.#bulk = new BulkRunner({ pool, due, onWoken: () => this.#claimer.poke() });
    this.#flowTests = new FlowTestRunner({
      pool,
      due,
      runCode: (step, job) => options.runServices(step).runCode(job),
    });
    this.#keeper = new TokenKeeper(due);
    this.#releaser = new Releaser({ pool, due, onReleased: () => this.#claimer.poke() });
    this.#gate = new CallGate({ pool, due, now, onFreed: (places) => this.#letGo('breaker', places) });
    this.#reconnections = new Reconnections({
      pool,
      parked: () => [...this.#active.values()].flatMap(({ activation }) => activation.parkedBy),
      onUsable: (places) => this.#letGo('connection', places),
    });
    const { http } = options;
    const desk = new BudgetDesk(pool);
    const calls = { http, dial: http.dial, gate: this.#gate, desk, connections, now };
    this.#poller = new Poller({ pool, due, ...calls });
    this.#subscriber = new Subscriber({ pool, due, ...calls });
    this.#services = {
      callsOf: (attempt) => attemptCalls(attempt, calls),
      openConnection: (workspaceId, slug) => connections.open(workspaceId, slug),
      runServices: options.runServices,
      clock: this.#clock,
      journal: this.#journal,
      publish: (change) => publishRunChanges([change]),
      wakeAt: (time) => this.#claimer.pokeIn(time - this.#clock.now()),
      loadSteps: async (runId) => (await untilAnswered(() => loadSteps(pool, [runId]))).get(runId) ?? [],
      runEnded: () => this.#endTeller.poke(),
      roomMade: () => this.#claimer.roomMade(),
      observer: options.observer ?? NO_OBSERVER,
    };
  }

  #anyClaimer(): Claimer {
    const { pool, concurrency } = this.#options;
    return new Claimer({
      pool,
      workerId: this.id,
      room: () => this.#room(),
      slots: () => this.#slots(),
      enoughSlots: Math.ceil(concurrency / ENOUGH_OF_SLOTS),
      mayClaim: () => this.#presence.isKnown,
      takeOn: (runs) => this.#takeOn(runs),
      untilDue: () => this.due.until('runs'),
      onBack: () => this.#reconciler.sweepSoon(),
    });
  }

  #suspectClaimer(): SuspectClaimer {
    const { pool, onIdle } = this.#options;
    return new SuspectClaimer({
      pool,
      workerId: this.id,
      hasRun: () => this.#active.size > 0,
      takeOn: (runs) => this.#takeOn(runs),
      onIdle: () => onIdle?.(),
    });
  }

  /** Names this worker in leases. */
  get id(): string {
    return this.#presence.workerId;
  }

  /** True while the other workers know it to be alive. */
  get isKnown(): boolean {
    return this.#presence.isKnown;
  }

  /** Runs that it carries out just now. */
  get inHand(): number {
    return this.#active.size;
  }

  /** Resolves once the worker is registered and claims runs; waits for a database that is away. */
  async start(): Promise<void> {
    await this.#presence.start();
    if (!this.#options.isWard) this.#reconciler.start();
    this.#gate.start();
    this.#claimer.start();
    this.#reconnections.start();
    this.#watch = setInterval(() => void this.#lookAfterRuns(), WATCH_MS);
    if (this.#options.isWard) return;
    this.#releaser.start();
    this.#keeper.start();
    this.#endTeller.start();
    this.#ticker.start();
    this.#poller.start();
    this.#subscriber.start();
    this.#bulk.start();
    this.#flowTests.start();
    this.#wakes = listenForWakes(() => this.#claimer.poke());
    void this.#listen();
  }

  /**
   * Claims nothing more, lets the steps in flight finish for up to 20 s, commits, hands unfinished runs over and
   * signs off. Resolves when the worker holds nothing any more.
   */
  async drain(graceMs: number = DRAIN_MS): Promise<void> {
    const others = [this.#ticker.stop(), this.#bulk.stop(), this.#flowTests.stop(), this.#releaser.stop()];
    const kept = this.#keeper.stop();
    await Promise.all([this.#claimer.stop(), this.#wakes?.close(), ...others]);
    const polled = Promise.all([this.#poller.stop(graceMs), this.#subscriber.stop(graceMs)]);
    for (const { activation } of this.#active.values()) activation.drain();
    const timer = setTimeout(() => {
      for (const { activation } of this.#active.values()) activation.abandonSteps();
    }, graceMs);
    await Promise.all([this.#allDone(), polled, kept]);
    clearTimeout(timer);
    clearInterval(this.#watch);
    await this.#reconciler.stop();
    await this.#gate.stop();
    await this.#reconnections.stop();
    await this.#endTeller.stop();
    this.#journal.close();
    await this.#presence.stop();
  }

  async #allDone(): Promise<void> {
    await Promise.all([...this.#active.values()].map(({ done }) => done));
  }

  #spare(): number {
    return Math.floor(this.#options.concurrency / SLOTS_FOR_A_SPARE);
  }

  #slots(): number {
    return this.#options.concurrency - this.#spare() - this.#inFlight().length;
  }

  /** Of what is in hand: all but the runs of which nothing is left but their last write, as far as those are not too many. */
  #inFlight(): readonly Activation[] {
    const active = [...this.#active.values()].map(({ activation }) => activation);
    const staying = active.filter(({ isLeaving }) => !isLeaving);
    return staying.length < active.length - this.#options.concurrency ? active : staying;
  }

  #room(): Room {
    const spare = this.#spare();
    const slots = this.#slots();
    const left = Math.min(spare, spare + slots);
    const active = [...this.#active.values()].map(({ activation }) => activation);
    const bodies = active.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
    return {
      slots,
      spare: left,
      spareOfFlows: left - Math.floor(spare / 4),
      held: heldSlots(this.#inFlight().map(({ owner }) => owner)),
      bytes: Math.max(0, MAX_BODY_BYTES - bodies),
    };
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
    const { graphs, steps, signals, orders } = await untilAnswered(() => this.#load(runs));
    for (const run of await this.#admit(runs)) {
      const graph = keyFault(run) ?? graphs.get(run.flowVersionId)!;
      const stored = steps.get(run.id) ?? [];
      const userId = this.#flows.userOf(run.flowVersionId);
      const told = { signals: signals.get(run.id) ?? [], orders: orders.get(run.id) ?? [] };
      this.#services.observer.taken(run);
      this.#activate(new Activation({ run, userId, graph, stored, ...told }, this.#services));
    }
  }

  async #load(runs: readonly ClaimedRun[]) {
    const { pool } = this.#options;
    const known = runs.filter(({ hasHistory }) => hasHistory).map(({ id }) => id);
    const told = runs.filter(({ signals }) => signals > 0).map(({ id }) => id);
    const [graphs, steps, signals, orders] = await Promise.all([
      this.#flows.find(runs.map(({ flowVersionId }) => flowVersionId)),
      loadSteps(pool, known),
      loadSignals(pool, told),
      loadOrders(pool, told),
    ]);
    return { graphs, steps, signals, orders };
  }

  /** Those that their flow's rate limit lets begin now; the others are due at their slots. */
  async #admit(runs: readonly ClaimedRun[]): Promise<readonly ClaimedRun[]> {
    const requests = runs.flatMap((run) => {
      const rate = this.#flows.rateOf(run.flowVersionId);
      if (!rate || run.isAdmitted || run.cancelRequested) return [];
      return { runId: run.id, epoch: run.epoch, seconds: rate.seconds / rate.runs };
    });
    if (requests.length === 0) return runs;
    const { going, dueAt } = await untilAnswered(() => bookSlots(this.#options.pool, this.id, requests));
    for (const time of dueAt) this.#services.wakeAt(time.getTime());
    const held = new Set(requests.map(({ runId }) => runId));
    return runs.filter(({ id }) => !held.has(id) || going.has(id));
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

  /** Nothing of this kind holds these back any more: those in hand are told here, the others are found by their rows. */
  #letGo(kind: Hold['for'], places: readonly BreakerPlace[]): void {
    for (const { activation } of this.#active.values()) activation.letGo(kind, places);
    this.#releaser.poke();
  }

  /** Tells activations that were cancelled, or that another worker took over. */
  async #lookAfterRuns(): Promise<void> {
    const before = performance.now() - WATCH_MS;
    const runIds = [...this.#active].filter(([, { since }]) => since < before).map(([id]) => id);
    if (runIds.length === 0) return;
    try {
      const held = await readHeldRuns(this.#options.pool, { workerId: this.id, runIds });
      const byId = new Map(held.map((run) => [run.id, run]));
      await this.#passOnSignals(held);
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

  /** Reads the signals and orders of those activations that know of fewer than their run was sent. */
  async #passOnSignals(held: readonly HeldRun[]): Promise<void> {
    const news = held.filter(({ id, isOurs, signals }) => {
      const known = this.#active.get(id)?.activation.signalCount ?? Infinity;
      return isOurs && signals > known;
    });
    const ids = news.map(({ id }) => id);
    const signals = await loadSignals(this.#options.pool, ids);
    const orders = await loadOrders(this.#options.pool, ids);
    for (const { id, signals: count } of news)
      this.#active
        .get(id)
        ?.activation.notice({ signals: signals.get(id) ?? [], orders: orders.get(id) ?? [], count });
  }
}

/** Where the row shows how the activation itself let go of the run, nobody took it: the answer is under way. */
function isTakenFrom(activation: Activation, run: HeldRun): boolean {
  if (run.epoch !== activation.epoch) return run.epoch > activation.epoch;
  return !run.isOurs && (run.status === 'running' || run.status === 'queued');
}

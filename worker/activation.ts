import type { HandlerResult, StepResult } from '#connectors/contract.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import type { Json } from '#core/json.ts';
import { answerOf } from '#core/pins/pin.ts';
import { pinGraph } from '#core/pins/pin-graph.ts';
import { stepId } from '#core/plan/step-id.ts';
import {
  plan,
  type ClosedLoop,
  type Plan,
  type PlanOutcome,
  type RunError,
  type StepRef,
} from '#core/plan.ts';
import type { PlanGraph, PlanNode } from '#core/plan-graph.ts';
import { failForGood, settleFailure, type SettledFailure } from '#core/settle-failure.ts';
import { StepFailure, toStepError, type StepError } from '#core/step-failure.ts';
import { crashPoint } from '#server/crash-point.ts';
import { JournalClosedError, JournalDataError, type JournalWriter } from '#server/journal/journal-writer.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { log } from '#server/log.ts';
import { triggerOutput } from '#server/runs/trigger-output.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';
import type { BreakerPlace } from '#server/sql/breakers.ts';
import type { ClaimedRun } from '#server/sql/claim-runs.ts';
import type { StoredSignal, StoredStep } from '#server/sql/load-runs.ts';
import type { StoredOrder } from '#server/sql/step-orders.ts';
import type { DatabaseClock } from '#server/db/database-clock.ts';
import type { Hold } from '#worker/calls/held-back.ts';
import type { LoopOpening } from '#worker/live-loop.ts';
import type { LiveStep } from '#worker/live-step.ts';
import {
  CANCELLED,
  DRAINED,
  KILLS_WORKERS,
  LOST,
  MAX_DEATHS,
  NOT_BEGUN,
  NOT_STORABLE,
  runTimeout,
  UNSURE,
} from '#worker/run-endings.ts';
import type { RunObserver } from '#worker/observe/observer.ts';
import { exitName, type RunExit } from '#worker/run-exit.ts';
import { MAX_LOOP_BYTES, RunState } from '#worker/run-state.ts';
import { runStep, type StepOutcome, type StepServices } from '#worker/run-step.ts';
import { storable } from '#worker/storable.ts';
import { WakeSignal } from '#worker/wake-signal.ts';

/** What an activation needs of the worker. */
export interface ActivationServices extends StepServices {
  readonly clock: Pick<DatabaseClock, 'now'>;
  readonly journal: Pick<JournalWriter, 'commit'>;
  /** Tells readers that the run changed; called after the commit. */
  publish(change: RunNotice): void;
  /** Tells the claimer when the run falls due again. */
  wakeAt(time: number): void;
  /** All recorded steps of a run; waits for a database that is away. */
  loadSteps(runId: string): Promise<readonly StoredStep[]>;
  /** Tells those who wait for the end of the run; called after the commit, and only where somebody may. */
  runEnded(runId: string): void;
  /** Nothing is left of a run but its last write: another may begin. */
  roomMade(): void;
  readonly observer: RunObserver;
}

export interface Activated {
  readonly run: ClaimedRun;
  /** Whose version it runs; null for nobody's. */
  readonly userId: string | null;
  /** Or why the version cannot run. */
  readonly graph: PlanGraph | StepFailure;
  readonly stored: readonly StoredStep[];
  /** What its waiting steps were told. */
  readonly signals: readonly StoredSignal[];
  /** What people ordered about its steps, as far as nobody has obeyed it yet. */
  readonly orders: readonly StoredOrder[];
}

const DEFAULT_RUN_SECONDS = 3_600;
/** Of a flow in which a step may wait for a person or a time, and of a run that was held back. */
const DEFAULT_WAITING_RUN_SECONDS = 30 * 86_400;
/** So many steps that are not committed are written down before anything else begins; it bounds the memory of loops. */
const MAX_UNSAVED = 500;
/** A step that takes longer than this is shown as running. */
const SHOW_AFTER_MS = 300;

/** Why a run ends before its plan is through. */
interface Stop {
  readonly status: 'cancelled' | 'failed';
  readonly error: RunError | null;
  /** What its steps in flight are told, and show. */
  readonly stepError: StepError;
  /** True when what the run did is undone, where its flow says how. */
  readonly undoes: boolean;
}

/**
 * One claim of one run: advances it as far as it can go, ready steps side by side, then lets it go. Nothing else
 * touches the run meanwhile; should another worker take it over, every write is refused and the activation gives up.
 *
 * What is committed when: a call that changes something begins only after the results of all earlier calls are
 * committed; a `once` call, after its own intent is, too. Steps without effects are never committed on their own.
 */
export class Activation {
  readonly #services: ActivationServices;
  readonly #graph: PlanGraph;
  readonly #state: RunState;
  readonly #run: ClaimedRun;
  readonly #userId: string | null;
  #trigger: Json = null;
  #controller = new AbortController();
  readonly #inFlight = new Map<string, LiveStep>();
  readonly #wake = new WakeSignal();
  #committing: Promise<void> = Promise.resolve();
  #stop: Stop | undefined;
  /** Counts what fails a scope, or ends the run. */
  #halts = 0;
  #isDraining = false;
  #isLost = false;
  #isLeaving = false;

  constructor({ run, userId, graph, stored, signals, orders }: Activated, services: ActivationServices) {
    this.#services = services;
    this.#graph = graph instanceof StepFailure ? NO_GRAPH : pinGraph(graph, run.pins);
    this.#run = run;
    this.#userId = userId;
    this.#state = new RunState({
      run,
      graph: this.#graph,
      stored,
      signals,
      orders,
      now: services.clock.now(),
    });
    if (run.cancelRequested) this.cancel();
    else if (graph instanceof StepFailure) this.#fail(graph.error);
    else if (run.deaths >= MAX_DEATHS) this.#fail(KILLS_WORKERS);
  }

  /** Names the run in the log. */
  get #named() {
    return { part: 'worker', runId: this.#run.id, flow: this.#run.flowSlug };
  }

  /** Whose it is. */
  get owner(): Pick<ClaimedRun, 'workspaceId' | 'flowGroup'> {
    return this.#run;
  }

  /** Of its event. */
  get bodyBytes(): number {
    return this.#run.event?.body.length ?? 0;
  }

  /** True once nothing is left of it but its last write. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  get runId(): string {
    return this.#run.id;
  }

  get epoch(): number {
    return this.#run.epoch;
  }

  /** Resolves when the run has ended, waits, or belongs to another worker. Never rejects. */
  async advance(): Promise<void> {
    try {
      await this.#advance();
    } catch (error) {
      log.error({ ...this.#named, err: error }, 'a run could not be advanced');
      await this.#giveUp(toStepError(error));
    }
  }

  async #advance(): Promise<void> {
    this.#trigger = this.#run.event ? triggerValue(this.#run.event) : null;
    this.#state.noteTrigger(this.#trigger);
    for (;;) {
      const now = this.#services.clock.now();
      if (now >= this.#dueEnd()) this.#fail(runTimeout(this.#timeoutSeconds), { undoes: true });
      if (this.#isLost) return;
      if (this.#stop) {
        if (await this.#endEarly(this.#stop)) continue;
        return;
      }
      if (this.#state.unsavedCount > MAX_UNSAVED) {
        await this.#commit();
        continue;
      }
      // What settles while the plan is followed makes it stale: it is then planned anew.
      const isIdle = this.#inFlight.size === 0;
      const planned = plan(this.#graph, this.#state, now);
      if (await this.#follow(planned, now)) continue;
      if (isIdle) return this.#leave(planned);
      await this.#pause(planned.outcome.kind === 'running' ? planned.outcome.until : null);
    }
  }

  /** When the run fails for taking too long. What it undoes then takes as long as it takes. */
  #dueEnd(): number {
    const { resumedAt, startedAt } = this.#run;
    return this.#state.failure ? Infinity : (resumedAt ?? startedAt).getTime() + this.#timeoutSeconds * 1_000;
  }

  /** An outage of the far end must not use up the time that a run gets where its flow names none. */
  get #timeoutSeconds(): number {
    const mayWait = this.#graph.canWait || this.#state.wasHeld;
    return this.#graph.timeoutSeconds ?? (mayWait ? DEFAULT_WAITING_RUN_SECONDS : DEFAULT_RUN_SECONDS);
  }

  /** Does what was planned; answers whether that changed anything. */
  async #follow(planned: Plan, now: number): Promise<boolean> {
    const { execute, skip, cancel, settle, open, close, outcome } = planned;
    for (const ref of skip) this.#state.skip(ref);
    for (const ref of cancel) {
      const step = this.#state.steps.get(stepId(ref.nodeId, ref.key));
      if (step) this.#state.cancel(step, { error: null, now });
    }
    for (const iteration of settle) this.#state.settleIteration(iteration, now);
    for (const loop of close) this.#close(loop, now);
    if (outcome.kind === 'undo') {
      await this.#beginUndoing(outcome.error, now);
      return true;
    }
    const hasMoved = settle.length > 0 || close.length > 0;
    if (this.#isDraining) return hasMoved;
    for (const iteration of open) this.#state.openIteration(iteration);
    if (execute.length > 0) await this.#begin(execute);
    return hasMoved || open.length > 0 || execute.length > 0;
  }

  #close(closed: ClosedLoop, now: number): void {
    const loop = this.#state.closeLoop(closed);
    if (!loop) return;
    const { step, output } = loop;
    const node = this.#graph.nodes.get(step.nodeId)!;
    const stored = closed.error
      ? { error: closed.error }
      : storable(output, 'What this loop made', MAX_LOOP_BYTES);
    if ('error' in stored)
      this.#state.fail(step, { settled: failForGood(node.node, stored.error), input: null, now });
    else this.#state.succeed(step, { result: { output }, outputText: stored.text, input: null, now });
    this.#tellOf(node, step);
  }

  /** From here on the run can only fail; the journal says so before anything is undone. */
  async #beginUndoing(error: RunError, now: number): Promise<void> {
    this.#closeInterrupted(now);
    this.#state.beginUndoing(error);
    await this.#commit();
    if (this.#state.lacksSteps && !this.#isLost)
      this.#state.recallSettled(await this.#services.loadSteps(this.#run.id));
  }

  /** How many signals it knows of. */
  get signalCount(): number {
    return this.#state.signalCount;
  }

  /** Its steps were told something, or something was ordered about them. */
  notice(news: { signals: readonly StoredSignal[]; orders: readonly StoredOrder[]; count: number }): void {
    this.#state.notice(news.signals, news.count);
    this.#state.obey(news.orders, this.#services.clock.now());
    this.#wake.fire();
  }

  /** Nothing of this kind holds these places back any more. */
  letGo(kind: Hold['for'], places: readonly BreakerPlace[]): void {
    const ours = places.filter(({ workspaceId }) => workspaceId === this.#run.workspaceId);
    const scopes = new Set(ours.map(({ scope }) => scope));
    if (scopes.size > 0 && this.#state.letGo(kind, scopes, this.#services.clock.now())) this.#wake.fire();
  }

  /** The connections that steps of it wait for. */
  get parkedBy(): readonly BreakerPlace[] {
    const { workspaceId } = this.#run;
    return [...this.#state.parkedBy()].map((scope) => ({ workspaceId, scope }));
  }

  /** A person asked the run to stop. */
  cancel(): void {
    this.#interrupt({ status: 'cancelled', error: null, stepError: CANCELLED, undoes: false });
  }

  /** Another worker has the run: give up at once, write nothing. */
  lose(): void {
    this.#isLost = true;
    this.#controller.abort(new StepFailure(LOST));
    this.#wake.fire();
  }

  /** Begin nothing more; once the steps in flight are settled, leave the run to another worker. */
  drain(): void {
    this.#isDraining = true;
    this.#wake.fire();
  }

  /** Stop the steps in flight, too; another worker makes their attempts. */
  abandonSteps(): void {
    this.#isDraining = true;
    if (!this.#controller.signal.aborted) this.#controller.abort(new StepFailure(DRAINED));
  }

  #fail(error: StepError, { undoes = false } = {}): void {
    this.#interrupt({ status: 'failed', error, stepError: { ...error, kind: 'cancelled' }, undoes });
  }

  #interrupt(stop: Stop): void {
    if (this.#stop) return;
    this.#stop = stop;
    this.#controller.abort(new StepFailure(stop.stepError));
    this.#wake.fire();
  }

  async #begin(refs: readonly StepRef[]): Promise<void> {
    const planned = refs.map((ref) => ({ ref, node: this.#graph.nodes.get(ref.nodeId)! }));
    const changing = planned.filter(({ node }) => node.effect === 'keyed' || node.effect === 'once');
    // Asked before any of them begins: a failed attempt is on record before the next one is made.
    const hasUnsaved = changing.length > 0 && this.#state.hasUnsaved();
    const steps = planned.map(({ ref, node }) => ({
      node,
      step: this.#state.begin(ref, this.#services.clock.now()),
    }));
    for (const { node, step } of steps) if (node.effect === 'once') this.#state.show(step);
    const hasIntent = changing.some(({ node }) => node.effect === 'once');
    if (changing.length > 0) {
      const halts = this.#halts;
      if (hasIntent) crashPoint('intent.before_commit');
      await (hasIntent || hasUnsaved ? this.#commit() : this.#committing);
      if (hasIntent) crashPoint('intent.after_commit');
      // Cancelled, out of time, drained or taken over meanwhile: what has not begun does not begin. Where a scope failed, or the
      // flow stopped itself, it is planned anew.
      if (this.#isLost || this.#stop || this.#isDraining || this.#halts !== halts)
        return this.#takeBack(steps);
    }
    for (const { node, step } of steps) this.#launch(node, step);
  }

  #takeBack(steps: readonly { readonly node: PlanNode; readonly step: LiveStep }[]): void {
    const now = this.#services.clock.now();
    const error = this.#isDraining ? DRAINED : NOT_BEGUN;
    for (const { node, step } of steps) {
      if (node.effect === 'once') this.#state.postpone(step, { error, now });
      else this.#state.unbegin(step);
    }
  }

  #launch(node: PlanNode, step: LiveStep): void {
    const id = stepId(step.nodeId, step.key);
    this.#inFlight.set(id, step);
    const outcome = node.kind === 'trigger' ? Promise.resolve(this.#fire(node)) : this.#attempt(node, step);
    void outcome
      .then((came) => {
        this.#inFlight.delete(id);
        if (this.#isLost) return;
        this.#settle(node, step, came);
        this.#tellOf(node, step);
      })
      .catch((error: unknown) => {
        log.error({ ...this.#named, err: error, nodeId: step.nodeId }, 'a step could not be settled');
        this.#fail(toStepError(error));
      })
      .finally(() => this.#wake.fire());
  }

  #tellOf(node: PlanNode, step: LiveStep): void {
    const { observer, clock } = this.#services;
    observer.stepped(this.#run, { node, step, now: clock.now() });
  }

  /** The trigger has nothing to do: its event is there. */
  #fire(node: PlanNode): StepOutcome {
    const output = triggerOutput(node.node, this.#trigger);
    return { input: null, result: { output }, error: null, hold: null, logs: [] };
  }

  #attempt(planned: PlanNode, step: LiveStep): Promise<StepOutcome> {
    const { id, workspaceId, startedAt } = this.#run;
    return runStep(
      {
        run: { id, workspaceId, startedAt, userId: this.#userId },
        planned,
        key: step.key,
        context: this.#contextFor(planned, step),
        settings: step.key === '' ? this.#run.overrides?.[step.nodeId] : undefined,
        now: this.#services.clock.now(),
        resumed: this.#state.resumptionOf(step),
        slot: this.#state.slotOf(step),
        isUrged: step.isUrged,
        traceparent: this.#services.observer.traceparentOf?.(this.#run, step),
        signal: this.#controller.signal,
        answer: answerOf(this.#run.pins, step.nodeId, step.key),
      },
      this.#services,
    );
  }

  #contextFor(planned: PlanNode, step: LiveStep): ExpressionContext {
    const { id, flowSlug, versionNumber } = this.#run;
    const startedAt = this.#run.startedAt.toISOString();
    return {
      trigger: this.#trigger,
      steps: this.#state.outputsFor(planned, step.key),
      ...this.#state.turnFor(planned, step.key),
      run: { id, startedAt, attempt: step.attempts },
      flow: { slug: flowSlug, version: versionNumber },
      vars: {},
      // A step that is attempted again must send the same body under the same key.
      steady: { at: startedAt, seed: `${id} ${planned.node.id} ${step.key}` },
    };
  }

  #settle(node: PlanNode, step: LiveStep, { input, result, error, hold, logs }: StepOutcome): void {
    const now = this.#services.clock.now();
    this.#state.keepLogs(step, logs);
    if (hold) return this.#state.holdBack(step, { hold, input });
    if (error && this.#controller.signal.aborted) return this.#settleAborted(node, step, error);
    const failure = error ?? this.#keep(node, { step, result: result!, input, now });
    if (!failure) return;
    // A pinned error is what the step comes to: attempts would all answer the same.
    if (answerOf(this.#run.pins, step.nodeId, step.key))
      return this.#failForGood(node, step, { error: failure, input, now });
    const attempt = step.attempts - step.attemptsBefore;
    const settled = settleFailure({
      node: node.node,
      effect: node.effect,
      attempt,
      error: failure,
      random: Math.random(),
      now,
    });
    this.#noteFailure(step, { settled, input, now });
  }

  #failForGood(node: PlanNode, step: LiveStep, failed: { error: StepError; input: Json; now: number }): void {
    const { error, input, now } = failed;
    this.#noteFailure(step, { settled: failForGood(node.node, error), input, now });
  }

  #noteFailure(step: LiveStep, failed: { settled: SettledFailure; input: Json; now: number }): void {
    const { settled } = failed;
    this.#state.fail(step, failed);
    if (settled.status === 'failed' && settled.ports.length === 0) this.#halts += 1;
  }

  /** Takes a result in; answers why not, when it cannot be stored. */
  #keep(
    node: PlanNode,
    done: { step: LiveStep; result: HandlerResult; input: Json; now: number },
  ): StepError | undefined {
    const { step, result, input, now } = done;
    if ('suspend' in result) {
      this.#state.suspend(step, { suspension: result.suspend, input, now });
      return undefined;
    }
    if (node.body) return this.#openLoop(step, result);
    // A trigger's output is its event, which is on record.
    if (node.kind === 'trigger') {
      this.#state.succeed(step, { result, outputText: null, input, now });
      return undefined;
    }
    const stored = storable(result.output, 'The output of this step');
    if ('error' in stored) return stored.error;
    this.#state.succeed(step, { result, outputText: stored.text, input, now });
    if (result.end) this.#halts += 1;
    return undefined;
  }

  #openLoop(step: LiveStep, { output }: StepResult): StepError | undefined {
    const stored = storable(output, 'The list of this loop', MAX_LOOP_BYTES);
    if ('error' in stored) return stored.error;
    this.#state.openLoop(step, { opening: output as unknown as LoopOpening, inputText: stored.text });
    return undefined;
  }

  /** The run stopped the attempt, so it counts neither as failed nor, for another worker, as made. */
  #settleAborted(node: PlanNode, step: LiveStep, error: StepError): void {
    const now = this.#services.clock.now();
    if (node.effect === 'once' && !this.#stop) {
      this.#state.fail(step, { settled: { status: 'in_doubt', error: UNSURE }, input: null, now });
      return;
    }
    if (this.#stop) this.#state.cancel(step, { error, now });
    else this.#state.withdraw(step);
  }

  /** Waits for a step, a due time or a word from outside; meanwhile nothing that matters stays in memory alone. */
  async #pause(until: number | null): Promise<void> {
    if (this.#state.hasUnsaved() && this.#callsInFlight()) void this.#commit();
    const { clock } = this.#services;
    const showAt = this.#nextShowing();
    const next = Math.min(until ?? Infinity, this.#dueEnd(), showAt ?? Infinity);
    await this.#wake.wait(next - clock.now());
    if (showAt !== null && clock.now() >= showAt) this.#showRunning();
  }

  #callsInFlight(): boolean {
    for (const step of this.#inFlight.values()) if (step.isCall) return true;
    return false;
  }

  #nextShowing(): number | null {
    let earliest: number | null = null;
    for (const step of this.#inFlight.values())
      if (!step.isShown)
        earliest = Math.min(earliest ?? Infinity, (step.attemptStartedAt ?? 0) + SHOW_AFTER_MS);
    return earliest;
  }

  #showRunning(): void {
    for (const step of this.#inFlight.values()) if (!step.isShown) this.#state.show(step);
    void this.#commit().then(() => {
      if (!this.#isLost) this.#publish('running');
    });
  }

  /** Nothing is in flight and nothing can begin. */
  async #leave({ outcome }: Plan): Promise<void> {
    const now = this.#services.clock.now();
    switch (outcome.kind) {
      case 'end':
        return this.#end(outcome, now);
      case 'wait':
        return this.#exit({ status: 'waiting', ...this.#wakeFor(outcome.until) });
      case 'doubt':
        return this.#exit({ status: 'in_doubt' });
      case 'running':
      case 'undo':
        return this.#exit({ status: 'queued', wakeAt: now });
    }
  }

  /** A run that waits for a word from outside is woken by that, or by its deadline. */
  #wakeFor(until: number | null): { readonly wakeAt?: number } {
    const wakeAt = Math.min(until ?? Infinity, this.#dueEnd());
    return Number.isFinite(wakeAt) ? { wakeAt } : {};
  }

  #end(outcome: Extract<PlanOutcome, { kind: 'end' }>, now: number): Promise<void> {
    this.#closeInterrupted(now);
    const { status, output, error, compensation } = outcome;
    return this.#exit({ status, output, error, finishedAt: now, ...(compensation && { compensation }) });
  }

  #closeInterrupted(now: number, error: StepError | null = null): void {
    for (const step of this.#state.takeInterrupted()) this.#state.cancel(step, { error, now });
  }

  /** Ends the run once the steps in flight are settled; answers true when it goes on, to undo what it did. */
  async #endEarly(stop: Stop): Promise<boolean> {
    while (this.#inFlight.size > 0) await this.#wake.wait(Infinity);
    const now = this.#services.clock.now();
    this.#closeInterrupted(now, stop.stepError);
    for (const step of [...this.#state.steps.values()])
      if (step.status === 'waiting' || step.status === 'running')
        this.#state.cancel(step, { error: stop.stepError, now });
    const { failure, undoable } = this.#state;
    if (stop.undoes && stop.error && !failure && undoable.length > 0 && !this.#isLost) {
      this.#stop = undefined;
      this.#controller = new AbortController();
      await this.#beginUndoing({ ...stop.error }, now);
      return true;
    }
    const output = this.#state.responded?.output ?? null;
    // A person who stops a run that is being undone stops the undoing; the run has failed already.
    if (failure)
      await this.#exit({
        status: 'failed',
        error: failure,
        output,
        finishedAt: now,
        compensation: 'partly_undone',
      });
    else await this.#exit({ status: stop.status, error: stop.error, output, finishedAt: now });
    return false;
  }

  async #exit(exit: RunExit): Promise<void> {
    const isEndDue = exit.finishedAt !== undefined && this.#isEndDue(exit.status);
    const written = this.#commit({ ...exit, isEndDue });
    this.#isLeaving = true;
    this.#services.roomMade();
    await written;
    if (this.#isLost) return;
    this.#publish(exit.status);
    this.#services.observer.left(this.#run, exit);
    if (exit.wakeAt !== undefined) this.#services.wakeAt(exit.wakeAt);
    if (isEndDue) this.#services.runEnded(this.#run.id);
  }

  /** Whether anybody may wait for this end: a caller, a successor, a failure flow, people who were asked something. */
  #isEndDue(status: RunExit['status']): boolean {
    return status === 'failed' || this.#run.isAwaited || this.#graph.canWait;
  }

  /** Writes of one run go out one after the other; each takes along all that has gathered since. */
  #commit(exit?: RunExit): Promise<void> {
    this.#committing = this.#committing.then(() => this.#write(exit));
    return this.#committing;
  }

  async #write(exit: RunExit | undefined): Promise<void> {
    if (this.#isLost) return;
    try {
      const write = this.#state.takeWrite(this.#services.clock.now(), exit);
      if (exit) crashPoint(`${exitName(exit)}.before_commit`);
      if ((await this.#services.journal.commit(write)) === 'lost') return this.lose();
      if (exit) crashPoint(`${exitName(exit)}.after_commit`);
      // Who looks at a long loop sees it go on.
      if (!exit && this.#state.loops.size > 0) this.#publish('running');
    } catch (error) {
      // The process is ending; the next worker starts from what is committed.
      if (error instanceof JournalClosedError) return this.lose();
      if (!(error instanceof JournalDataError))
        log.error({ ...this.#named, err: error }, 'a run could not be written down');
      await this.#giveUp(NOT_STORABLE);
    }
  }

  /** What the steps made cannot be kept: the run ends here, failed, with all else that is known. */
  async #giveUp(error: StepError): Promise<void> {
    const now = this.#services.clock.now();
    for (const step of this.#inFlight.values()) this.#state.cancel(step, { error, now });
    this.#state.dropValues();
    const write = this.#state.takeWrite(now, { status: 'failed', error, finishedAt: now, isEndDue: true });
    const outcome = await this.#services.journal.commit(write).catch((failure: unknown) => {
      log.error({ ...this.#named, err: failure }, 'a run could not be ended');
      return 'lost';
    });
    if (outcome === 'kept') {
      this.#publish('failed');
      this.#services.observer.left(this.#run, { status: 'failed', error, finishedAt: now });
      this.#services.runEnded(this.#run.id);
    }
    this.lose();
  }

  #publish(status: RunNotice['status']): void {
    const { id, workspaceId, flowSlug: flow } = this.#run;
    this.#services.publish({ id, workspaceId, flow, status });
  }
}

/** Stands in for a version that cannot run: its run ends before anything is planned. */
const NO_GRAPH: PlanGraph = { root: [], nodes: new Map(), canWait: false, timeoutSeconds: undefined };

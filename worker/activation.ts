import type { HandlerResult } from '#connectors/contract.ts';
import { findOperation } from '#connectors/definitions.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import type { Json } from '#core/json.ts';
import { plan, stepId, type Plan, type RunError, type StepRef } from '#core/plan.ts';
import type { PlanGraph, PlanNode } from '#core/plan-graph.ts';
import { settleFailure } from '#core/settle-failure.ts';
import { StepFailure, toStepError, type StepError } from '#core/step-failure.ts';
import { JournalClosedError, JournalDataError, type JournalWriter } from '#server/journal/journal-writer.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { log } from '#server/log.ts';
import { triggerValue } from '#server/runs/trigger-value.ts';
import type { ClaimedRun } from '#server/sql/claim-runs.ts';
import type { StoredStep } from '#server/sql/load-runs.ts';
import type { DatabaseClock } from '#worker/database-clock.ts';
import {
  CANCELLED,
  DRAINED,
  KILLS_WORKERS,
  LOST,
  MAX_DEATHS,
  NOT_STORABLE,
  runTimeout,
  UNSURE,
} from '#worker/run-endings.ts';
import { RunState, type LiveStep, type RunExit } from '#worker/run-state.ts';
import { runStep, type StepOutcome, type StepServices } from '#worker/run-step.ts';
import { storable, storableOrNull } from '#worker/storable.ts';
import { WakeSignal } from '#worker/wake-signal.ts';

/** What an activation needs of the worker. */
export interface ActivationServices extends StepServices {
  readonly clock: DatabaseClock;
  readonly journal: Pick<JournalWriter, 'commit'>;
  /** Tells readers that the run changed; called after the commit. */
  publish(change: RunNotice): void;
  /** Tells the claimer when the run falls due again. */
  wakeAt(time: number): void;
}

export interface Activated {
  readonly run: ClaimedRun;
  /** Or why the version cannot run. */
  readonly graph: PlanGraph | StepFailure;
  readonly stored: readonly StoredStep[];
}

const DEFAULT_RUN_SECONDS = 3_600;
/** A step that takes longer than this is shown as running. */
const SHOW_AFTER_MS = 300;

/** Why a run ends before its plan is through. */
interface Stop {
  readonly status: 'cancelled' | 'failed';
  readonly error: RunError | null;
  /** What its steps in flight are told, and show. */
  readonly stepError: StepError;
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
  readonly #timeoutSeconds: number;
  readonly #state: RunState;
  readonly #run: ClaimedRun;
  #trigger: Json = null;
  readonly #deadline: number;
  readonly #controller = new AbortController();
  readonly #inFlight = new Map<string, LiveStep>();
  readonly #wake = new WakeSignal();
  #committing: Promise<void> = Promise.resolve();
  #stop: Stop | undefined;
  #isDraining = false;
  #isLost = false;

  constructor({ run, graph, stored }: Activated, services: ActivationServices) {
    this.#services = services;
    this.#graph = graph instanceof StepFailure ? NO_GRAPH : graph;
    this.#run = run;
    this.#state = new RunState({ run, graph: this.#graph, stored, now: services.clock.now() });
    this.#timeoutSeconds = this.#graph.timeoutSeconds ?? DEFAULT_RUN_SECONDS;
    this.#deadline = run.startedAt.getTime() + this.#timeoutSeconds * 1_000;
    if (run.cancelRequested) this.cancel();
    else if (graph instanceof StepFailure) this.#fail(graph.error);
    else if (run.deaths >= MAX_DEATHS) this.#fail(KILLS_WORKERS);
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
      log.error({ err: error, part: 'worker', runId: this.#run.id }, 'a run could not be advanced');
      await this.#giveUp(toStepError(error));
    }
  }

  async #advance(): Promise<void> {
    this.#trigger = this.#run.event ? triggerValue(this.#run.event) : null;
    for (;;) {
      const now = this.#services.clock.now();
      if (now >= this.#deadline) this.#fail(runTimeout(this.#timeoutSeconds));
      if (this.#isLost) return;
      if (this.#stop) return this.#endEarly(this.#stop);
      const planned = plan(this.#graph, this.#state, now);
      planned.skip.forEach((ref) => this.#state.skip(ref));
      if (planned.execute.length > 0 && !this.#isDraining) {
        await this.#begin(planned.execute);
        continue;
      }
      if (this.#inFlight.size === 0) return this.#leave(planned);
      await this.#pause(planned.outcome.kind === 'running' ? planned.outcome.until : null);
    }
  }

  /** A person asked the run to stop. */
  cancel(): void {
    this.#interrupt({ status: 'cancelled', error: null, stepError: CANCELLED });
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

  #fail(error: StepError): void {
    this.#interrupt({ status: 'failed', error, stepError: { ...error, kind: 'cancelled' } });
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
    const steps = planned.map(({ ref, node }) => ({
      node,
      step: this.#state.begin(ref, this.#services.clock.now()),
    }));
    for (const { node, step } of steps) if (node.effect === 'once') this.#state.show(step);
    const hasIntent = changing.some(({ node }) => node.effect === 'once');
    if (changing.length > 0) {
      await (hasIntent || this.#state.hasUnsaved() ? this.#commit() : this.#committing);
      // Cancelled, out of time, drained or taken over meanwhile: what has not begun does not begin.
      if (this.#isLost || this.#stop || this.#isDraining) return this.#takeBack(steps);
    }
    for (const { node, step } of steps) this.#launch(node, step);
  }

  #takeBack(steps: readonly { readonly node: PlanNode; readonly step: LiveStep }[]): void {
    const now = this.#services.clock.now();
    for (const { node, step } of steps) {
      if (node.effect === 'once') this.#state.postpone(step, { error: DRAINED, now });
      else this.#state.withdraw(step);
    }
  }

  #launch(node: PlanNode, step: LiveStep): void {
    const id = stepId(step.nodeId, step.key);
    this.#inFlight.set(id, step);
    const outcome = node.kind === 'trigger' ? Promise.resolve(this.#fire(node)) : this.#attempt(node, step);
    void outcome
      .then((came) => {
        this.#inFlight.delete(id);
        if (!this.#isLost) this.#settle(node, step, came);
      })
      .catch((error: unknown) => {
        log.error({ err: error, part: 'worker', runId: this.#run.id }, 'a step could not be settled');
        this.#fail(toStepError(error));
      })
      .finally(() => this.#wake.fire());
  }

  /** The trigger has nothing to do: its event is there. */
  #fire(node: PlanNode): StepOutcome {
    const operation = findOperation(node.node.type, node.node.version)?.operation;
    const isManual = operation?.kind === 'trigger' && operation.delivery === 'manual';
    const event = this.#trigger as { readonly body?: Json } | null;
    const output = isManual ? (event?.body ?? null) : this.#trigger;
    return { input: null, result: { output }, error: null, logs: [] };
  }

  #attempt(planned: PlanNode, step: LiveStep): Promise<StepOutcome> {
    const { id, workspaceId, startedAt } = this.#run;
    return runStep(
      {
        run: { id, workspaceId, startedAt },
        planned,
        key: step.key,
        context: this.#contextFor(planned, step),
        now: this.#services.clock.now(),
        resumed: undefined,
        signal: this.#controller.signal,
      },
      this.#services,
    );
  }

  #contextFor(planned: PlanNode, step: LiveStep): ExpressionContext {
    const { id, flowSlug, versionNumber } = this.#run;
    const startedAt = this.#run.startedAt.toISOString();
    return {
      trigger: this.#trigger,
      steps: this.#state.outputs(planned.ancestors),
      run: { id, startedAt, attempt: step.attempts },
      flow: { slug: flowSlug, version: versionNumber },
      vars: {},
      // A step that is attempted again must send the same body under the same key.
      steady: { at: startedAt, seed: `${id} ${planned.node.id} ${step.key}` },
    };
  }

  #settle(node: PlanNode, step: LiveStep, { input, result, error }: StepOutcome): void {
    const now = this.#services.clock.now();
    if (error && this.#controller.signal.aborted) return this.#settleAborted(node, step, error);
    const failure = error ?? this.#keep(node, { step, result: result!, input, now });
    if (!failure) return;
    const { attempts: attempt } = step;
    const settled = settleFailure({
      node: node.node,
      effect: node.effect,
      attempt,
      error: failure,
      random: Math.random(),
      now,
    });
    this.#state.fail(step, { settled, input, now });
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
    // A trigger's output is its event, which is stored whatever its size.
    if (node.kind === 'trigger') {
      this.#state.succeed(step, { result, outputText: storableOrNull(result.output), input, now });
      return undefined;
    }
    const stored = storable(result.output, 'The output of this step');
    if ('error' in stored) return stored.error;
    this.#state.succeed(step, { result, outputText: stored.text, input, now });
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
    const next = Math.min(until ?? Infinity, this.#deadline, showAt ?? Infinity);
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
  #leave({ cancel, outcome }: Plan): Promise<void> {
    const now = this.#services.clock.now();
    for (const ref of cancel) {
      const step = this.#state.steps.get(stepId(ref.nodeId, ref.key));
      if (step) this.#state.cancel(step, { error: null, now });
    }
    if (outcome.kind === 'end') this.#closeInterrupted(now);
    switch (outcome.kind) {
      case 'end':
        return this.#exit({
          status: outcome.status,
          output: outcome.output,
          error: outcome.error,
          finishedAt: now,
        });
      case 'wait':
        return this.#exit({ status: 'waiting', wakeAt: Math.min(outcome.until, this.#deadline) });
      case 'doubt':
        return this.#exit({ status: 'in_doubt' });
      case 'running':
        return this.#exit({ status: 'queued', wakeAt: now });
    }
  }

  #closeInterrupted(now: number, error: StepError | null = null): void {
    for (const step of this.#state.takeInterrupted()) this.#state.cancel(step, { error, now });
  }

  async #endEarly(stop: Stop): Promise<void> {
    while (this.#inFlight.size > 0) await this.#wake.wait(Infinity);
    const now = this.#services.clock.now();
    this.#closeInterrupted(now, stop.stepError);
    for (const step of this.#state.steps.values())
      if (step.status === 'waiting' || step.status === 'running')
        this.#state.cancel(step, { error: stop.stepError, now });
    const error = stop.error && { ...stop.error };
    const output = this.#state.responded?.output ?? null;
    await this.#exit({ status: stop.status, error, output, finishedAt: now });
  }

  async #exit(exit: RunExit): Promise<void> {
    await this.#commit(exit);
    if (this.#isLost) return;
    this.#publish(exit.status);
    if (exit.wakeAt !== undefined) this.#services.wakeAt(exit.wakeAt);
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
      if ((await this.#services.journal.commit(write)) === 'lost') this.lose();
    } catch (error) {
      // The process is ending; the next worker starts from what is committed.
      if (error instanceof JournalClosedError) return this.lose();
      if (!(error instanceof JournalDataError))
        log.error({ err: error, part: 'worker', runId: this.#run.id }, 'a run could not be written down');
      await this.#giveUp(NOT_STORABLE);
    }
  }

  /** What the steps made cannot be kept: the run ends here, failed, with all else that is known. */
  async #giveUp(error: StepError): Promise<void> {
    const now = this.#services.clock.now();
    for (const step of this.#inFlight.values()) this.#state.cancel(step, { error, now });
    this.#state.dropValues();
    const write = this.#state.takeWrite(now, { status: 'failed', error, finishedAt: now });
    const outcome = await this.#services.journal.commit(write).catch((failure: unknown) => {
      log.error({ err: failure, part: 'worker', runId: this.#run.id }, 'a run could not be ended');
      return 'lost';
    });
    if (outcome === 'kept') this.#publish('failed');
    this.lose();
  }

  #publish(status: RunNotice['status']): void {
    const { id, workspaceId, flowSlug: flow } = this.#run;
    this.#services.publish({ id, workspaceId, flow, status });
  }
}

/** Stands in for a version that cannot run: its run ends before anything is planned. */
const NO_GRAPH: PlanGraph = { root: [], nodes: new Map(), timeoutSeconds: undefined };

import type { FlowReply, Resumption, StepResult, Suspension } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';
import { inUndoOrder } from '#core/plan/plan-undo.ts';
import { indexOf, iterationKey, outerKey, stepId } from '#core/plan/step-id.ts';
import type {
  ClosedLoop,
  IterationRef,
  RunError,
  RunJournal,
  SettledIteration,
  StepRef,
  UndoableStep,
} from '#core/plan.ts';
import type { PlanGraph, PlanNode } from '#core/plan-graph.ts';
import type { SettledFailure } from '#core/settle-failure.ts';
import type { StepError } from '#core/step-failure.ts';
import { unmadeAttemptText, type StoredText } from '#server/journal/journal-rows.ts';
import type { RunWrite } from '#server/journal/journal-writer.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { triggerOutput } from '#server/runs/trigger-output.ts';
import type { ClaimedRun } from '#server/sql/claim-runs.ts';
import type { StoredSignal, StoredStep } from '#server/sql/load-runs.ts';
import type { StoredOrder } from '#server/sql/step-orders.ts';
import { applyOrder } from '#worker/apply-order.ts';
import { LiveLoop, type LoopOpening } from '#worker/live-loop.ts';
import type { Hold } from '#worker/calls/held-back.ts';
import { attemptRowOf, isSuspended, newStep, recalledStep, rowOf, type LiveStep } from '#worker/live-step.ts';
import { MAY_HAVE_HAPPENED, WORKER_GONE } from '#worker/run-endings.ts';
import { deadLetterOf, runRowOf, type RunExit } from '#worker/run-exit.ts';
import { storableOrNull } from '#worker/storable.ts';

/** A loop's list and its results may be larger than what other steps pass on. */
export const MAX_LOOP_BYTES = 32 * 1_048_576;

/**
 * The journal of one run in memory: the truth for the planner, and the list of what is not committed yet. It decides
 * nothing and talks to nobody. Of loops it holds the open iterations; the steps of settled ones leave it.
 */
export class RunState implements RunJournal {
  readonly run: ClaimedRun;
  readonly #graph: PlanGraph;
  readonly #steps = new Map<string, LiveStep>();
  readonly #loops = new Map<string, LiveLoop>();
  /** What the journal does not have yet, or not as it is now; steps that have left are kept here until they are written. */
  readonly #unsaved = new Set<LiveStep>();
  /** The steps of the write under way. */
  #sent: readonly LiveStep[] = [];
  /** Rows of attempts to be written, by step and number: the last word on each counts. */
  readonly #attempts = new Map<string, { readonly step: LiveStep; readonly text: string }>();
  /** Attempts to be taken off the record again: announced, and not made. */
  #unmade: string[] = [];
  #wasHeld: boolean;
  /** Steps that another worker left in the middle: unknown to the planner, so they run again. */
  readonly #interruptedSteps = new Map<string, LiveStep>();
  readonly #signals = new Map<string, Json>();
  /** Ids of the orders that it has obeyed, and of those of which the journal does not know that yet. */
  readonly #obeyed = new Set<string>();
  #unsavedOrders: string[] = [];
  /** Steps as they were before they began last; the number of attempts alone where the planner did not know them. */
  readonly #before = new WeakMap<LiveStep, Partial<LiveStep>>();
  /** Lists of loops that are over, as far as undoing asked for them. */
  readonly #itemsOfPast = new Map<string, readonly Json[]>();
  #signalCount: number;
  #undoable: UndoableStep[] = [];
  #failure: RunError | null;
  #responded: { readonly output: Json } | null;
  #pendingReply: FlowReply | null = null;
  #hasUnsavedFailure = false;
  #hasProgress = false;
  /** True as long as nothing of the run was written. */
  #isBlank: boolean;

  constructor(claimed: {
    run: ClaimedRun;
    graph: PlanGraph;
    stored: readonly StoredStep[];
    signals: readonly StoredSignal[];
    orders: readonly StoredOrder[];
    now: number;
  }) {
    const { run, graph, stored, signals, orders, now } = claimed;
    this.run = run;
    this.#graph = graph;
    this.#signalCount = run.signals;
    this.#failure = run.failure;
    this.#isBlank = !run.hasHistory;
    this.#wasHeld = stored.some(({ heldBy }) => heldBy !== null);
    this.#responded = run.reply === null ? null : { output: fromStoredJson(run.output) };
    this.#recallAll(stored, now);
    this.#noteSignals(signals);
    this.obey(orders, now);
  }

  get steps(): ReadonlyMap<string, LiveStep> {
    return this.#steps;
  }

  get loops(): ReadonlyMap<string, LiveLoop> {
    return this.#loops;
  }

  get responded(): { readonly output: Json } | null {
    return this.#responded;
  }

  get failure(): RunError | null {
    return this.#failure;
  }

  get undoable(): readonly UndoableStep[] {
    return this.#undoable;
  }

  /** How many signals the run was sent, as far as this activation knows. */
  get signalCount(): number {
    return this.#signalCount;
  }

  /** How many steps are not committed as they are now. */
  get unsavedCount(): number {
    return this.#unsaved.size;
  }

  /** The journal does not keep what a trigger's step put out: one that it gave back gets it here. */
  noteTrigger(trigger: Json): void {
    if (this.#steps.size === 0) return;
    for (const [nodeId, { node, kind }] of this.#graph.nodes) {
      if (kind !== 'trigger') continue;
      const step = this.#steps.get(stepId(nodeId, ''));
      if (step?.status === 'succeeded' && step.outputText === null)
        step.output = triggerOutput(node, trigger);
    }
  }

  /** What an expression of this node can name: outputs of the steps before it, and for the loops around it their item. */
  outputsFor(planned: PlanNode, key: string): Record<string, Json> {
    const outputs = Object.create(null) as Record<string, Json>;
    for (const nodeId of planned.ancestors) {
      const depth = this.#graph.nodes.get(nodeId)?.loops.length ?? 0;
      const step = this.#steps.get(stepId(nodeId, outerKey(key, depth)));
      if (step?.status === 'succeeded' || (step?.status === 'failed' && step.ports.length > 0))
        outputs[nodeId] = step.output;
    }
    for (const loopId of planned.loops) outputs[loopId] = this.#turnOf(loopId, key);
    return outputs;
  }

  /** The item and its index in the innermost loop around a node; undefined outside loops. */
  turnFor(planned: PlanNode, key: string): { readonly item: Json; readonly index: number } | undefined {
    const loopId = planned.loops.at(-1);
    return loopId === undefined ? undefined : this.#turnOf(loopId, key);
  }

  #turnOf(loopId: string, key: string): { readonly item: Json; readonly index: number } {
    const depth = this.#graph.nodes.get(loopId)?.loops.length ?? 0;
    const id = stepId(loopId, outerKey(key, depth));
    const index = indexOf(outerKey(key, depth + 1));
    const items = this.#loops.get(id)?.items ?? this.#recordedItems(id);
    return { item: items[index] ?? null, index };
  }

  /** Of a loop that is over, for a step that undoes part of it. */
  #recordedItems(id: string): readonly Json[] {
    const known = this.#itemsOfPast.get(id);
    if (known) return known;
    const step = this.#steps.get(id);
    const items = (step && openingOf(step)?.items) ?? [];
    this.#itemsOfPast.set(id, items);
    return items;
  }

  begin(ref: StepRef, now: number): LiveStep {
    const isKnown = this.#steps.has(stepId(ref.nodeId, ref.key));
    const step = this.#step(ref);
    this.#before.set(step, isKnown ? { ...step } : { attempts: step.attempts });
    const goesOn = isSuspended(step);
    step.status = 'running';
    if (!goesOn) step.attempts += 1;
    step.startedAt ??= now;
    step.attemptStartedAt = now;
    step.nextAttemptAt = null;
    step.waitingFor = null;
    step.isSignalled = false;
    step.error = null;
    step.isShown = false;
    return step;
  }

  /** Why a step that suspended itself goes on. */
  resumptionOf(step: LiveStep): Resumption | undefined {
    if (!step.suspended) return undefined;
    const signal = this.#signals.get(stepId(step.nodeId, step.key)) ?? null;
    return { state: step.suspended.state, signal };
  }

  succeed(
    step: LiveStep,
    done: { result: StepResult; outputText: StoredText; input: Json; now: number },
  ): void {
    const { result, now } = done;
    step.output = result.output;
    step.outputText = done.outputText;
    step.ports = result.ports ?? ['out'];
    step.end = result.end;
    this.#settle(step, { status: 'succeeded', input: done.input, error: null, now });
    // What is pure is done anew after each death: it says nothing of who is to blame for the deaths.
    if (step.isCall) this.#hasProgress = true;
    this.#noteUndoable(step);
    if (result.reply && !this.#responded) {
      this.#responded = { output: result.output };
      this.#pendingReply = result.reply;
    }
  }

  fail(step: LiveStep, failed: { settled: SettledFailure; input: Json; now: number }): void {
    const { settled, now } = failed;
    if (settled.status === 'failed') {
      step.output = settled.output;
      step.outputText = settled.ports.length > 0 ? storableOrNull(settled.output) : null;
      step.ports = settled.ports;
    }
    if (settled.status === 'waiting') {
      step.nextAttemptAt = settled.nextAttemptAt;
      step.waitingFor = 'retry';
    }
    this.#settle(step, { status: settled.status, input: failed.input, error: settled.error, now });
  }

  /** Keeps what the attempt logged; the last attempt that logs anything wins. */
  keepLogs(step: LiveStep, logs: readonly string[]): void {
    if (logs.length > 0) step.logsText = storableOrNull(logs);
  }

  /** The step waits; it goes on at the time, or with a signal, and makes no new attempt then. */
  suspend(step: LiveStep, waits: { suspension: Suspension; input: Json; now: number }): void {
    const { suspension } = waits;
    step.nextAttemptAt = suspension.until;
    step.waitingFor = suspension.for;
    step.suspended = { state: suspension.state };
    step.isSignalled = this.#signals.has(stepId(step.nodeId, step.key));
    this.#settle(step, { status: 'waiting', input: waits.input, error: null, now: waits.now });
  }

  /** True once something held a step of the run back: a breaker, a budget or a connection. */
  get wasHeld(): boolean {
    return this.#wasHeld;
  }

  /** The slot of a budget that the step, which has just begun, waited for. */
  slotOf(step: LiveStep): number | null {
    const before = this.#before.get(step);
    return before?.waitingFor === 'budget' ? (before.nextAttemptAt ?? null) : null;
  }

  /** Nothing was sent: the step waits, and the attempt that it began was none. */
  holdBack(step: LiveStep, held: { hold: Hold; input: Json }): void {
    const { hold, input } = held;
    const before = this.#before.get(step);
    const announced = `${stepId(step.nodeId, step.key)} ${step.attempts}`;
    if (!this.#attempts.delete(announced) && step.isShown) {
      const { nodeId, key, attempts: number } = step;
      this.#unmade.push(unmadeAttemptText({ runId: this.run.id, nodeId, key, number }));
    }
    step.attempts = before?.attempts ?? step.attempts - 1;
    step.status = 'waiting';
    step.error = hold.error ?? before?.error ?? null;
    step.nextAttemptAt = hold.until;
    step.waitingFor = hold.for;
    step.heldBy = hold.scope;
    if (input !== null) step.inputText = storableOrNull(input) ?? step.inputText;
    this.#wasHeld = true;
    this.#unsaved.add(step);
  }

  /** Nothing of this kind holds these scopes back any more: what waits for them goes on. Answers whether anything does. */
  letGo(kind: Hold['for'], scopes: ReadonlySet<string>, now: number): boolean {
    const held = [...this.#steps.values()].filter(
      ({ status, waitingFor, heldBy }) =>
        status === 'waiting' && waitingFor === kind && scopes.has(heldBy ?? ''),
    );
    for (const step of held) step.nextAttemptAt = now;
    return held.length > 0;
  }

  /** The scopes of the connections that steps wait for. */
  parkedBy(): ReadonlySet<string> {
    if (!this.#wasHeld) return NO_SCOPES;
    const scopes = new Set<string>();
    for (const { status, waitingFor, heldBy } of this.#steps.values())
      if (status === 'waiting' && waitingFor === 'connection' && heldBy !== null) scopes.add(heldBy);
    return scopes;
  }

  /** Takes in what waiting steps were told since; `count` is the run's. */
  notice(signals: readonly StoredSignal[], count: number): void {
    this.#signalCount = Math.max(this.#signalCount, count);
    this.#noteSignals(signals);
  }

  /** Does what a person ordered about steps, each order once. */
  obey(orders: readonly StoredOrder[], now: number): void {
    for (const order of orders) {
      if (this.#obeyed.has(order.id)) continue;
      this.#obeyed.add(order.id);
      this.#unsavedOrders.push(order.id);
      const step = this.#steps.get(stepId(order.nodeId, order.key));
      if (!step || !applyOrder(step, order, now)) continue;
      this.#unsaved.add(step);
      if (step.status === 'succeeded') this.#noteUndoable(step);
    }
  }

  skip(ref: StepRef): void {
    const step = this.#step(ref);
    step.status = 'skipped';
    this.#unsaved.add(step);
  }

  cancel(step: LiveStep, { error, now }: { error: StepError | null; now: number }): void {
    this.#dropLoop(step, now);
    step.nextAttemptAt = null;
    this.#settle(step, { status: 'cancelled', input: null, error: error ?? step.error, now });
  }

  /** The loop begins: its list is kept with its step, so that another worker goes on with the same one. */
  openLoop(step: LiveStep, loop: { opening: LoopOpening; inputText: string }): void {
    step.inputText = loop.inputText;
    this.#unsaved.add(step);
    this.#loops.set(stepId(step.nodeId, step.key), new LiveLoop(loop.opening));
  }

  openIteration({ loop, index }: IterationRef): void {
    this.#loops.get(stepId(loop.nodeId, loop.key))?.begin(index);
  }

  settleIteration(settled: SettledIteration, now: number): void {
    this.#loops.get(stepId(settled.loop.nodeId, settled.loop.key))?.settle(settled);
    this.#dropIteration(settled, now);
  }

  /** Takes a loop out whose iterations are all settled. Resolves to its step and its output. */
  closeLoop({ loop: ref }: ClosedLoop): { readonly step: LiveStep; readonly output: Json } | undefined {
    const id = stepId(ref.nodeId, ref.key);
    const [step, loop] = [this.#steps.get(id), this.#loops.get(id)];
    this.#loops.delete(id);
    return step && loop && { step, output: loop.output() };
  }

  /** The run failed, and nothing is left to do but to undo. */
  beginUndoing(error: RunError): void {
    this.#failure = error;
    this.#hasUnsavedFailure = true;
    this.#undoable = inUndoOrder(this.#graph, this.#undoable);
  }

  /** True when what is to be undone needs steps of loops that have left memory. */
  get lacksSteps(): boolean {
    return this.#undoable.some(({ key }) => key !== '');
  }

  /** Takes in steps that have left memory. Those in memory know better. */
  recallSettled(stored: readonly StoredStep[]): void {
    for (const row of stored) {
      const id = stepId(row.nodeId, row.key);
      if (!this.#steps.has(id)) this.#steps.set(id, recalledStep(row, this.#graph.nodes.get(row.nodeId)));
    }
  }

  /** The step's attempt never happened, as far as the journal goes: another worker makes it. */
  withdraw(step: LiveStep): void {
    this.#steps.delete(stepId(step.nodeId, step.key));
    this.#unsaved.delete(step);
  }

  /** As if `begin` had not been: the step is unknown to the planner again, or waits as it did. */
  unbegin(step: LiveStep): void {
    const before = this.#before.get(step);
    if (before?.status === undefined) this.withdraw(step);
    Object.assign(step, before);
  }

  /**
   * Puts a step that was announced but not begun back, to begin with the next activation. Its row would otherwise
   * say that the call may have happened.
   */
  postpone(step: LiveStep, { error, now }: { error: StepError; now: number }): void {
    this.#noteAttempt(step, { number: step.attempts, finishedAt: now, error });
    // Nothing was sent: the next attempt has this number again, and the retry law knows of none.
    step.attempts = this.#before.get(step)?.attempts ?? step.attempts;
    step.nextAttemptAt = now;
    step.waitingFor = 'retry';
    step.status = 'waiting';
    step.error = error;
    step.finishedAt = null;
    this.#unsaved.add(step);
  }

  /** Steps that another worker left in the middle and that have not begun again; for the end of the run. */
  takeInterrupted(): LiveStep[] {
    const left = [...this.#interruptedSteps].filter(([id]) => !this.#steps.has(id));
    for (const [id, step] of left) this.#steps.set(id, step);
    this.#interruptedSteps.clear();
    return left.map(([, step]) => step);
  }

  /** Has the next write show that the step is under way, or, for a `once` step, intended. */
  show(step: LiveStep): void {
    this.#unsaved.add(step);
    step.isShown = true;
    if (step.isCall) this.#noteAttempt(step, { number: step.attempts, finishedAt: null, error: null });
  }

  /** True while a call's result, the reply, or the run's failure is in memory alone. */
  hasUnsaved(): boolean {
    if (this.#pendingReply || this.#hasUnsavedFailure) return true;
    for (const step of this.#unsaved) if (step.isCall && step.status !== 'running') return true;
    return false;
  }

  /** Everything that is not committed yet, as one write; with `exit`, the run's way out. Clears the list. */
  takeWrite(now: number, exit?: RunExit): RunWrite {
    const isEnd = exit?.finishedAt !== undefined || this.#failure !== null;
    const kept = isEnd ? NONE : this.#keptBack();
    this.#sent = [...this.#unsaved].filter((step) => !kept.has(step));
    for (const step of this.#sent) this.#unsaved.delete(step);
    const { id: runId, epoch } = this.run;
    const steps = this.#sent.map((step) => rowOf(runId, step));
    const attempts = this.#takeAttempts(kept);
    const orders = this.#unsavedOrders;
    this.#unsavedOrders = [];
    const unmade = this.#unmade;
    this.#unmade = [];
    const isFirst = this.#isBlank;
    this.#isBlank = false;
    return {
      runId,
      epoch,
      isFirst,
      steps,
      attempts,
      unmade,
      run: this.#runText(exit),
      deadLetter: deadLetterOf(this.run, exit),
      orders,
    };
  }

  /**
   * Until the end of the run commits: a step that ended it, which is pure and runs again after a crash, and what was cancelled for
   * that end. Without the one, the others would make it another end.
   */
  #keptBack(): ReadonlySet<LiveStep> {
    const unsaved = [...this.#unsaved];
    if (!unsaved.some((step) => step.end)) return NONE;
    return new Set(unsaved.filter((step) => step.end !== undefined || step.status === 'cancelled'));
  }

  #takeAttempts(kept: ReadonlySet<LiveStep>): string[] {
    const taken = [...this.#attempts].filter(([, { step }]) => !kept.has(step));
    for (const [id] of taken) this.#attempts.delete(id);
    return taken.map(([, { text }]) => text);
  }

  /** Postgres refused the values: the next write goes without them. */
  dropValues(): void {
    for (const step of [...this.#steps.values(), ...this.#sent]) {
      step.inputText = null;
      step.outputText = null;
      step.logsText = null;
      step.suspended = null;
      this.#unsaved.add(step);
    }
  }

  #recallAll(stored: readonly StoredStep[], now: number): void {
    const begun = new Map<string, Set<number>>();
    for (const row of stored) {
      const planned = this.#graph.nodes.get(row.nodeId);
      const step = recalledStep(row, planned);
      this.#steps.set(stepId(row.nodeId, row.key), step);
      if (step.status === 'succeeded') this.#noteUndoable(step);
      noteIteration(begun, step, planned);
    }
    for (const step of [...this.#steps.values()])
      if (step.status === 'running') this.#recallRunning(step, { begun, now });
    if (this.#failure) this.#undoable = inUndoOrder(this.#graph, this.#undoable);
    else this.#dropSettledIterations(begun);
  }

  /** The worker that ran this step is gone. A loop goes on where it stood; anything else was interrupted. */
  #recallRunning(step: LiveStep, { begun, now }: { begun: Map<string, Set<number>>; now: number }): void {
    const planned = this.#graph.nodes.get(step.nodeId);
    const opening = planned?.body && openingOf(step);
    if (!opening) return this.#interrupt(step, { isOnce: planned?.effect === 'once', now });
    const id = stepId(step.nodeId, step.key);
    const indexes = [...(begun.get(id) ?? [])].sort((a, b) => a - b);
    this.#loops.set(id, new LiveLoop(opening, indexes));
  }

  /** Steps of loops that are over take no part any more. */
  #dropSettledIterations(begun: ReadonlyMap<string, ReadonlySet<number>>): void {
    if (begun.size === 0) return;
    for (const [id, step] of this.#steps) {
      const loopId = this.#graph.nodes.get(step.nodeId)?.loops.at(-1);
      if (loopId === undefined) continue;
      const loop = this.#steps.get(stepId(loopId, parentKey(step.key)));
      if (loop && loop.status !== 'running') this.#steps.delete(id);
    }
  }

  /** A call that must not be repeated is a person's to settle. */
  #interrupt(step: LiveStep, { isOnce, now }: { isOnce: boolean; now: number }): void {
    const error = isOnce ? MAY_HAVE_HAPPENED : WORKER_GONE;
    if (step.isCall) this.#noteAttempt(step, { number: step.attempts, finishedAt: now, error });
    step.error = error;
    if (isOnce) {
      step.status = 'in_doubt';
      this.#unsaved.add(step);
    } else {
      // Forgotten by the planner, so that it runs again; its attempts go on counting.
      this.#steps.delete(stepId(step.nodeId, step.key));
      this.#interruptedSteps.set(stepId(step.nodeId, step.key), step);
    }
  }

  #dropIteration({ loop, index }: IterationRef, now: number): void {
    const key = iterationKey(loop.key, index);
    for (const { node } of this.#graph.nodes.get(loop.nodeId)?.body ?? []) {
      const id = stepId(node.id, key);
      const interrupted = this.#interruptedSteps.get(id);
      const step = this.#steps.get(id);
      if (step) this.#dropLoop(step, now);
      else if (interrupted) this.cancel(interrupted, { error: null, now });
      this.#interruptedSteps.delete(id);
      this.#steps.delete(id);
      this.#signals.delete(id);
    }
  }

  #dropLoop(step: LiveStep, now: number): void {
    const id = stepId(step.nodeId, step.key);
    const loop = this.#loops.get(id);
    if (!loop) return;
    this.#loops.delete(id);
    for (const index of loop.open) this.#dropIteration({ loop: step, index }, now);
  }

  #step(ref: StepRef): LiveStep {
    const id = stepId(ref.nodeId, ref.key);
    const known = this.#steps.get(id) ?? this.#interruptedSteps.get(id);
    const step = known ?? newStep(ref, this.#graph.nodes.get(ref.nodeId));
    this.#steps.set(id, step);
    return step;
  }

  #settle(
    step: LiveStep,
    to: { status: LiveStep['status']; input: Json; error: StepError | null; now: number },
  ): void {
    const isOver = to.status !== 'waiting' && to.status !== 'in_doubt';
    step.status = to.status;
    step.error = to.error;
    step.isUrged = false;
    step.finishedAt = isOver ? to.now : null;
    if (to.input !== null) step.inputText = storableOrNull(to.input) ?? step.inputText;
    if (step.status !== 'waiting') step.waitingFor = null;
    if (isOver) step.suspended = null;
    this.#unsaved.add(step);
    // A pure step that succeeded the first time needs no attempt of its own: its times say it all.
    if (step.attempts === 0 || (!step.isCall && !to.error)) return;
    const finishedAt = isSuspended(step) ? null : to.now;
    this.#noteAttempt(step, { number: step.attempts, finishedAt, error: to.error });
  }

  #noteAttempt(
    step: LiveStep,
    attempt: { number: number; finishedAt: number | null; error: StepError | null },
  ): void {
    const id = `${stepId(step.nodeId, step.key)} ${attempt.number}`;
    this.#attempts.set(id, { step, text: attemptRowOf(this.run.id, step, attempt) });
  }

  /** What another run did is that run's to undo. */
  #noteUndoable({ nodeId, key, finishedAt, isReused }: LiveStep): void {
    if (isReused || this.#graph.nodes.get(nodeId)?.undo === undefined) return;
    this.#undoable.push({ nodeId, key, finishedAt: Math.floor(finishedAt ?? 0) });
  }

  #noteSignals(signals: readonly StoredSignal[]): void {
    for (const { nodeId, key, payload } of signals) {
      const id = stepId(nodeId, key);
      this.#signals.set(id, fromStoredJson(payload));
      const step = this.#steps.get(id);
      if (step && isSuspended(step)) step.isSignalled = true;
    }
  }

  #runText(exit: RunExit | undefined): string | null {
    const reply = this.#pendingReply;
    const clearsDeaths = this.#hasProgress && this.run.deaths > 0;
    if (!exit && !reply && !clearsDeaths && !this.#hasUnsavedFailure) return null;
    this.#pendingReply = null;
    this.#hasUnsavedFailure = false;
    const output = reply && this.#responded ? this.#responded.output : null;
    return runRowOf(this.run, exit, {
      output,
      reply,
      failure: this.#failure,
      clearsDeaths,
      signals: this.#signalCount,
    });
  }
}

const NONE: ReadonlySet<LiveStep> = new Set();
const NO_SCOPES: ReadonlySet<string> = new Set();

/** Notes which iterations of which loops the journal has steps of. */
function noteIteration(begun: Map<string, Set<number>>, step: LiveStep, planned: PlanNode | undefined): void {
  const loopId = planned?.loops.at(-1);
  if (loopId === undefined) return;
  const id = stepId(loopId, parentKey(step.key));
  const indexes = begun.get(id);
  if (indexes) indexes.add(indexOf(step.key));
  else begun.set(id, new Set([indexOf(step.key)]));
}

function parentKey(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf('.')));
}

/** What a loop was begun with; undefined while its settings are still being evaluated. */
function openingOf(step: LiveStep): LoopOpening | undefined {
  return step.inputText === null
    ? undefined
    : (fromStoredJson(JSON.parse(step.inputText) as Json) as unknown as LoopOpening);
}

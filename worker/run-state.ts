import type { FlowReply, StepResult, Suspension } from '#connectors/contract.ts';
import type { RunStatus } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';
import { stepId, type RunError, type RunJournal, type StepRecord, type StepRef } from '#core/plan.ts';
import type { PlanGraph } from '#core/plan-graph.ts';
import type { StepError } from '#core/step-failure.ts';
import type { SettledFailure } from '#core/settle-failure.ts';
import {
  attemptText,
  deadLetterText,
  runText,
  stepText,
  type StoredText,
} from '#server/journal/journal-rows.ts';
import type { RunWrite } from '#server/journal/journal-writer.ts';
import { fromStoredJson, toStoredJson } from '#server/journal/stored-json.ts';
import type { ClaimedRun } from '#server/sql/claim-runs.ts';
import type { StoredStep } from '#server/sql/load-runs.ts';
import { storableOrNull } from '#worker/storable.ts';

/** A step of the run in hand: what the planner reads, what the journal keeps, and whether it has it yet. */
export type LiveStep = { -readonly [Name in keyof StepRecord]: StepRecord[Name] } & {
  attempts: number;
  startedAt: number | null;
  /** When the attempt in hand began. */
  attemptStartedAt: number | null;
  finishedAt: number | null;
  inputText: StoredText;
  outputText: StoredText;
  /** True for calls: their results must be committed before anything later that changes something. */
  readonly isCall: boolean;
  isDirty: boolean;
  /** True once the journal was told that the attempt in hand is under way. */
  isShown: boolean;
};

/** How a run leaves this activation. */
export interface RunExit {
  readonly status: RunStatus;
  readonly output?: Json;
  readonly error?: RunError | null;
  /** When a worker may claim it again; absent at the end and while in doubt. */
  readonly wakeAt?: number;
  readonly finishedAt?: number;
}

/**
 * The journal of one run in memory: the truth for the planner, and the list of what is not committed yet. It decides
 * nothing and talks to nobody.
 */
export class RunState implements RunJournal {
  readonly run: ClaimedRun;
  readonly #graph: PlanGraph;
  readonly #steps = new Map<string, LiveStep>();
  /** Rows of attempts to be written, by step and number: the last word on each counts. */
  readonly #attempts = new Map<string, string>();
  /** Steps that another worker left in the middle: unknown to the planner, so they run again. */
  readonly #interruptedSteps = new Map<string, LiveStep>();
  #responded: { readonly output: Json } | null;
  #pendingReply: FlowReply | null = null;
  #hasProgress = false;

  constructor(claimed: { run: ClaimedRun; graph: PlanGraph; stored: readonly StoredStep[]; now: number }) {
    const { run, graph, stored, now } = claimed;
    this.run = run;
    this.#graph = graph;
    this.#responded = run.reply === null ? null : { output: fromStoredJson(run.output) };
    for (const step of stored) this.#recall(step, now);
  }

  get steps(): ReadonlyMap<string, LiveStep> {
    return this.#steps;
  }

  get responded(): { readonly output: Json } | null {
    return this.#responded;
  }

  /** Outputs by node id, of those of the given nodes that have one. */
  outputs(nodeIds: Iterable<string>): Record<string, Json> {
    const outputs = Object.create(null) as Record<string, Json>;
    for (const nodeId of nodeIds) {
      const step = this.#steps.get(nodeId);
      if (step?.status === 'succeeded' || (step?.status === 'failed' && step.ports.length > 0))
        outputs[nodeId] = step.output;
    }
    return outputs;
  }

  begin(ref: StepRef, now: number): LiveStep {
    const step = this.#step(ref);
    step.status = 'running';
    step.attempts += 1;
    step.startedAt ??= now;
    step.attemptStartedAt = now;
    step.nextAttemptAt = null;
    step.error = null;
    step.isShown = false;
    return step;
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
    this.#hasProgress = true;
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
    if (settled.status === 'waiting') step.nextAttemptAt = settled.nextAttemptAt;
    this.#settle(step, { status: settled.status, input: failed.input, error: settled.error, now });
  }

  /** The step waits; it goes on at the time, or with a signal, and makes no new attempt then. */
  suspend(step: LiveStep, waits: { suspension: Suspension; input: Json; now: number }): void {
    step.nextAttemptAt = waits.suspension.until;
    this.#settle(step, { status: 'waiting', input: waits.input, error: null, now: waits.now });
  }

  skip(ref: StepRef): void {
    const step = this.#step(ref);
    step.status = 'skipped';
    step.isDirty = true;
  }

  cancel(step: LiveStep, { error, now }: { error: StepError | null; now: number }): void {
    step.nextAttemptAt = null;
    this.#settle(step, { status: 'cancelled', input: null, error: error ?? step.error, now });
  }

  /** The step's attempt never happened, as far as the journal goes: another worker makes it. */
  withdraw(step: LiveStep): void {
    this.#steps.delete(stepId(step.nodeId, step.key));
  }

  /**
   * Puts a step that was announced but not begun back, to begin with the next activation. Its row would otherwise
   * say that the call may have happened.
   */
  postpone(step: LiveStep, { error, now }: { error: StepError; now: number }): void {
    step.nextAttemptAt = now;
    this.#settle(step, { status: 'waiting', input: null, error, now });
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
    step.isDirty = true;
    step.isShown = true;
    if (step.isCall) this.#noteAttempt(step, { number: step.attempts, finishedAt: null, error: null });
  }

  /** True while a call's result, or the reply, is in memory alone. */
  hasUnsaved(): boolean {
    if (this.#pendingReply) return true;
    for (const step of this.#steps.values())
      if (step.isDirty && step.isCall && step.status !== 'running') return true;
    return false;
  }

  /** Everything that is not committed yet, as one write; with `exit`, the run's way out. Clears the list. */
  takeWrite(now: number, exit?: RunExit): RunWrite {
    const steps: string[] = [];
    for (const step of this.#steps.values()) {
      // A step that ended the run is kept back until the run's end commits: it is pure, and re-run after a crash.
      if (!step.isDirty || (step.end && !exit?.finishedAt)) continue;
      step.isDirty = false;
      steps.push(this.#stepText(step));
    }
    const { id: runId, epoch } = this.run;
    const attempts = [...this.#attempts.values()];
    this.#attempts.clear();
    return { runId, epoch, steps, attempts, run: this.#runText(exit), deadLetter: this.#deadLetter(exit) };
  }

  /** Postgres refused the values: the next write goes without them. */
  dropValues(): void {
    for (const step of this.#steps.values()) {
      step.inputText = null;
      step.outputText = null;
      step.isDirty = true;
    }
  }

  #recall(stored: StoredStep, now: number): void {
    const planned = this.#graph.nodes.get(stored.nodeId);
    const step: LiveStep = {
      nodeId: stored.nodeId,
      key: stored.key,
      status: stored.status,
      ports: stored.ports,
      output: fromStoredJson(stored.output),
      error: stored.error as unknown as StepError | null,
      nextAttemptAt: stored.nextAttemptAt?.getTime() ?? null,
      attempts: stored.attempts,
      startedAt: stored.startedAt?.getTime() ?? null,
      attemptStartedAt: null,
      finishedAt: stored.finishedAt?.getTime() ?? null,
      inputText: stored.input === null ? null : JSON.stringify(stored.input),
      outputText: stored.output === null ? null : JSON.stringify(stored.output),
      isCall: planned !== undefined && planned.effect !== 'pure',
      isDirty: false,
      isShown: false,
    };
    this.#steps.set(stepId(step.nodeId, step.key), step);
    if (stored.status === 'running') this.#interrupt(step, { isOnce: planned?.effect === 'once', now });
  }

  /** The worker that ran this step is gone. A call that must not be repeated is a person's to settle. */
  #interrupt(step: LiveStep, { isOnce, now }: { isOnce: boolean; now: number }): void {
    const error = isOnce ? MAY_HAVE_HAPPENED : WORKER_GONE;
    if (step.isCall) this.#noteAttempt(step, { number: step.attempts, finishedAt: now, error });
    step.error = error;
    if (isOnce) {
      step.status = 'in_doubt';
      step.isDirty = true;
    } else {
      // Forgotten by the planner, so that it runs again; its attempts go on counting.
      this.#steps.delete(stepId(step.nodeId, step.key));
      this.#interruptedSteps.set(stepId(step.nodeId, step.key), step);
    }
  }

  #step(ref: StepRef): LiveStep {
    const id = stepId(ref.nodeId, ref.key);
    const known = this.#steps.get(id) ?? this.#interruptedSteps.get(id);
    const step = known ?? newStep(ref, this.#graph.nodes.get(ref.nodeId)?.effect !== 'pure');
    this.#steps.set(id, step);
    return step;
  }

  #settle(
    step: LiveStep,
    to: { status: LiveStep['status']; input: Json; error: StepError | null; now: number },
  ): void {
    step.status = to.status;
    step.error = to.error;
    step.finishedAt = to.status === 'waiting' || to.status === 'in_doubt' ? null : to.now;
    step.inputText = storableOrNull(to.input) ?? step.inputText;
    step.isDirty = true;
    // A pure step that succeeded the first time needs no attempt of its own: its times say it all.
    if (step.attempts > 0 && (step.isCall || to.error))
      this.#noteAttempt(step, { number: step.attempts, finishedAt: to.now, error: to.error });
  }

  #noteAttempt(
    step: LiveStep,
    attempt: { number: number; finishedAt: number | null; error: StepError | null },
  ): void {
    const { runId, nodeId, key } = { runId: this.run.id, nodeId: step.nodeId, key: step.key };
    const startedAt = step.attemptStartedAt ?? step.startedAt ?? 0;
    const error = attempt.error && storableOrNull(attempt.error as unknown as Json);
    const { number, finishedAt } = attempt;
    this.#attempts.set(
      `${stepId(nodeId, key)} ${number}`,
      attemptText({ runId, nodeId, key, number, startedAt, finishedAt, error }),
    );
  }

  #stepText(step: LiveStep): string {
    return stepText({
      runId: this.run.id,
      nodeId: step.nodeId,
      key: step.key,
      status: step.status,
      ports: step.ports,
      input: step.inputText,
      output: step.outputText,
      error: step.error && storableOrNull(step.error as unknown as Json),
      attempts: step.attempts,
      startedAt: step.startedAt,
      finishedAt: step.finishedAt,
      nextAttemptAt: step.nextAttemptAt,
    });
  }

  #runText(exit: RunExit | undefined): string | null {
    const reply = this.#pendingReply;
    const clearsDeaths = this.#hasProgress && this.run.deaths > 0;
    if (!exit && !reply && !clearsDeaths) return null;
    this.#pendingReply = null;
    const output = exit?.output ?? (reply && this.#responded ? this.#responded.output : null);
    return runText({
      runId: this.run.id,
      status: exit?.status ?? 'running',
      output: output === null ? null : storableOrNull(output),
      reply: reply && toStoredJson(reply as unknown as Json),
      error: exit?.error ? storableOrNull(exit.error as unknown as Json) : null,
      wakeAt: exit?.wakeAt ?? null,
      finishedAt: exit?.finishedAt ?? null,
      hasProgress: clearsDeaths,
      keepsLease: exit === undefined,
    });
  }

  #deadLetter(exit: RunExit | undefined): string | null {
    if (exit?.status !== 'failed') return null;
    return deadLetterText({
      runId: this.run.id,
      workspaceId: this.run.workspaceId,
      flowSlug: this.run.flowSlug,
      nodeId: exit.error?.nodeId ?? null,
      errorKind: exit.error?.kind ?? 'bug',
      errorCode: exit.error?.code ?? 'unexpected',
    });
  }
}

function newStep({ nodeId, key }: StepRef, isCall: boolean): LiveStep {
  return {
    nodeId,
    key,
    status: 'running',
    ports: [],
    output: null,
    error: null,
    nextAttemptAt: null,
    attempts: 0,
    startedAt: null,
    attemptStartedAt: null,
    finishedAt: null,
    inputText: null,
    outputText: null,
    isCall,
    isDirty: false,
    isShown: false,
  };
}

const WORKER_GONE: StepError = {
  kind: 'transient',
  code: 'worker_gone',
  message: 'The worker that ran this attempt went away. Another one goes on.',
};

const MAY_HAVE_HAPPENED: StepError = {
  kind: 'uncertain',
  code: 'worker_gone',
  message:
    'The worker went away during this call, which must not be repeated unasked. It may have happened: look at the far end, then settle the step.',
};

import type { StepRecord, StepRef } from '#core/plan.ts';
import type { PlanNode } from '#core/plan-graph.ts';
import type { Json } from '#core/json.ts';
import type { StepError } from '#core/step-failure.ts';
import { attemptText, stepText, type StoredText, type WaitingFor } from '#server/journal/journal-rows.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import type { StoredStep } from '#server/sql/load-runs.ts';
import { storableOrNull } from '#worker/storable.ts';

/** A step of the run in hand: what the planner reads, and what the journal keeps. */
export type LiveStep = { -readonly [Name in keyof StepRecord]: StepRecord[Name] } & {
  attempts: number;
  startedAt: number | null;
  /** When the attempt in hand began. */
  attemptStartedAt: number | null;
  finishedAt: number | null;
  inputText: StoredText;
  outputText: StoredText;
  logsText: StoredText;
  waitingFor: WaitingFor | null;
  /** What last held it back. */
  heldBy: string | null;
  /** What its handler left when it suspended the step; kept until the step is settled. */
  suspended: { readonly state: Json } | null;
  /** True for calls: their results must be committed before anything later that changes something. */
  readonly isCall: boolean;
  /** Attempts that the retry law no longer counts: those before the run was last resumed. */
  readonly attemptsBefore: number;
  /** True for a step that another run did. */
  readonly isReused: boolean;
  /** True while a person wants it tried now: its next attempt goes out though its far end is held back. */
  isUrged: boolean;
  /** True once the journal was told that the attempt in hand is under way. */
  isShown: boolean;
};

export function newStep({ nodeId, key }: StepRef, planned: PlanNode | undefined): LiveStep {
  return {
    nodeId,
    key,
    status: 'running',
    ports: [],
    output: null,
    error: null,
    nextAttemptAt: null,
    isSignalled: false,
    end: undefined,
    attempts: 0,
    startedAt: null,
    attemptStartedAt: null,
    finishedAt: null,
    inputText: null,
    outputText: null,
    logsText: null,
    waitingFor: null,
    heldBy: null,
    suspended: null,
    isCall: planned?.effect !== 'pure',
    attemptsBefore: 0,
    isReused: false,
    isUrged: false,
    isShown: false,
  };
}

/** A step as the journal has it. */
export function recalledStep(stored: StoredStep, planned: PlanNode | undefined): LiveStep {
  return {
    ...newStep(stored, planned),
    status: stored.status,
    ports: stored.ports,
    output: fromStoredJson(stored.output),
    error: stored.error as unknown as StepError | null,
    nextAttemptAt: stored.nextAttemptAt?.getTime() ?? null,
    attempts: stored.attempts,
    startedAt: stored.startedAt?.getTime() ?? null,
    finishedAt: stored.finishedAt?.getTime() ?? null,
    inputText: stored.input === null ? null : JSON.stringify(stored.input),
    outputText: stored.output === null ? null : JSON.stringify(stored.output),
    logsText: stored.logs === null ? null : JSON.stringify(stored.logs),
    waitingFor: stored.waitingFor,
    heldBy: stored.heldBy,
    suspended: stored.isSuspended ? { state: fromStoredJson(stored.state) } : null,
    isCall: planned !== undefined && planned.effect !== 'pure',
    attemptsBefore: stored.attemptsBefore,
    isReused: stored.isReused,
  };
}

/** True for a step that waits in the middle of an attempt: its handler suspended it. */
export function isSuspended({ status, waitingFor }: Pick<LiveStep, 'status' | 'waitingFor'>): boolean {
  return (
    status === 'waiting' && (waitingFor === 'time' || waitingFor === 'approval' || waitingFor === 'call')
  );
}

/** The step's row. */
export function rowOf(runId: string, step: LiveStep): string {
  return stepText({
    runId,
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
    waitingFor: step.waitingFor,
    heldBy: step.heldBy,
    state: step.suspended && storableOrNull(step.suspended.state),
    logs: step.logsText,
  });
}

/** The row of one attempt of the step. */
export function attemptRowOf(
  runId: string,
  step: LiveStep,
  attempt: { number: number; finishedAt: number | null; error: StepError | null },
): string {
  const { number, finishedAt } = attempt;
  const startedAt = step.attemptStartedAt ?? step.startedAt ?? 0;
  const error = attempt.error && storableOrNull(attempt.error as unknown as Json);
  return attemptText({ runId, nodeId: step.nodeId, key: step.key, number, startedAt, finishedAt, error });
}

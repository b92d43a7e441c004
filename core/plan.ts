import type { StepStatus } from './api/runs.ts';
import type { Json } from './json.ts';
import { planUndo } from './plan/plan-undo.ts';
import { scopeOutput } from './plan/scope-output.ts';
import { Survey } from './plan/survey.ts';
import type { PlanGraph } from './plan-graph.ts';
import type { StepError } from './step-failure.ts';

/** What the journal knows of one step. */
export interface StepRecord {
  readonly nodeId: string;
  /** Loop path; empty outside loops. */
  readonly key: string;
  readonly status: StepStatus;
  /** The ports that were followed. */
  readonly ports: readonly string[];
  readonly output: Json;
  readonly error: StepError | null;
  /** While it waits: when it goes on by itself, in milliseconds since 1970; null waits for a signal alone. */
  readonly nextAttemptAt: number | null;
  /** True for a waiting step that was told what it waits for. */
  readonly isSignalled?: boolean;
  /** Set by `core.stop`: ends the run once the steps in flight are settled. */
  readonly end?: { readonly status: 'succeeded' | 'failed'; readonly message?: string } | undefined;
}

/** What the journal knows of a loop that is under way. */
export interface LoopRecord {
  /** How many items it has. */
  readonly count: number;
  readonly concurrency: number;
  /** True when the first item that fails fails the loop. */
  readonly stopsAtFailure: boolean;
  /** Iterations that began and are not settled. */
  readonly open: ReadonlySet<number>;
  /** The error of the lowest index that failed; kept only where it stops the loop. */
  readonly failure: StepError | null;
  /** The first index from `from` on that never began; `count` when there is none. */
  nextFrom(from: number): number;
}

/** A step that was done and that its flow can undo. */
export interface UndoableStep extends StepRef {
  /** Milliseconds since 1970. */
  readonly finishedAt: number;
}

/** All that decides how a run goes on. */
export interface RunJournal {
  /** By `stepId`; those of settled iterations may be missing. */
  readonly steps: ReadonlyMap<string, StepRecord>;
  /** Loops under way, by `stepId`. A loop step that is running and not among them is just beginning. */
  readonly loops: ReadonlyMap<string, LoopRecord>;
  /** What `core.respond` made the run's output; the first one counts. */
  readonly responded: { readonly output: Json } | null;
  /** Why the run failed: set once nothing is left to do but to undo. */
  readonly failure: RunError | null;
  /** Steps that succeeded and can be undone; while `failure` is set, in the order of `inUndoOrder`. */
  readonly undoable: readonly UndoableStep[];
}

export interface StepRef {
  readonly nodeId: string;
  readonly key: string;
}

/** One time through the body of a loop. */
export interface IterationRef {
  readonly loop: StepRef;
  readonly index: number;
}

export interface SettledIteration extends IterationRef {
  /** Output of the last node in the body's order that ran; null for an item that failed or was stopped. */
  readonly result: Json;
  readonly error: StepError | null;
}

export interface ClosedLoop {
  readonly loop: StepRef;
  /** Null where it succeeded. */
  readonly error: StepError | null;
}

/** Why a run failed, and where. */
export interface RunError extends StepError {
  readonly nodeId?: string;
}

/** What to do now, in this order but for `execute`, which comes last. */
export interface Plan {
  /** Steps to begin side by side: new ones, those of iterations in `open`, and waiting ones that go on. */
  readonly execute: readonly StepRef[];
  /** Steps that no edge can reach any more. */
  readonly skip: readonly StepRef[];
  /** Waiting steps, and loops, that a failure or the run's end overtakes. */
  readonly cancel: readonly StepRef[];
  readonly settle: readonly SettledIteration[];
  readonly open: readonly IterationRef[];
  /** Loops all of whose iterations are settled. */
  readonly close: readonly ClosedLoop[];
  readonly outcome: PlanOutcome;
}

export type PlanOutcome =
  /** Something is under way or about to be; `until` is when a waiting step falls due, if one waits for a time. */
  | { readonly kind: 'running'; readonly until: number | null }
  /** Nothing to do before `until`; null: before a waiting step is told what it waits for. */
  | { readonly kind: 'wait'; readonly until: number | null }
  /** Nothing to do before a person settles a step in doubt. */
  | { readonly kind: 'doubt' }
  /** The run failed, and has something to undo: the journal is to say so in `failure`, and `plan` to be asked again. */
  | { readonly kind: 'undo'; readonly error: RunError }
  | {
      readonly kind: 'end';
      readonly status: 'succeeded' | 'failed';
      readonly output: Json;
      readonly error: RunError | null;
      /** What became of the steps to undo; absent where there were none. */
      readonly compensation?: 'undone' | 'partly_undone';
    };

/**
 * Decides how a run goes on. Pure: the same journal and time give the same decisions, whatever order the steps
 * finished in.
 *
 * A node runs when its incoming edges say so; a failed step fails its scope unless its node says `onError`, and the
 * root's failure is the run's. The run's output is that of `core.respond`, else of the last node in the graph's order
 * that ran and has no successor that ran. The whole of it: `docs/decisions/0013-orchestration.md`.
 *
 * @param now milliseconds since 1970, by the database's clock.
 */
export function plan(graph: PlanGraph, journal: RunJournal, now: number): Plan {
  if (journal.failure) return planUndo(graph, journal, { error: journal.failure, now });
  const survey = new Survey({ graph, journal, now });
  const { failed } = survey.scope(graph.root, { key: '', isStopped: false });
  if (failed) return planHalt(graph, journal, { survey, halt: failed });
  if (survey.ended) {
    const stopped = new Survey({ graph, journal, now });
    stopped.scope(graph.root, { key: '', isStopped: true });
    return planHalt(graph, journal, { survey: stopped, halt: survey.ended });
  }
  const { execute, skip, cancel, settle, open, close } = survey;
  return { execute, skip, cancel, settle, open, close, outcome: outcomeOf(graph, journal, survey) };
}

function outcomeOf(graph: PlanGraph, journal: RunJournal, survey: Survey): PlanOutcome {
  const { execute, settle, open, close, until } = survey;
  const isMoving = execute.length > 0 || settle.length > 0 || open.length > 0 || close.length > 0;
  if (isMoving || survey.running > 0) return { kind: 'running', until };
  if (survey.isWaiting) return { kind: 'wait', until };
  if (survey.inDoubt) return { kind: 'doubt' };
  return { kind: 'end', status: 'succeeded', output: runOutput(graph, journal), error: null };
}

/** The run is over: nothing new begins, what is in flight settles first, and so does what is in doubt. */
function planHalt(
  graph: PlanGraph,
  journal: RunJournal,
  { survey, halt }: { survey: Survey; halt: StepRecord },
): Plan {
  const idle = { execute: [], skip: [], settle: [], open: [], close: [] };
  if (survey.running > 0) return { ...idle, cancel: [], outcome: { kind: 'running', until: null } };
  const { cancel } = survey;
  if (survey.inDoubt) return { ...idle, cancel, outcome: { kind: 'doubt' } };
  const error = haltError(halt);
  if (error && journal.undoable.length > 0) return { ...idle, cancel, outcome: { kind: 'undo', error } };
  const output = error ? (journal.responded?.output ?? null) : runOutput(graph, journal);
  return { ...idle, cancel, outcome: { kind: 'end', status: error ? 'failed' : 'succeeded', output, error } };
}

function haltError(halt: StepRecord): RunError | null {
  if (halt.status === 'failed') return { ...(halt.error ?? UNKNOWN_ERROR), nodeId: halt.nodeId };
  if (halt.end?.status !== 'failed') return null;
  return {
    kind: 'invalid',
    code: 'stopped',
    message: halt.end.message || 'The flow stopped itself as failed.',
    nodeId: halt.nodeId,
  };
}

const UNKNOWN_ERROR: StepError = {
  kind: 'bug',
  code: 'unexpected',
  message: 'The step failed without saying why.',
};

function runOutput(graph: PlanGraph, journal: RunJournal): Json {
  return journal.responded ? journal.responded.output : scopeOutput(graph.root, '', journal);
}

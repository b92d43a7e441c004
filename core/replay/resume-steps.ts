import { compareKeys, outerKey, stepId } from '../plan/step-id.ts';
import type { StepRef } from '../plan.ts';
import type { PlanGraph, PlanNode, PlanScope } from '../plan-graph.ts';
import type { RecordedStep } from './recorded-step.ts';

/** What becomes of the recorded steps of a failed run that goes on. All others stay as they are. */
export interface ResumedSteps {
  /** Get another attempt, under the same key, at once. */
  readonly retry: readonly StepRef[];
  /** Loops that are under way again, with the list that they began with and the items that they have. */
  readonly reopen: readonly StepRef[];
  /** Calls that may have happened when the run was stopped: a person's to settle. */
  readonly doubt: readonly StepRef[];
}

/**
 * Decides which steps of a failed run go on: those whose failure nothing in the flow handles, those that the failure
 * cancelled, and the loops around them. Items that a loop has dealt with, well or by `onItemError: continue`, are kept.
 */
export function resumeSteps(graph: PlanGraph, recorded: Iterable<RecordedStep>): ResumedSteps {
  const resumption = new Resumption(recorded);
  resumption.scope(graph.root, '');
  const { retry, reopen, doubt } = resumption;
  return { retry, reopen, doubt };
}

class Resumption {
  readonly retry: StepRef[] = [];
  readonly reopen: StepRef[] = [];
  readonly doubt: StepRef[] = [];
  readonly #steps = new Map<string, RecordedStep>();
  /** Keys below which the journal has steps, by the key that they stand in. */
  readonly #iterations = new Map<string, Set<string>>();

  constructor(recorded: Iterable<RecordedStep>) {
    for (const step of recorded) {
      this.#steps.set(stepId(step.nodeId, step.key), step);
      this.#noteIterations(step.key);
    }
  }

  scope(members: PlanScope, key: string): void {
    for (const member of members) {
      const step = this.#steps.get(stepId(member.node.id, key));
      if (step && goesOn(member, step)) this.#goOn(member, step);
    }
  }

  #goOn(member: PlanNode, step: RecordedStep): void {
    const ref = { nodeId: step.nodeId, key: step.key };
    const begun = member.body ? this.#begunItems(member.body, step.key) : [];
    if (member.body && begun.length > 0) {
      this.reopen.push(ref);
      for (const key of begun) if (!this.#isDealtWith(member.body, step, key)) this.scope(member.body, key);
    } else if (mayHaveHappened(member, step)) this.doubt.push(ref);
    else this.retry.push(ref);
  }

  /** Keys of the iterations of which the journal has steps. */
  #begunItems(body: PlanScope, key: string): string[] {
    const keys = [...(this.#iterations.get(key) ?? [])];
    const begun = keys.filter((item) => body.some(({ node }) => this.#steps.has(stepId(node.id, item))));
    return begun.sort(compareKeys);
  }

  /** An item that failed on its own in a loop which goes on without it. */
  #isDealtWith(body: PlanScope, loop: RecordedStep, key: string): boolean {
    return (
      loop.outlivesItems &&
      body.some((member) => isUnhandled(member, this.#steps.get(stepId(member.node.id, key))))
    );
  }

  #noteIterations(key: string): void {
    const depth = key === '' ? 0 : key.split('.').length;
    for (let level = 0; level < depth; level++) {
      const outer = outerKey(key, level);
      const inner = outerKey(key, level + 1);
      const known = this.#iterations.get(outer);
      if (known) known.add(inner);
      else this.#iterations.set(outer, new Set([inner]));
    }
  }
}

/** A stop that had succeeded stops the run again, in its turn: what stands beside it goes on, too. */
function goesOn(member: PlanNode, step: RecordedStep): boolean {
  if (step.status === 'succeeded') return member.endsRun;
  return step.status === 'cancelled' || isUnhandled(member, step);
}

function isUnhandled({ node }: PlanNode, step: RecordedStep | undefined): boolean {
  return step?.status === 'failed' && (node.onError ?? 'fail') === 'fail';
}

/** Codes of steps that were announced, and taken back before anything left. */
const NOT_SENT: ReadonlySet<string> = new Set(['not_begun', 'drained']);

/** The run was stopped while the call was under way. One that waited for its next attempt keeps that attempt's error. */
function mayHaveHappened({ effect }: PlanNode, { status, attempts, error }: RecordedStep): boolean {
  if (effect !== 'once' || status !== 'cancelled' || attempts === 0) return false;
  return error === null || (error.kind === 'cancelled' && !NOT_SENT.has(error.code));
}

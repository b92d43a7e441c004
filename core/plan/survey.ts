import type {
  ClosedLoop,
  IterationRef,
  LoopRecord,
  RunJournal,
  SettledIteration,
  StepRecord,
  StepRef,
} from '../plan.ts';
import type { PlanGraph, PlanNode, PlanScope } from '../plan-graph.ts';
import type { StepError } from '../step-failure.ts';
import { scopeOutput } from './scope-output.ts';
import { iterationKey, stepId } from './step-id.ts';

/** What a pass over a scope found. */
export interface ScopeState {
  /** The first node, in the scope's order, whose failure fails the scope. */
  readonly failed: StepRecord | undefined;
  /** True while anything in the scope is under way, waits or is about to begin. */
  readonly isBusy: boolean;
}

interface Place {
  readonly members: PlanScope;
  readonly key: string;
  /** True where nothing new may begin and what waits is given up. */
  readonly isStopped: boolean;
  /** Nodes that this very pass skips, so that they decide their successors at once. */
  readonly skipped: Set<string>;
}

/**
 * One pass over the root and the open iterations, in topological order. It gathers what is to be done; iterations that
 * are settled, or not begun, cost nothing.
 */
export class Survey {
  readonly execute: StepRef[] = [];
  readonly skip: StepRef[] = [];
  readonly cancel: StepRef[] = [];
  readonly open: IterationRef[] = [];
  readonly settle: SettledIteration[] = [];
  readonly close: ClosedLoop[] = [];
  running = 0;
  /** When the first waiting step falls due. */
  until: number | null = null;
  /** True when a step waits, be it for a time or for a word from outside. */
  isWaiting = false;
  inDoubt = false;
  /** The first step that ends the whole run. */
  ended: StepRecord | undefined;

  readonly #graph: PlanGraph;
  readonly #journal: RunJournal;
  readonly #now: number;

  constructor({ graph, journal, now }: { graph: PlanGraph; journal: RunJournal; now: number }) {
    this.#graph = graph;
    this.#journal = journal;
    this.#now = now;
  }

  /** Surveys an instance of a scope. One with a failure of its own is stopped in any case. */
  scope(members: PlanScope, { key, isStopped }: { key: string; isStopped: boolean }): ScopeState {
    const failed = this.#failedIn(members, key);
    const place = { members, key, isStopped: isStopped || failed !== undefined, skipped: new Set<string>() };
    let isBusy = false;
    for (const member of members) if (this.#member(member, place)) isBusy = true;
    return { failed, isBusy };
  }

  #failedIn(members: PlanScope, key: string): StepRecord | undefined {
    for (const member of members) {
      const record = this.#record(member, key);
      if (record?.status === 'failed' && !isHandled(member)) return record;
    }
    return undefined;
  }

  #record({ node }: PlanNode, key: string): StepRecord | undefined {
    return this.#journal.steps.get(stepId(node.id, key));
  }

  /** Answers whether the node keeps its scope busy. */
  #member(member: PlanNode, place: Place): boolean {
    const record = this.#record(member, place.key);
    if (record) return this.#known(member, record, place);
    if (place.isStopped) return false;
    const reach = reachOf(member, (from, port) => this.#edgeState(place, from, port));
    const ref = { nodeId: member.node.id, key: place.key };
    if (reach === 'reached') this.execute.push(ref);
    if (reach !== 'dead') return true;
    this.skip.push(ref);
    place.skipped.add(ref.nodeId);
    return false;
  }

  #known(member: PlanNode, record: StepRecord, place: Place): boolean {
    switch (record.status) {
      case 'running':
        return this.#running(member, record, place);
      case 'waiting':
        return this.#waiting(record, place);
      case 'in_doubt':
        this.inDoubt = true;
        return true;
      case 'succeeded':
        if (record.end) this.ended ??= record;
        return false;
      case 'failed':
      case 'skipped':
      case 'cancelled':
        return false;
    }
  }

  #running(member: PlanNode, record: StepRecord, { isStopped }: Place): boolean {
    const loop = member.body && this.#journal.loops.get(stepId(record.nodeId, record.key));
    if (member.body && loop) return this.#loop(member.body, { ref: refOf(record), loop, isStopped });
    this.running += 1;
    return true;
  }

  #waiting(record: StepRecord, { isStopped }: Place): boolean {
    const ref = refOf(record);
    if (isStopped) {
      this.cancel.push(ref);
      return false;
    }
    if (isDue(record, this.#now)) {
      this.execute.push(ref);
      return true;
    }
    this.isWaiting = true;
    if (record.nextAttemptAt !== null) this.until = Math.min(this.until ?? Infinity, record.nextAttemptAt);
    return true;
  }

  #loop(body: PlanScope, at: { ref: StepRef; loop: LoopRecord; isStopped: boolean }): boolean {
    const { ref, loop, isStopped } = at;
    const isFailing = loop.stopsAtFailure && (loop.failure !== null || this.#hasFailedItem(body, ref, loop));
    let busy = 0;
    for (const index of loop.open) {
      const key = iterationKey(ref.key, index);
      const state = this.scope(body, { key, isStopped: isStopped || isFailing });
      if (state.isBusy) busy += 1;
      else if (!isStopped)
        this.settle.push({ loop: ref, index, ...this.#outcome(body, key, { state, isFailing }) });
    }
    if (isStopped) {
      if (busy === 0) this.cancel.push(ref);
      return busy > 0;
    }
    const opened = isFailing ? 0 : this.#openMore(body, { ref, loop, free: loop.concurrency - busy });
    if (loop.open.size === 0 && opened === 0) this.close.push({ loop: ref, error: loop.failure });
    return true;
  }

  #hasFailedItem(body: PlanScope, ref: StepRef, loop: LoopRecord): boolean {
    for (const index of loop.open) if (this.#failedIn(body, iterationKey(ref.key, index))) return true;
    return false;
  }

  #outcome(
    body: PlanScope,
    key: string,
    { state, isFailing }: { state: ScopeState; isFailing: boolean },
  ): Pick<SettledIteration, 'result' | 'error'> {
    if (state.failed) return { result: null, error: itemError(state.failed) };
    return { result: isFailing ? null : scopeOutput(body, key, this.#journal), error: null };
  }

  #openMore(body: PlanScope, more: { ref: StepRef; loop: LoopRecord; free: number }): number {
    const { ref, loop } = more;
    let opened = 0;
    let index = loop.nextFrom(0);
    while (opened < more.free && index < loop.count) {
      this.open.push({ loop: ref, index });
      this.scope(body, { key: iterationKey(ref.key, index), isStopped: false });
      opened += 1;
      index = loop.nextFrom(index + 1);
    }
    return opened;
  }

  #edgeState(place: Place, from: string, port: string): EdgeState {
    if (place.skipped.has(from)) return 'dead';
    const record = this.#journal.steps.get(stepId(from, place.key));
    if (!record) return 'open';
    switch (record.status) {
      case 'running':
      case 'waiting':
      case 'in_doubt':
        return 'open';
      case 'skipped':
      case 'cancelled':
        return 'dead';
      case 'failed':
        if (!isHandled(this.#graph.nodes.get(from))) return 'dead';
        return record.ports.includes(port) ? 'reached' : 'dead';
      case 'succeeded':
        return record.ports.includes(port) ? 'reached' : 'dead';
    }
  }
}

/** True when a waiting step goes on: its time has come, or it was told what it waits for. */
export function isDue(record: StepRecord, now: number): boolean {
  if (record.isSignalled) return true;
  return record.nextAttemptAt !== null && record.nextAttemptAt <= now;
}

/** A failure that the flow itself deals with. */
function isHandled(member: PlanNode | undefined): boolean {
  return (member?.node.onError ?? 'fail') !== 'fail';
}

function refOf({ nodeId, key }: StepRecord): StepRef {
  return { nodeId, key };
}

function itemError(failed: StepRecord): StepError {
  return failed.error ?? { kind: 'bug', code: 'unexpected', message: 'The step failed without saying why.' };
}

type EdgeState = 'reached' | 'dead' | 'open';

/**
 * Whether a node's turn has come. `all`: once no incoming edge is open, if one at least was reached. `any`: with the
 * first edge reached. Either way a node none of whose edges can be reached is dead. A node without edges begins its
 * scope.
 */
function reachOf(member: PlanNode, stateOf: (from: string, port: string) => EdgeState): EdgeState {
  if (member.inputs.length === 0) return 'reached';
  const states = member.inputs.map(({ from, port }) => stateOf(from, port));
  const reached = states.includes('reached');
  const open = states.includes('open');
  if (member.node.join === 'any' && reached) return 'reached';
  if (open) return 'open';
  return reached ? 'reached' : 'dead';
}

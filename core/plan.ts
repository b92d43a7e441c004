import type { StepStatus } from './api/runs.ts';
import type { Json } from './json.ts';
import type { PlanGraph, PlanNode } from './plan-graph.ts';
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
  /** While it waits: when the next attempt is due, in milliseconds since 1970. */
  readonly nextAttemptAt: number | null;
  /** Set by `core.stop`: ends the run once the steps in flight are settled. */
  readonly end?: { readonly status: 'succeeded' | 'failed'; readonly message?: string } | undefined;
}

/** All that decides how a run goes on. */
export interface RunJournal {
  /** By `stepId`. */
  readonly steps: ReadonlyMap<string, StepRecord>;
  /** What `core.respond` made the run's output; the first one counts. */
  readonly responded: { readonly output: Json } | null;
}

export interface StepRef {
  readonly nodeId: string;
  readonly key: string;
}

/** Why a run failed, and where. */
export interface RunError extends StepError {
  readonly nodeId?: string;
}

export interface Plan {
  /** Steps to begin now, side by side: new ones, and those whose next attempt is due. */
  readonly execute: readonly StepRef[];
  /** Steps that no edge can reach any more. */
  readonly skip: readonly StepRef[];
  /** Waiting steps that the run's end overtakes. */
  readonly cancel: readonly StepRef[];
  readonly outcome: PlanOutcome;
}

export type PlanOutcome =
  /** Steps are in flight or about to be; `until` is when a waiting one falls due, if one waits. */
  | { readonly kind: 'running'; readonly until: number | null }
  /** Nothing to do before `until`. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Nothing to do before a person settles a step in doubt. */
  | { readonly kind: 'doubt' }
  | {
      readonly kind: 'end';
      readonly status: 'succeeded' | 'failed';
      readonly output: Json;
      readonly error: RunError | null;
    };

/** The key of a step in a journal. Node ids hold no blank, so no two steps share one. */
export function stepId(nodeId: string, key: string): string {
  return key === '' ? nodeId : `${nodeId} ${key}`;
}

/**
 * Decides how a run goes on. Pure: the same journal and time give the same decisions, whatever order the steps
 * finished in.
 *
 * A node runs when its incoming edges say so (see `reachOf`); a failed step ends the run unless its node says
 * `onError`. The run's output is that of `core.respond`, else of the last node in the graph's order that ran and has
 * no successor that ran.
 *
 * @param now milliseconds since 1970, by the database's clock.
 */
export function plan(graph: PlanGraph, journal: RunJournal, now: number): Plan {
  const survey = surveyScope(graph, journal, now);
  const halt = survey.failed ?? survey.ended;
  if (halt) return planHalt(graph, journal, survey, halt);
  const { ready, skip, running, until, inDoubt } = survey;
  const going = ready.length > 0 || running > 0;
  return {
    execute: ready,
    skip,
    cancel: [],
    outcome: going
      ? { kind: 'running', until }
      : until !== null
        ? { kind: 'wait', until }
        : inDoubt
          ? { kind: 'doubt' }
          : { kind: 'end', status: 'succeeded', output: runOutput(graph, journal), error: null },
  };
}

interface Survey {
  readonly ready: StepRef[];
  readonly skip: StepRef[];
  readonly waiting: StepRef[];
  running: number;
  /** When the first waiting step falls due. */
  until: number | null;
  inDoubt: boolean;
  /** The first node, in the graph's order, whose failure ends the run. */
  failed: StepRecord | undefined;
  ended: StepRecord | undefined;
}

/** One pass in topological order, so that a skipped node decides its successors in the same pass. */
function surveyScope(graph: PlanGraph, journal: RunJournal, now: number): Survey {
  const survey: Survey = {
    ready: [],
    skip: [],
    waiting: [],
    running: 0,
    until: null,
    inDoubt: false,
    failed: undefined,
    ended: undefined,
  };
  const skipped = new Set<string>();
  for (const member of graph.root) {
    const ref = { nodeId: member.node.id, key: '' };
    const record = journal.steps.get(stepId(ref.nodeId, ref.key));
    if (record) {
      noteRecord(survey, { member, record, now });
      continue;
    }
    const reach = reachOf(member, (from, port) => edgeState(graph, { journal, skipped, from, port }));
    if (reach === 'reached') survey.ready.push(ref);
    if (reach === 'dead') {
      survey.skip.push(ref);
      skipped.add(ref.nodeId);
    }
  }
  return survey;
}

function noteRecord(survey: Survey, seen: { member: PlanNode; record: StepRecord; now: number }): void {
  const { member, record, now } = seen;
  const ref = { nodeId: record.nodeId, key: record.key };
  switch (record.status) {
    case 'running':
      survey.running += 1;
      return;
    case 'waiting':
      survey.waiting.push(ref);
      if ((record.nextAttemptAt ?? 0) <= now) survey.ready.push(ref);
      else survey.until = Math.min(survey.until ?? Infinity, record.nextAttemptAt ?? 0);
      return;
    case 'in_doubt':
      survey.inDoubt = true;
      return;
    case 'failed':
      if (!isHandled(member)) survey.failed ??= record;
      return;
    case 'succeeded':
      if (record.end) survey.ended ??= record;
      return;
    case 'skipped':
    case 'cancelled':
  }
}

type EdgeState = 'reached' | 'dead' | 'open';

/**
 * Whether a node's turn has come. `all`: once no incoming edge is open, if one at least was reached. `any`: with the
 * first edge reached. Either way a node none of whose edges can be reached is dead. A node without edges is the
 * trigger.
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

function edgeState(
  graph: PlanGraph,
  edge: { journal: RunJournal; skipped: ReadonlySet<string>; from: string; port: string },
): EdgeState {
  const { journal, skipped, from, port } = edge;
  if (skipped.has(from)) return 'dead';
  const record = journal.steps.get(stepId(from, ''));
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
      if (!isHandled(graph.nodes.get(from))) return 'dead';
      return record.ports.includes(port) ? 'reached' : 'dead';
    case 'succeeded':
      return record.ports.includes(port) ? 'reached' : 'dead';
  }
}

/** A failure that the flow itself deals with. */
function isHandled(member: PlanNode | undefined): boolean {
  return (member?.node.onError ?? 'fail') !== 'fail';
}

/** The run is over: nothing new begins, what is in flight settles first, and so does what is in doubt. */
function planHalt(graph: PlanGraph, journal: RunJournal, survey: Survey, halt: StepRecord): Plan {
  const idle = { execute: [], skip: [] };
  if (survey.running > 0) return { ...idle, cancel: [], outcome: { kind: 'running', until: null } };
  const cancel = survey.waiting;
  if (survey.inDoubt) return { ...idle, cancel, outcome: { kind: 'doubt' } };
  const error = haltError(halt);
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
  if (journal.responded) return journal.responded.output;
  const hasRun = (id: string) => {
    const status = journal.steps.get(stepId(id, ''))?.status;
    return status === 'succeeded' || status === 'failed';
  };
  const last = graph.root.findLast(({ node, next }) => hasRun(node.id) && !next.some(hasRun));
  return (last && journal.steps.get(stepId(last.node.id, ''))?.output) ?? null;
}

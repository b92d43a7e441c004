import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';

import { act, type Fault } from './act.ts';
import type { FlowShape, ScopeShape } from './flow-shape.ts';
import { shapeOf } from './flow-shape.ts';
import { type PredictedStep, type Prediction, stepName } from './prediction.ts';
import { ExpressionFault, evaluateValue, type Names } from './tiny-expression.ts';

/**
 * Something that can happen next: a step whose turn it is begins, its attempt comes to its end, it goes on after a wait, or
 * the last of its iterations is over.
 */
export interface Happening {
  readonly nodeId: string;
  readonly key: string;
  readonly what: 'begins' | 'attempt_ends' | 'goes_on' | 'loop_ends';
  /** The attempt at hand, from 1. */
  readonly call: number;
}

/** Decides what happens next: the interpreter's stand-in for time. */
export interface Schedule {
  /** The place in the list of what happens next. */
  pick(happenings: readonly Happening[]): number;
  /** True when an attempt got lost with its worker after its scope was stopped, and so is never made again. */
  isLost?(happening: Happening): boolean;
  /** True for a loop whose last item was over in the same moment in which its scope was stopped: it may have been settled first. */
  isSettledFirst?(happening: Happening): boolean;
}

interface Given {
  readonly document: FlowDocument;
  readonly input: Json;
  /** The values of `run`. */
  readonly run: Json;
}

interface Step {
  readonly node: FlowNode;
  readonly scope: Scope;
  phase: 'idle' | 'ready' | 'running' | 'waiting' | 'looping' | 'closing' | 'settled';
  status: PredictedStep['status'];
  ports: readonly string[];
  output: Json | undefined;
  error: Fault | null;
  calls: number;
  arrivals: number;
  loop: Loop | undefined;
}

/** The root, or one iteration of a loop. */
interface Scope {
  readonly shape: ScopeShape;
  readonly key: string;
  readonly steps: Map<string, Step>;
  readonly outer: {
    readonly scope: Scope;
    readonly loopId: string;
    readonly item: Json;
    readonly index: number;
  } | null;
  isStopped: boolean;
  isSettled: boolean;
}

interface Loop {
  readonly items: readonly Json[];
  readonly iterations: Scope[];
  isFailing: boolean;
}

/** Runs a flow in memory, slowly, by the words of docs/decisions/0013-orchestration.md. */
export function interpret(given: Given, schedule: Schedule): Prediction {
  return new Interpreter(given, schedule).run();
}

class Interpreter {
  readonly #given: Given;
  readonly #schedule: Schedule;
  readonly #shape: FlowShape;
  readonly #root: Scope;
  readonly #scopes: Scope[] = [];
  #reply: Json | undefined;
  #end: { status: 'succeeded' | 'failed'; nodeId: string } | undefined;

  constructor(given: Given, schedule: Schedule) {
    this.#given = given;
    this.#schedule = schedule;
    this.#shape = shapeOf(given.document);
    this.#root = this.#open(this.#shape.root, { key: '', outer: null });
  }

  run(): Prediction {
    const start = this.#stepAt(this.#root, this.#shape.trigger.id);
    start.calls = 1;
    this.#settle(start, 'succeeded', { output: this.#given.input, ports: ['out'] });
    for (;;) {
      this.#proceed();
      const open = this.#allSteps().filter((step) => WHAT[step.phase] !== undefined);
      if (open.length === 0) break;
      const happenings = open.map(happeningOf);
      const picked = this.#schedule.pick(happenings);
      const [step, happening] = [open[picked], happenings[picked]];
      if (step === undefined || happening === undefined) throw new Error('The schedule picked nothing.');
      this.#happen(step, happening);
    }
    return this.#predict();
  }

  // Scopes and their steps

  #open(shape: ScopeShape, at: Pick<Scope, 'key' | 'outer'>): Scope {
    const scope: Scope = { ...at, shape, steps: new Map(), isStopped: false, isSettled: false };
    for (const node of shape.order) scope.steps.set(node.id, newStep(node, scope));
    this.#scopes.push(scope);
    return scope;
  }

  #stepAt(scope: Scope, nodeId: string): Step {
    const step = scope.steps.get(nodeId);
    if (step === undefined) throw new Error(`There is no step ${nodeId} at "${scope.key}".`);
    return step;
  }

  #allSteps(): Step[] {
    return this.#scopes.flatMap((scope) => [...scope.steps.values()]);
  }

  /** Begins, skips and closes whatever can be, until nothing more moves by itself. */
  #proceed(): void {
    for (let hasMoved = true; hasMoved;) {
      hasMoved = false;
      for (const scope of [...this.#scopes]) {
        for (const step of scope.steps.values()) hasMoved = this.#move(step) || hasMoved;
      }
    }
  }

  #move(step: Step): boolean {
    if (step.phase === 'looping') return this.#turn(step);
    if (step.phase !== 'idle' || step.scope.isStopped || step.scope.isSettled) return false;
    const turn = this.#turnOf(step);
    if (turn === 'wait') return false;
    if (turn === 'skip') this.#settle(step, 'skipped', {});
    else step.phase = 'ready';
    return true;
  }

  #turnOf({ node, scope }: Step): 'run' | 'skip' | 'wait' {
    const edges = scope.shape.incoming.get(node.id) ?? [];
    if (edges.length === 0) return 'run';
    const states = edges.map((edge) => {
      const source = this.#stepAt(scope, edge.from);
      if (source.phase !== 'settled') return 'open';
      return source.ports.includes(edge.port ?? 'out') ? 'reached' : 'dead';
    });
    if (states.every((state) => state === 'dead')) return 'skip';
    const isReached = states.includes('reached');
    return isReached && (node.join === 'any' || !states.includes('open')) ? 'run' : 'wait';
  }

  // One step

  #happen(step: Step, happening: Happening): void {
    if (step.phase === 'closing' && step.loop !== undefined) return this.#settleLoop(step, step.loop);
    if (step.phase === 'waiting' && step.node.type === 'core.wait')
      return this.#settle(step, 'succeeded', { output: { resumedAt: '' }, ports: ['out'] });
    if (step.phase === 'waiting' || step.phase === 'ready') {
      step.phase = 'running';
      step.calls += 1;
      return;
    }
    if (step.scope.isStopped && this.#schedule.isLost?.(happening) === true)
      return this.#settle(step, 'cancelled', {});
    if (step.node.type === 'core.each') return this.#beginLoop(step);
    const { key } = step.scope;
    const did = act(step.node, { key, call: step.calls, names: this.#namesIn(step.scope) });
    if (step.node.type === 'http.request' && !isUnsent(did)) step.arrivals += 1;
    if (did.did === 'wait') this.#wait(step);
    else if (did.did === 'fail') this.#fail(step, did);
    else {
      if (did.reply !== undefined) this.#reply ??= did.reply;
      this.#settle(step, 'succeeded', did);
      if (did.end !== undefined) this.#endRun(step, did.end);
    }
  }

  #fail(step: Step, { error, isRetryable }: { readonly error: Fault; readonly isRetryable: boolean }): void {
    if (isRetryable && step.calls < (step.node.retry?.attempts ?? 5)) this.#wait(step);
    else this.#settleFailed(step, error);
  }

  #wait(step: Step): void {
    if (step.scope.isStopped) this.#settle(step, 'cancelled', {});
    else step.phase = 'waiting';
  }

  #settleFailed(step: Step, error: Fault): void {
    const { onError } = step.node;
    if (onError === 'continue' || onError === 'branch') {
      const ports = [onError === 'continue' ? 'out' : 'error'];
      return this.#settle(step, 'failed', { output: { error: { ...error } }, error, ports });
    }
    this.#settle(step, 'failed', { error });
    this.#stop(step.scope);
    this.#failLoopAround(step.scope);
  }

  #settle(
    step: Step,
    status: PredictedStep['status'],
    { output, ports = [], error = null }: { output?: Json; ports?: readonly string[]; error?: Fault | null },
  ): void {
    Object.assign(step, { phase: 'settled', status, output, ports, error });
  }

  // Loops

  #beginLoop(step: Step): void {
    let items: Json;
    try {
      items = evaluateValue(step.node.config['items'], this.#namesIn(step.scope));
    } catch (cause) {
      if (!(cause instanceof ExpressionFault)) throw cause;
      return this.#settleFailed(step, { kind: 'invalid', code: 'expression_failed' });
    }
    if (!Array.isArray(items)) return this.#settleFailed(step, { kind: 'invalid', code: 'items_not_a_list' });
    if (step.scope.isStopped) return this.#settle(step, 'cancelled', {});
    step.phase = 'looping';
    step.loop = { items: items as readonly Json[], iterations: [], isFailing: false };
  }

  /** Closes iterations, opens others in item order and, once there is nothing left, settles the loop. */
  #turn(step: Step): boolean {
    const { loop } = step;
    if (loop === undefined) throw new Error('A loop without its items.');
    const closed = loop.iterations.filter((scope) => !scope.isSettled && this.#isQuiet(scope));
    for (const scope of closed) scope.isSettled = true;
    const open = loop.iterations.filter((scope) => !scope.isSettled).length;
    const isStopping = loop.isFailing || step.scope.isStopped;
    const concurrency = Number(step.node.config['concurrency'] ?? 1);
    if (!isStopping && loop.iterations.length < loop.items.length && open < concurrency) {
      this.#openIteration(step, loop);
      return true;
    }
    const isOver = loop.iterations.length === loop.items.length || isStopping;
    if (open === 0 && isOver) {
      // It waited for its items, and what waits in a stopped scope is cancelled, even if all of them came to their end.
      if (step.scope.isStopped) this.#settle(step, 'cancelled', {});
      else step.phase = 'closing';
      return true;
    }
    return closed.length > 0;
  }

  #openIteration(step: Step, loop: Loop): void {
    const index = loop.iterations.length;
    const body = this.#shape.bodies.get(step.node.id);
    if (body === undefined) throw new Error('A loop without a body.');
    const key = step.scope.key === '' ? String(index) : `${step.scope.key}.${index}`;
    const outer = { scope: step.scope, loopId: step.node.id, item: loop.items[index] ?? null, index };
    loop.iterations.push(this.#open(body, { key, outer }));
  }

  #isQuiet(scope: Scope): boolean {
    const steps = [...scope.steps.values()];
    return steps.every((step) => step.phase === 'settled' || (step.phase === 'idle' && scope.isStopped));
  }

  #settleLoop(step: Step, { iterations }: Loop): void {
    const faults = iterations.map((scope) => faultOf(scope));
    const first = faults.find((fault) => fault !== null) ?? null;
    const isFail = step.node.config['onItemError'] !== 'continue';
    if (isFail && first !== null) return this.#settleFailed(step, first);
    const results = iterations.map((scope, index) => (faults[index] == null ? resultOf(scope) : null));
    const errors = faults.flatMap((error, index) => (error === null ? [] : [{ index, error: { ...error } }]));
    this.#settle(step, 'succeeded', { output: { results, errors }, ports: ['out'] });
  }

  /** The item failed: unless the loop goes on with the others, nothing more begins in any of them. */
  #failLoopAround({ outer }: Scope): void {
    if (outer === null) return;
    const step = this.#stepAt(outer.scope, outer.loopId);
    if (step.loop === undefined || step.node.config['onItemError'] === 'continue') return;
    step.loop.isFailing = true;
    for (const scope of step.loop.iterations) if (!scope.isSettled) this.#stop(scope);
  }

  // Ends

  /** Nothing begins any more here or further inside; what waits is cancelled. */
  #stop(scope: Scope): void {
    scope.isStopped = true;
    for (const step of scope.steps.values()) {
      if (
        step.phase === 'closing' &&
        step.loop &&
        this.#schedule.isSettledFirst?.(happeningOf(step)) === true
      )
        this.#settleLoop(step, step.loop);
      if (step.phase === 'waiting' || step.phase === 'closing') this.#settle(step, 'cancelled', {});
      if (step.phase === 'ready') step.phase = 'idle';
      for (const iteration of step.loop?.iterations ?? []) if (!iteration.isSettled) this.#stop(iteration);
    }
  }

  #endRun(step: Step, status: 'succeeded' | 'failed'): void {
    this.#end ??= { status, nodeId: step.node.id };
    this.#stop(this.#root);
  }

  #namesIn(scope: Scope): Names {
    const steps: Record<string, Json> = {};
    const add = (at: Scope): void => {
      if (at.outer !== null) add(at.outer.scope);
      for (const step of at.steps.values()) {
        if (step.phase === 'settled' && step.output !== undefined) steps[step.node.id] = step.output;
      }
      if (at.outer !== null) steps[at.outer.loopId] = { item: at.outer.item, index: at.outer.index };
    };
    add(scope);
    const { input, run } = this.#given;
    const loop = scope.outer === null ? {} : { item: scope.outer.item, index: scope.outer.index };
    return { trigger: { body: input }, run, steps, ...loop };
  }

  #predict(): Prediction {
    const failed = [...this.#root.steps.values()].find(isUnhandled);
    const status = failed === undefined ? (this.#end?.status ?? 'succeeded') : 'failed';
    const undone = status === 'failed' ? this.#undo() : new Map<string, PredictedStep>();
    const isPartly = [...undone.values()].some((step) => step.status === 'failed');
    return {
      status,
      output: this.#reply ?? resultOf(this.#root),
      error: status === 'succeeded' ? null : this.#runError(failed),
      steps: new Map(
        this.#allSteps().map((step) => [stepName(step.node.id, step.scope.key), predicted(step)]),
      ),
      undone,
      compensation: undone.size === 0 ? null : isPartly ? 'partly_undone' : 'undone',
    };
  }

  /** A failure that nobody handled tells more than the stop that it met. */
  #runError(failed: Step | undefined): Prediction['error'] {
    if (failed?.error != null) return { ...failed.error, nodeId: failed.node.id };
    if (this.#end === undefined) throw new Error('A run failed without an error.');
    return { kind: '*', code: 'stopped', nodeId: this.#end.nodeId };
  }

  #undo(): Map<string, PredictedStep> {
    const undone = new Map<string, PredictedStep>();
    for (const step of this.#allSteps()) {
      const undo = this.#shape.nodes.get(step.node.compensate ?? '');
      if (undo === undefined || step.status !== 'succeeded') continue;
      const done = this.#undoStep(undo, step);
      undone.set(stepName(undo.id, step.scope.key), done);
    }
    return undone;
  }

  #undoStep(node: FlowNode, { scope }: Step): PredictedStep {
    const step = newStep(node, scope);
    while (step.phase !== 'settled') {
      step.calls += 1;
      const did = act(node, { key: scope.key, call: step.calls, names: this.#namesIn(scope) });
      if (node.type === 'http.request' && !isUnsent(did)) step.arrivals += 1;
      if (did.did === 'wait') throw new Error('A wait cannot undo anything.');
      if (did.did === 'succeed') this.#settle(step, 'succeeded', did);
      else if (!did.isRetryable || step.calls >= (node.retry?.attempts ?? 5))
        this.#settle(step, 'failed', { error: did.error });
    }
    return predicted(step);
  }
}

function newStep(node: FlowNode, scope: Scope): Step {
  const fresh = { phase: 'idle', status: 'unbegun', ports: [], output: undefined, error: null } as const;
  return { ...fresh, node, scope, calls: 0, arrivals: 0, loop: undefined };
}

const WHAT: Readonly<Partial<Record<Step['phase'], Happening['what']>>> = {
  ready: 'begins',
  running: 'attempt_ends',
  waiting: 'goes_on',
  closing: 'loop_ends',
};

function happeningOf({ node, scope, phase, calls }: Step): Happening {
  const what = WHAT[phase];
  if (what === undefined) throw new Error(`Nothing can happen to a step that is ${phase}.`);
  return { nodeId: node.id, key: scope.key, what, call: calls };
}

/** An expression that failed kept the call from being made. */
function isUnsent(did: ReturnType<typeof act>): boolean {
  return did.did === 'fail' && did.error.code === 'expression_failed';
}

function isUnhandled(step: Step): boolean {
  const { onError } = step.node;
  return step.status === 'failed' && onError !== 'continue' && onError !== 'branch';
}

/** The error of the first step, in the graph's order, whose failure nobody handled. */
function faultOf(scope: Scope): Fault | null {
  return [...scope.steps.values()].find(isUnhandled)?.error ?? null;
}

/** The output of the last node that ran and has no successor that ran. */
function resultOf(scope: Scope): Json {
  const hasRun = (id: string) => ['succeeded', 'failed'].includes(scope.steps.get(id)?.status ?? '');
  const last = scope.shape.order.findLast(
    ({ id }) => hasRun(id) && !(scope.shape.outgoing.get(id) ?? []).some((edge) => hasRun(edge.to)),
  );
  return last === undefined ? null : (scope.steps.get(last.id)?.output ?? null);
}

function predicted(step: Step): PredictedStep {
  const { node, scope, status, ports, error, calls, arrivals } = step;
  const output = step.output ?? null;
  return {
    nodeId: node.id,
    key: scope.key,
    status,
    ports,
    output,
    error,
    calls,
    arrivals,
    wasStopped: isWithinStopped(scope),
  };
}

/** True where it, or anything around it, was stopped: it may have been over by then, but not yet looked at again. */
function isWithinStopped({ isStopped, outer }: Scope): boolean {
  return isStopped || (outer !== null && isWithinStopped(outer.scope));
}

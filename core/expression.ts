import { type ExpressionContext, contextInput } from './expression-context.ts';
import type { ExpressionFault } from './expression/check-tree.ts';
import { type CompiledExpression, compileExpression } from './expression/compile.ts';
import { describeError } from './expression/describe-error.ts';
import { guardExpression, startGuards } from './expression/guards.ts';
import { toPlainJson } from './expression/plain-json.ts';
import { NOT_PLAIN, readPlainPath } from './expression/plain-path.ts';
import { isVolatile, steadyFunctions } from './expression/steady.ts';
import { fieldName } from './field-name.ts';
import type { Json } from './json.ts';
import { type StepError, StepFailure } from './step-failure.ts';

const guarded = new WeakMap<CompiledExpression, Promise<void>>();
let lastEvaluation: Promise<unknown> = Promise.resolve();

/** What is wrong with an expression as it is written; null when it can run. */
export function checkExpression(source: string): ExpressionFault | null {
  const compiled = compileExpression(source);
  return compiled.ok ? null : { message: compiled.message, position: compiled.position };
}

/**
 * Evaluates JSONata within limits of time, depth and size. Undefined when it yields nothing.
 * Throws `StepFailure` (`invalid`, `expression_failed`) that names the field behind `pointer` and the position.
 *
 * @example await evaluateExpression('trigger.body.total > 100', { trigger: { body: { total: 120 } }, steps: {} }) // true
 */
export async function evaluateExpression(
  source: string,
  context: ExpressionContext,
  pointer = '',
): Promise<Json | undefined> {
  const compiled = compileExpression(source);
  if (!compiled.ok) throw expressionFailure(compiled.message, { pointer, position: compiled.position });
  const input = contextInput(context);
  const read = compiled.plainPath === undefined ? NOT_PLAIN : readPlainPath(compiled.plainPath, input);
  if (read !== NOT_PLAIN) return read;
  try {
    const bindings = await bindingsFor(compiled, { context, input, pointer });
    return await inTurn(() => run(compiled, input, bindings));
  } catch (error) {
    const { message, position } = describeError(error);
    throw expressionFailure(message, { pointer, position });
  }
}

/** A `StepFailure` that still knows what went wrong apart from where. */
export class ExpressionFailure extends StepFailure {
  readonly reason: string;

  constructor(reason: string, error: StepError) {
    super(error);
    this.reason = reason;
  }
}

/** The failure of a step whose field behind `pointer` cannot be evaluated. `reason` is one sentence without a full stop. */
export function expressionFailure(
  reason: string,
  at: { readonly pointer: string; readonly position?: number | undefined },
): ExpressionFailure {
  const field = at.pointer === '' ? 'The expression' : `The expression in "${fieldName(at.pointer)}"`;
  const place = at.position === undefined ? '' : ` at character ${at.position}`;
  return new ExpressionFailure(reason, {
    kind: 'invalid',
    code: 'expression_failed',
    message: `${field} failed${place}: ${reason}.`,
    pointer: at.pointer,
    ...(at.position !== undefined && { position: at.position }),
  });
}

async function bindingsFor(
  { source }: CompiledExpression,
  at: { context: ExpressionContext; input: Readonly<Record<string, Json>>; pointer: string },
): Promise<Readonly<Record<string, unknown>>> {
  const { steady } = at.context;
  if (steady === undefined || !isVolatile(source)) return at.input;
  return { ...at.input, ...(await steadyFunctions({ ...steady, seed: `${steady.seed} ${at.pointer}` })) };
}

async function run(
  compiled: CompiledExpression,
  input: Readonly<Record<string, Json>>,
  bindings: Readonly<Record<string, unknown>>,
): Promise<Json | undefined> {
  const ready = guarded.get(compiled) ?? guardExpression(compiled.program);
  guarded.set(compiled, ready);
  await ready;
  startGuards();
  return toPlainJson(await compiled.program.evaluate(input, bindings));
}

/**
 * One evaluation at a time. They only ever wait for the processor, so nothing is lost; side by side, an endless one would
 * use up the time of all the others, and the guards could not tell whose data is whose.
 */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = lastEvaluation.then(work);
  lastEvaluation = turn.catch(() => undefined); // whoever asked gets the error from `turn`
  return turn;
}

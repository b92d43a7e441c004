import jsonata from 'jsonata';

import { canonicalText } from '../canonical-text.ts';
import { expandedWeight } from './expanded-weight.ts';
import { HELPERS } from './functions/helpers.ts';
import { EXPRESSION_LIMITS } from './limits.ts';
import { setRegexDeadline } from './regex-engine.ts';
import { sortList } from './sort-list.ts';
import { unsteadyUuid } from './steady.ts';

/** A built-in as JSONata keeps it. */
interface Builtin {
  readonly _jsonata_function: true;
  readonly implementation: (this: unknown, ...args: never[]) => unknown;
  readonly signature: unknown;
}

type Check = (args: readonly unknown[]) => string | undefined;

const MAX_PADDING = 1_000_000;
const MAX_QUADRATIC = 10_000;
const MAX_REPLACE = 4_000_000;
const MAX_TIMESTAMP = 64;
const MAX_PICTURE = 1_000;

/**
 * What JSONata's own limits cannot see, since it happens inside one built-in: gigantic padding, loops that are quadratic
 * in a list's length, and `$toMillis`, which makes a backtracking expression out of the picture.
 */
const CHECKS: Readonly<Record<string, Check>> = {
  pad: ([, width]) =>
    Math.abs(Number(width)) > MAX_PADDING ? `$pad goes up to ${MAX_PADDING} characters` : undefined,
  spread: ([list]) =>
    Array.isArray(list) && list.length > MAX_QUADRATIC
      ? `$spread takes up to ${MAX_QUADRATIC} objects`
      : undefined,
  replace: ([text]) =>
    typeof text === 'string' && text.length > MAX_REPLACE
      ? `$replace takes up to ${MAX_REPLACE} characters`
      : undefined,
  fromMillis: ([, picture]) => tooLong(picture, '$fromMillis'),
  formatNumber: ([, picture]) => tooLong(picture, '$formatNumber'),
  formatInteger: ([, picture]) => tooLong(picture, '$formatInteger'),
  parseInteger: ([text, picture]) =>
    tooLong(picture, '$parseInteger') ??
    (typeof text === 'string' && text.length > MAX_PICTURE
      ? `$parseInteger takes up to ${MAX_PICTURE} characters`
      : undefined),
  toMillis: ([text, picture]) => {
    if (typeof picture !== 'string') return undefined;
    if (typeof text === 'string' && text.length > MAX_TIMESTAMP)
      return `$toMillis takes up to ${MAX_TIMESTAMP} characters`;
    return isAmbiguous(picture)
      ? 'the picture of $toMillis needs separators or widths, such as [Y0001]-[M01]'
      : undefined;
  },
};

let builtins: Promise<ReadonlyMap<string, Builtin>> | undefined;
let weight = 0;
let deadline = Number.POSITIVE_INFINITY;

/** Replaces the built-ins that need it, takes `$eval` away and adds our own functions. Once for each compiled expression. */
export async function guardExpression(expression: jsonata.Expression): Promise<void> {
  builtins ??= loadBuiltins();
  for (const [name, builtin] of await builtins) expression.assign(name, builtin);
  expression.assign('eval', undefined);
  expression.assign('uuid', nativeFunction(unsteadyUuid));
  for (const [name, helper] of Object.entries(HELPERS)) expression.assign(name, nativeFunction(helper));
  // JSONata's hook, called with the result of every part of an expression; its type asks for a string.
  expression.assign(Symbol.for('jsonata.__evaluate_exit') as unknown as string, weigh);
}

/** Starts the clock and the scales for one evaluation; only one runs at a time. */
export function startGuards(): void {
  weight = 0;
  // eslint-disable-next-line no-restricted-properties -- a limit of time, as JSONata's own; no result depends on it
  deadline = Date.now() + EXPRESSION_LIMITS.timeoutMs;
  setRegexDeadline(deadline);
}

function checkDeadline(): void {
  // eslint-disable-next-line no-restricted-properties -- as above
  if (Date.now() > deadline) throw new Error('It took longer than 1 s');
}

function weigh(part: jsonata.ExprNode, _input: unknown, _environment: unknown, result: unknown): void {
  // A variable or a literal names what was weighed when it was made.
  if (part.type === 'variable' || part.type === 'string') return;
  if (typeof result === 'string') weight += result.length / 8;
  else if (Array.isArray(result)) weight += result.length;
  // Functions are made of scopes, not of data.
  const isData =
    typeof result === 'object' &&
    result !== null &&
    !('_jsonata_lambda' in result || '_jsonata_function' in result);
  if (
    weight > EXPRESSION_LIMITS.weight ||
    (isData && expandedWeight(result) > EXPRESSION_LIMITS.expandedWeight)
  )
    throw new Error('It makes too much data. Work on fewer items at a time');
}

async function loadBuiltins(): Promise<ReadonlyMap<string, Builtin>> {
  const builtin = async (name: string) => (await jsonata(`$${name}`).evaluate(null)) as Builtin;
  const entries = Object.entries(CHECKS).map(
    async ([name, check]) => [name, checked(await builtin(name), check)] as const,
  );
  return new Map([
    ...(await Promise.all(entries)),
    ['distinct', distinctBySet(await builtin('distinct'))],
    ['sort', sortByMerging(await builtin('sort'))],
  ]);
}

/** Without a signature: our functions check what they get, in plain words. */
function nativeFunction(implementation: Builtin['implementation']): Builtin {
  return { _jsonata_function: true, implementation, signature: undefined };
}

function checked(builtin: Builtin, check: Check): Builtin {
  const implementation = function (this: unknown, ...args: never[]): unknown {
    const problem = check(args);
    if (problem !== undefined) throw new Error(problem);
    return builtin.implementation.apply(this, args);
  };
  return { _jsonata_function: true, implementation, signature: builtin.signature };
}

/** JSONata compares all with all; by their text, what is equal is found in one pass. */
function distinctBySet(builtin: Builtin): Builtin {
  const implementation = function (this: unknown, ...args: never[]): unknown {
    const list: unknown = args[0];
    if (!Array.isArray(list) || list.length < 100) return builtin.implementation.apply(this, args);
    const { createSequence } = this as { createSequence: () => unknown[] };
    const found = 'sequence' in list ? createSequence() : [];
    const texts = new Set<string>();
    const others = new Set<unknown>();
    for (const item of list as readonly unknown[]) {
      const [seen, key] = isContainer(item) ? [texts, canonicalText(item)] : [others, item];
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(item);
    }
    return found;
  };
  return { ...builtin, implementation };
}

function sortByMerging(builtin: Builtin): Builtin {
  const implementation = async function (this: unknown, ...args: never[]): Promise<unknown> {
    const [list, isAfter]: readonly unknown[] = args;
    if (!Array.isArray(list) || list.length < 2) return builtin.implementation.apply(this, args);
    const sorted = await sortList(list, isAfter as Parameters<typeof sortList>[1], checkDeadline);
    return sorted ?? builtin.implementation.apply(this, args);
  };
  return { ...builtin, implementation };
}

function tooLong(picture: unknown, name: string): string | undefined {
  return typeof picture === 'string' && picture.length > MAX_PICTURE
    ? `The picture of ${name} has more than ${MAX_PICTURE} characters`
    : undefined;
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Six or more parts of no fixed width with nothing but letters and digits between them. */
function isAmbiguous(picture: string): boolean {
  const open = picture.replace(/\[[A-Za-z]\d{2,8}\]/g, '');
  return /(?:\[[^\]]{0,40}\][A-Za-z0-9]*){6}/.test(open);
}

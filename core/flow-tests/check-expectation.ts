import { compileRegex } from '../expression/regex-engine.ts';
import { canonicalText } from '../canonical-text.ts';
import { isJsonObject, type Json } from '../json.ts';
import { stepId } from '../plan/step-id.ts';
import type { Expectation, TestSubject } from './expectation.ts';

/** How a field differs from what is expected of it. */
export interface Difference {
  readonly expectation: Expectation;
  /** Absent where there is no such field. */
  readonly actual?: Json;
  /** In words: what was expected, and what is. */
  readonly message: string;
}

/** Undefined where the expectation holds. */
export function checkExpectation(expectation: Expectation, subject: TestSubject): Difference | undefined {
  const { nodeId, key } = expectation;
  const holder = nodeId === null ? subject.run : subject.steps.get(stepId(nodeId, key));
  if (!holder) {
    const isFine = expectation.op === 'absent';
    return isFine ? undefined : { expectation, message: `${placeOf(expectation)}: the step did not run` };
  }
  const actual = fieldAt(holder as Json, expectation.path);
  const complaint = complaintOf(expectation, actual);
  if (complaint === undefined) return undefined;
  const message = `${placeOf(expectation)}: ${complaint}`;
  return actual === undefined ? { expectation, message } : { expectation, actual, message };
}

/** Where an expectation looks, in words: `map › output.title`. */
export function placeOf({ nodeId, key, path }: Pick<Expectation, 'nodeId' | 'key' | 'path'>): string {
  const item = key ? ` [${key}]` : '';
  return `${nodeId ?? 'run'}${item} › ${segmentsOf(path).join('.')}`;
}

function complaintOf({ op, value = null }: Expectation, actual: Json | undefined): string | undefined {
  if (op === 'absent') return actual === undefined ? undefined : `expected nothing, is ${shown(actual)}`;
  if (actual === undefined)
    return op === 'exists' ? 'is not there' : `expected ${expected(op, value)}, is not there`;
  const holds = op === 'exists' || holdsFor(op, value, actual);
  return holds ? undefined : `expected ${expected(op, value)}, is ${shown(actual)}`;
}

function expected(op: Expectation['op'], value: Json): string {
  if (op === 'contains') return `something that contains ${shown(value)}`;
  if (op === 'matches') return `a match of /${textOf(value)}/`;
  return shown(value);
}

function holdsFor(op: 'equals' | 'contains' | 'matches', value: Json, actual: Json): boolean {
  switch (op) {
    case 'equals':
      return canonicalText(actual) === canonicalText(value);
    case 'contains':
      if (typeof actual === 'string') return typeof value === 'string' && actual.includes(value);
      return (
        Array.isArray(actual) && actual.some((item: Json) => canonicalText(item) === canonicalText(value))
      );
    case 'matches':
      return typeof value === 'string' && compileRegex(new RegExp(value)).matcher(textOf(actual)).find();
  }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const MAX_SHOWN = 200;

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** The value at a JSON pointer; undefined where there is none. */
function fieldAt(holder: Json, path: string): Json | undefined {
  let value: Json | undefined = holder;
  for (const segment of segmentsOf(path)) {
    if (Array.isArray(value))
      value = /^(0|[1-9]\d*)$/.test(segment) ? (value as Json[])[Number(segment)] : undefined;
    else value = isJsonObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

function segmentsOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

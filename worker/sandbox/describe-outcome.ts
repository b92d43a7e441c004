import type { Json } from '#core/json.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';
import { CODE_FILE } from './guest.ts';
import type { ThrownError } from './protocol.ts';
import type { ChildOutcome } from './sandbox-child.ts';

const PLACE = new RegExp(`${CODE_FILE.replace('.', '\\.')}:(\\d{1,9}):(\\d{1,9})`);
const MAX_FRAMES = 20;

/** Names that people expect of JavaScript elsewhere, and what there is instead. */
const ABSENT: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:fetch|XMLHttpRequest|WebSocket|EventSource|navigator)$/,
    'There is no network here: use an HTTP request node.',
  ],
  [/^(?:setTimeout|setInterval|setImmediate)$/, 'There are no timers here: use a Wait node.'],
  [
    /^(?:require|module|exports|process|Deno|Bun|WebAssembly|Worker)$/,
    'There are no modules, files or processes here: code has the language itself and its input.',
  ],
  [
    /^(?:Buffer|URL|URLSearchParams|TextEncoder|TextDecoder|crypto|structuredClone|Intl|atob|btoa|window|document)$/,
    'Code has the language itself and its input; what browsers and Node.js add is not there.',
  ],
];

/** The output of a job, or the failure of its step. `timeoutMs` is what the code had. */
export function outputOf(
  outcome: Exclude<ChildOutcome, { kind: 'missed' }>,
  job: { timeoutMs: number; memoryMb: number },
): Json {
  switch (outcome.kind) {
    case 'done':
      return JSON.parse(outcome.output) as Json;
    case 'threw':
      throw new StepFailure(codeFailed(outcome.thrown));
    case 'refused':
      throw failure('invalid', outcome.code, outcome.message);
    case 'timeout':
      throw failure(
        'invalid',
        'code_timeout',
        `The code was stopped after ${inSeconds(job.timeoutMs)}. Check it for an endless loop, or give the step more time.`,
      );
    case 'memory':
      throw failure(
        'invalid',
        'code_memory',
        `The code needs more than the ${job.memoryMb} MB of memory that it may use. Work on less data at a time.`,
      );
    case 'died':
      throw failure(
        'transient',
        'sandbox_died',
        `The process that runs code ended unexpectedly. ${outcome.reason}`,
      );
  }
}

function codeFailed({ name, message, stack }: ThrownError): StepError {
  const place = PLACE.exec(stack);
  const where = place ? ` (line ${place[1]}, column ${place[2]})` : '';
  const what = name === '' ? `The code threw ${message}` : `${name}: ${message}`;
  const hint = hintFor(message);
  return {
    kind: 'invalid',
    code: 'code_failed',
    message: `${what}${where}${hint === undefined ? '' : `. ${hint}`}`,
    pointer: '/config/code',
    detail: {
      name,
      line: place ? Number(place[1]) : null,
      column: place ? Number(place[2]) : null,
      stack: ownFrames(stack),
    },
  };
}

function hintFor(message: string): string | undefined {
  if (message.startsWith('could not load module'))
    return 'There is nothing to import here: code has the language itself and its input.';
  const name = /^'([^']*)' is not defined$/.exec(message)?.[1];
  return name === undefined ? undefined : ABSENT.find(([pattern]) => pattern.test(name))?.[1];
}

/** The frames in the person's own text. */
function ownFrames(stack: string): string {
  const frames = stack.split('\n').filter((line) => PLACE.test(line));
  return frames
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim().slice(0, 200))
    .join('\n');
}

function inSeconds(ms: number): string {
  return `${Number((ms / 1_000).toFixed(1))} s`;
}

function failure(kind: StepError['kind'], code: string, message: string): StepFailure {
  return new StepFailure({ kind, code, message, ...(kind === 'invalid' && { pointer: '/config/code' }) });
}

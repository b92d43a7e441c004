import { type Json, isJsonObject } from '../../json.ts';
import { isComputed } from '../../value.ts';
import { textAt } from '../json-fields.ts';
import { expr } from '../mapped.ts';
import { type MsgData } from './msg-data.ts';
import { asValue } from './msg-values.ts';
import { ask, type RedMade, type RedMapping } from './red-node.ts';

const UNKNOWN_CALLS =
  /\b(?:node\.send|node\.on|context\.\w+|flow\.\w+|global\.\w+|env\.get|RED\.\w+|require|setTimeout|setInterval|fetch|Buffer)\b/g;

/** Function: the code as it is, in a frame that gives it the message. */
export const runs: RedMapping = (node): RedMade => {
  const { settings, id } = node;
  const written = textAt(settings, ['func']);
  const outputs = Math.min(Math.max(Number(textAt(settings, ['outputs'], '1')) || 0, 0), 50);
  const calls = [...new Set([...written.matchAll(UNKNOWN_CALLS)].map(([call]) => call))];
  if (calls.length > 0)
    ask(
      node,
      'Code',
      `Code here reaches nothing outside and keeps nothing: it knows no ${calls.join(', ')}.`,
      'Change these parts: return what is to go on, and keep things in a database.',
    );
  if (textAt(settings, ['initialize']).trim() !== '' || textAt(settings, ['finalize']).trim() !== '')
    ask(
      node,
      'Code',
      'There is no code for the start and the stop of a flow.',
      'Move what is needed into the code.',
      textAt(settings, ['initialize']),
    );
  if (/return\s*\[\s*\[/.test(written))
    ask(
      node,
      'Output',
      'It sends several messages one after the other; here it goes on once.',
      'Return a list, and put what follows into a “For each”.',
    );
  const config = { code: framed(written, outputs), input: messageOf(node.msg) };
  const mayStop =
    /\breturn\s*(?:null|undefined)?\s*;?\s*(?:\n|\}|$)/.test(written) || !/\breturn\b/.test(written);
  if (outputs > 1) {
    const cases = Array.from({ length: outputs }, (_, at) => ({
      port: `output_${at + 1}`,
      when: expr(`steps.${id}.outputs[${at}] != null`),
    }));
    return {
      outcome: 'node',
      node: { type: 'core.code', config },
      behind: { type: 'core.switch', config: { cases, mode: 'all' } },
      port: (output) => (output < outputs ? `output_${output + 1}` : undefined),
      data: (output) => ({ fields: new Map(), lost: new Map(), rest: `steps.${id}.outputs[${output}]` }),
    };
  }
  return {
    outcome: 'node',
    node: { type: 'core.code', config },
    ...(mayStop &&
      outputs > 0 && {
        behind: { type: 'core.filter', config: { condition: expr(`(steps.${id} ?? null) != null`) } },
      }),
    data: () => ({ fields: new Map(), lost: new Map(), rest: `steps.${id}` }),
  };
};

/** The message as far as it is known, for the code to read. */
export function messageOf({ fields, rest }: MsgData): Json {
  const known: Record<string, Json> = {};
  for (const [path, text] of fields) putAt(known, path.split('.'), asValue({ text }));
  if (rest === undefined) return known;
  if (fields.size === 0) return expr(rest);
  const own = [...fields]
    .filter(([path]) => !path.includes('.'))
    .map(([path, text]) => `${JSON.stringify(path)}: ${text}`);
  return expr(`$merge([${rest}, {${own.join(', ')}}])`);
}

function putAt(object: Record<string, Json>, [first = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) object[first] = value;
  else {
    const found = object[first];
    if (found !== undefined && (!isJsonObject(found) || isComputed(found))) return;
    const inner: Record<string, Json> = { ...found };
    putAt(inner, rest, value);
    object[first] = inner;
  }
}

function framed(written: string, outputs: number): string {
  const isAsync = /\bawait\b/.test(written);
  const run = isAsync ? 'async ' : '';
  const result =
    outputs > 1
      ? `const list = Array.isArray(returned) ? returned : [returned];
  return { outputs: Array.from({ length: ${outputs} }, (_, at) => [list[at]].flat()[0] ?? null) };`
      : 'return [returned].flat(2)[0] ?? null;';
  return `// The code of Node-RED, in a frame that gives it the message.
const say = (...words) => console.log(...words);
const node = { log: say, warn: say, error: say, debug: say, trace: say, status: () => {}, done: () => {} };

${run}function original(msg) {
${written}
}

export default ${run}(msg) => {
  const returned = ${isAsync ? 'await ' : ''}original(msg ?? {});
  ${result}
};
`;
}

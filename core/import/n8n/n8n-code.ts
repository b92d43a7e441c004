import type { JsonObject } from '../../json.ts';
import { textAt } from '../json-fields.ts';
import { expr } from '../mapped.ts';
import { many, one } from './item-data.ts';
import { askValue, becomes, leftOut, type N8nMapping, type N8nNode } from './n8n-node.ts';

/** What code of n8n may call and code here does not have. */
const UNKNOWN_CALLS =
  /\$(?:getWorkflowStaticData|env|vars|secrets|binary|execution|workflow|jmespath|now|today|items|evaluateExpression)\b|\bthis\.\w+|\brequire\(|\bDateTime\b|\bfetch\(|\bgetBinaryData\w*|\bsetTimeout\(|\bmoment\(/g;

/** Code, Function and Function Item: the code as it is, in a frame that gives it what n8n gives. */
export const code: N8nMapping = (node) => {
  const { parameters, source } = node;
  if (textAt(parameters, ['language'], 'javaScript') !== 'javaScript') {
    return leftOut(node, 'It is Python; code here is JavaScript.', 'Write it again in a Code node.');
  }
  const isFunction = source.type.endsWith('.function') || source.type.endsWith('.functionItem');
  const written = textAt(parameters, [isFunction ? 'functionCode' : 'jsCode']);
  const isEach = isFunction
    ? source.type.endsWith('Item')
    : textAt(parameters, ['mode']) === 'runOnceForEachItem';
  const calls = [...new Set([...written.matchAll(UNKNOWN_CALLS)].map(([call]) => call))];
  if (calls.length > 0)
    askValue(
      node,
      'Code',
      `Code here reaches nothing outside and knows no ${calls.join(', ')}.`,
      'Change these parts: give what they need in “Input”.',
    );
  const input = node.input();
  const isList = input.kind === 'many';
  const items =
    input.kind === 'unknown'
      ? node.values.value('={{ $json }}', 'Input')
      : input.kind === 'one' && input.fields !== undefined
        ? node.values.value('={{ $json }}', 'Input')
        : expr(isList ? input.text : `[${input.text}]`);
  if (!isList && !isSurelyOne(written, isEach)) {
    askValue(
      node,
      'Output',
      'n8n goes on once for each item that this returns. Here it goes on once: with the item if there is one, else with the list.',
      `If it may return several or none, put what follows into a “For each” over steps.${node.id}.`,
    );
  }
  const config = {
    code: framed(written, { isEach, isList, isItem: source.type.endsWith('.functionItem') }),
    input: { items, nodes: namedNodes(node, written) },
  };
  return becomes(node, 'core.code', config, isList ? many(`steps.${node.id}`) : one(`steps.${node.id}`));
};

function isSurelyOne(written: string, isEach: boolean): boolean {
  if (isEach) return !/return\s+(?:null|\[|;)/.test(written);
  const returns = [...written.matchAll(/\breturn\b/g)].length;
  const isOneItem =
    /\breturn\s*\[?\s*\{\s*json\b/.test(written) && [...written.matchAll(/\bjson\s*[:,}]/g)].length === 1;
  const isPlainObject = /\breturn\s*\{(?!\s*json)/.test(written);
  const isSame =
    /\breturn\s+(?:items|\$input\.all\(\))\s*;?\s*$/.test(written.trim()) &&
    !/\.(?:push|splice|flatMap|filter)\(/.test(written);
  return returns === 1 && (isOneItem || isPlainObject || isSame);
}

/** The data of the nodes that the code names. */
function namedNodes(node: N8nNode, written: string): JsonObject {
  const names = [
    ...written.matchAll(/\$\(\s*(['"`])((?:(?!\1).)+)\1\s*\)|\$node\[\s*(['"`])((?:(?!\3).)+)\3\s*\]/g),
  ].map((found) => found[2] ?? found[4] ?? '');
  return Object.fromEntries(
    [...new Set(names)].map((name) => {
      const data = node.dataOf(name);
      if (data.kind === 'many') return [name, expr(data.text)];
      return [name, node.values.value(`={{ $(${JSON.stringify(name)}).item.json }}`, `Input: ${name}`)];
    }),
  );
}

function framed(
  written: string,
  { isEach, isList, isItem }: { isEach: boolean; isList: boolean; isItem: boolean },
): string {
  const isAsync = /\bawait\b/.test(written);
  const run = isAsync ? 'async ' : '';
  const wait = isAsync ? 'await ' : '';
  const names = isItem ? 'item, $json, items, $input, $, $node' : '$json, item, items, $input, $, $node';
  const call = isItem
    ? 'item.json, item.json, items, read(items, at), $, $node'
    : 'item.json, item, items, read(items, at), $, $node';
  return `// The code of n8n, in a frame that gives it what it had there.
${run}function original(${names}) {
${written}
}

const read = (items, at) => ({
  item: items[at],
  all: () => items,
  first: () => items[0],
  last: () => items.at(-1),
});

export default ${run}(input) => {
  const items = input.items.map((json) => ({ json }));
  const $ = (name) => read([input.nodes[name]].flat().map((json) => ({ json })), 0);
  const $node = new Proxy({}, { get: (_, name) => $(name).item });
  const plain = (item) => (item && typeof item === 'object' && 'json' in item ? item.json : item);
  const listed = (value) => [value].flat().filter((item) => item !== null && item !== undefined).map(plain);
${
  isEach
    ? `  const results = [];
  for (const [at, item] of items.entries()) results.push(...listed(${wait}original(${call})));`
    : `  const [at, item] = [0, items[0] ?? { json: {} }];
  const results = listed(${wait}original(${call}));`
}
  return ${isList ? 'results' : 'results.length === 1 ? results[0] : results'};
};
`;
}

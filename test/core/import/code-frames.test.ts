import { expect, test } from 'vitest';

import { importN8n } from '#core/import/n8n/import-n8n.ts';
import { importNodeRed } from '#core/import/node-red/import-node-red.ts';
import type { Json, JsonObject } from '#core/json.ts';

/** Runs the code of a Code node on an input, as the sandbox does. */
async function run(code: Json | undefined, input: Json): Promise<Json> {
  const url = `data:text/javascript,${encodeURIComponent(typeof code === 'string' ? code : '')}`;
  const module = (await import(/* @vite-ignore */ url)) as { default: (input: Json) => Json | Promise<Json> };
  return JSON.parse(JSON.stringify(await module.default(input))) as Json;
}

function n8nCode(type: string, parameters: JsonObject, trigger = 'manualTrigger'): Json | undefined {
  const made = importN8n({
    nodes: [
      { name: 'Start', type: `n8n-nodes-base.${trigger}`, typeVersion: 1, position: [0, 0], parameters: {} },
      { name: 'Code', type: `n8n-nodes-base.${type}`, typeVersion: 2, position: [200, 0], parameters },
    ],
    connections: { Start: { main: [[{ node: 'Code', type: 'main', index: 0 }]] } },
  });
  return made.ok ? made.document.nodes.find(({ id }) => id === 'code')?.config['code'] : undefined;
}

function redCode(func: string, outputs: number): Json | undefined {
  const made = importNodeRed([
    { id: 'a', type: 'inject', name: 'Start', wires: [['b']] },
    { id: 'b', type: 'function', name: 'Code', func, outputs, wires: [[]] },
  ]);
  return made.ok ? made.document.nodes.find(({ id }) => id === 'code')?.config['code'] : undefined;
}

test.each<[string, string, JsonObject, Json, Json]>([
  [
    'all items',
    'code',
    { jsCode: 'return [{ json: { sum: $input.all().reduce((a, i) => a + i.json.n, 0) } }];' },
    { items: [{ n: 2 }, { n: 3 }], nodes: {} },
    { sum: 5 },
  ],
  [
    'several items',
    'code',
    { jsCode: 'return items.flatMap((i) => [i, { json: { n: 0 } }]);' },
    { items: [{ n: 1 }], nodes: {} },
    [{ n: 1 }, { n: 0 }],
  ],
  [
    'an object alone',
    'code',
    { jsCode: 'return { n: $json.n + 1 };' },
    { items: [{ n: 1 }], nodes: {} },
    { n: 2 },
  ],
  [
    'one item at a time',
    'code',
    { mode: 'runOnceForEachItem', jsCode: '$json.n += 1;\nreturn $input.item;' },
    { items: [{ n: 1 }], nodes: {} },
    { n: 2 },
  ],
  [
    'another node',
    'code',
    { jsCode: "return [{ json: { who: $('Start').first().json.name, same: $node['Start'].json.name } }];" },
    { items: [{}], nodes: { Start: { name: 'Ada' } } },
    { who: 'Ada', same: 'Ada' },
  ],
  [
    'waiting',
    'code',
    { jsCode: 'const n = await Promise.resolve(4);\nreturn [{ json: { n } }];' },
    { items: [{}], nodes: {} },
    { n: 4 },
  ],
  [
    'a function',
    'function',
    { functionCode: 'items[0].json.total = 1;\nreturn items;' },
    { items: [{ n: 1 }], nodes: {} },
    { n: 1, total: 1 },
  ],
  [
    'a function of one item',
    'functionItem',
    { functionCode: 'item.total = item.n * 2;\nreturn item;' },
    { items: [{ n: 2 }], nodes: {} },
    { n: 2, total: 4 },
  ],
  ['nothing', 'code', { jsCode: 'return [];' }, { items: [{}], nodes: {} }, []],
])('code of n8n: %s', async (_, type, parameters, input, output) => {
  expect(await run(n8nCode(type, parameters), input)).toEqual(output);
});

test.each<[string, string, number, Json, Json]>([
  [
    'the message',
    'msg.payload = msg.payload.toUpperCase();\nnode.warn("x");\nreturn msg;',
    1,
    { payload: 'a' },
    { payload: 'A' },
  ],
  ['a list of one output', 'return [msg];', 1, { payload: 1 }, { payload: 1 }],
  ['nothing', 'return null;', 1, { payload: 1 }, null],
  [
    'one of three outputs',
    'return [null, msg];',
    3,
    { payload: 1 },
    { outputs: [null, { payload: 1 }, null] },
  ],
  [
    'the first of several messages',
    'return [[{ payload: 1 }, { payload: 2 }], null];',
    2,
    {},
    { outputs: [{ payload: 1 }, null] },
  ],
  ['waiting', 'msg.payload = await Promise.resolve(2);\nreturn msg;', 1, {}, { payload: 2 }],
])('code of Node-RED: %s', async (_, func, outputs, input, output) => {
  expect(await run(redCode(func, outputs), input)).toEqual(output);
});

import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { catalog } from '#connectors/definitions.ts';
import type { FlowImport } from '#core/import/flow-import.ts';
import { importFlow } from '#core/import/import-flow.ts';
import type { Json } from '#core/json.ts';
import { validateFlow } from '#core/validate-flow.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const NAMES = ['n8n', 'node-red'].flatMap((tool) =>
  readdirSync(join(FIXTURES, tool))
    .filter((file) => file.endsWith('.json') && !file.endsWith('.expected.json'))
    .map((file) => `${tool}/${file.replace('.json', '')}`),
);

function read(name: string): Json {
  return JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as Json;
}

function imported(value: Json, start?: string): FlowImport {
  const made = importFlow(value, start === undefined ? {} : { start });
  if (made?.ok !== true) throw new Error(made?.message ?? 'not recognised');
  return made;
}

/** The report as lines: what became of each node, and what is said of it. */
function shown({ lines }: FlowImport): readonly string[] {
  return lines.flatMap(({ name, outcome, to, hints }) => [
    `${outcome}: ${name}${to.length > 0 ? ` → ${to.join(', ')}` : ''}`,
    ...hints.map(({ kind, place }) => `  ${kind}: ${place}`),
  ]);
}

describe('importFlow', () => {
  test('covers ten flows', () => expect(NAMES).toHaveLength(10));

  test.each(NAMES)('%s: what became of every node', (name) => {
    expect(shown(imported(read(name)))).toEqual(read(`${name}.expected`));
  });

  test.each(NAMES)('%s: can be stored, and is published where the report asks for nothing', (name) => {
    const made = imported(read(name));
    const { faults } = validateFlow(made.document, catalog);
    const open = made.lines.filter(({ outcome }) => outcome === 'partly').map(({ nodeId }) => nodeId);
    const said = faults.filter(({ level, nodeId }) => level !== 'warning' && !open.includes(nodeId));
    expect(said).toEqual([]);
    expect(JSON.stringify(made)).not.toContain('s3cret-value');
  });

  test.each(NAMES)('%s: any of its starts can be taken', (name) => {
    const { starts } = imported(read(name));
    for (const { key } of starts) {
      const made = imported(read(name), key);
      expect(made.start).toBe(key);
      expect(made.lines).toHaveLength(imported(read(name)).lines.length);
      expect(validateFlow(made.document, catalog).flow).not.toBeNull();
    }
  });

  test('a node that nothing here does leaves a gap with a note, and no node in its place', () => {
    const { document } = imported(read('n8n/error-alert'));
    expect(document.notes.map(({ text }) => text.split('\n')[0])).toContain(
      'Not imported: AI Agent (@n8n/n8n-nodes-langchain.agent)',
    );
    expect(document.edges.filter(({ from, port }) => from === 'switch' && port === 'default')).toEqual([]);
  });

  test('a sticky note keeps its text, its colour, and the room that it took among nodes', () => {
    const note = (name: string, parameters: Json) => ({
      ...{ name, type: 'n8n-nodes-base.stickyNote', typeVersion: 1, position: [0, 0] },
      parameters,
    });
    const start = { name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0] };
    const { document } = imported({
      nodes: [
        start,
        note('A', { content: '# A', width: 320, height: 192, color: 5 }),
        note('B', { content: 'B', width: 1e9, color: 'x' }),
      ],
      connections: {},
    });
    expect(document.notes.map(({ text, size, color }) => ({ text, size, color }))).toEqual([
      { text: '# A', size: { width: 480, height: 240 }, color: 'blue' },
      { text: 'B', size: { width: 368, height: 208 }, color: undefined },
    ]);
  });

  test.each<[string, Json, RegExp]>([
    ['n8n without nodes', { nodes: [], connections: {} }, /has no nodes/],
    ['n8n with a node that is none', { nodes: [7], connections: {} }, /Node 1 \(nodes\[0\]\) is no object/],
    [
      'n8n with a node without a name',
      { nodes: [{ type: 'n8n-nodes-base.set' }] },
      /nodes\[0\].*has no name/,
    ],
    [
      'n8n with two of a name',
      {
        nodes: [
          { name: 'A', type: 'n8n-nodes-base.set' },
          { name: 'A', type: 'n8n-nodes-base.if' },
        ],
      },
      /nodes\[1\]/,
    ],
    ['Node-RED without nodes', [{ id: 't', type: 'tab' }], /no nodes/],
    ['Node-RED with a node without an id', [{ type: 'debug', wires: [] }], /\[0\].*has no id/],
    [
      'Node-RED with an id twice',
      [
        { id: 'a', type: 'debug', wires: [] },
        { id: 'a', type: 'debug', wires: [] },
      ],
      /\[1\]/,
    ],
  ])('%s is a fault with its place', (_, value, message) => {
    const made = importFlow(value);
    expect(made?.ok === false && made.message).toMatch(message);
  });

  test('takes no other JSON for its own', () => {
    const others: readonly Json[] = [null, 7, 'x', [], {}, [1], { format: 1, nodes: [] }];
    for (const value of others) expect(importFlow(value)).toBeUndefined();
  });

  test('never throws on JSON of any kind, and what it makes can be stored', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        importFlow(value as Json);
      }),
      { numRuns: 300 },
    );
  });

  test.each(NAMES)('%s: never throws however it is broken, and what it makes can be stored', (name) => {
    const whole = read(name);
    const paths = pathsIn(whole);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...paths), junk()), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const broken = changes.reduce((value, [path, put]) => replaced(value, path, put), whole);
          const made = importFlow(broken);
          if (made?.ok === true)
            expect(
              validateFlow(made.document, catalog).faults.filter(({ level }) => level === 'refused'),
            ).toEqual([]);
          else if (made !== undefined) expect(made.message).not.toBe('');
        },
      ),
      { numRuns: 150 },
    );
  });
});

function junk(): fc.Arbitrary<Json> {
  return fc.oneof(
    fc.constantFrom<Json>(
      null,
      '',
      '={{',
      '={{ $json }}',
      '={{ $json.a.b[0] ?? 1 }}',
      '={{ (((',
      '={{ `${$json.a}` }}',
      {},
      [],
      [[]],
      -1,
      1e9,
      true,
      { $expr: 'x' },
      '__proto__',
      'constructor',
    ),
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  );
}

function pathsIn(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, item]: [string, Json]) => pathsIn(item, [...path, key])),
  ].filter(({ length }) => length > 0);
}

function replaced(value: Json, [first, ...rest]: readonly string[], put: Json): Json {
  if (first === undefined) return put;
  if (Array.isArray(value))
    return value.map((item: Json, index) => (String(index) === first ? replaced(item, rest, put) : item));
  if (typeof value !== 'object' || value === null || !(first in value)) return value;
  return { ...value, [first]: replaced((value as Record<string, Json>)[first] ?? null, rest, put) };
}

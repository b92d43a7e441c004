import fc from 'fast-check';
import { expect, it } from 'vitest';

import { applyOperation } from '#core/apply-operation.ts';
import type { FlowDocument, FlowEdge, FlowNode } from '#core/flow-document.ts';
import type { FlowOperation, NodeOptions } from '#core/flow-operation.ts';
import type { Json } from '#core/json.ts';
import { faultsAfterEdits, validateFlow } from '#core/validate-flow.ts';
import { catalog, goodFlow, node } from './flow-samples.ts';

// Few ids, so that operations meet; some that are never right, so that nonsense is tried, too.
const nodeId = fc.constantFrom(
  'hook',
  'map',
  'check',
  'post',
  'put',
  'undo',
  'stop',
  'map2',
  'a',
  'b',
  'ghost',
  'constructor',
  '__proto__',
  'no id',
  '',
);
const port = fc.constantFrom(undefined, 'out', 'true', 'false', 'error', 'maybe', '');
const type = fc.constantFrom(
  'core.webhook',
  'core.manual',
  'core.map',
  'core.if',
  'core.filter',
  'core.respond',
  'core.stop',
  'http.request',
  'test.each',
  'core.nope',
  'nonsense',
);
const place = fc.record({
  // JSON knows no -0, and so 0 comes back.
  x: fc.double({ min: -1e4, max: 1e4 }).map((x) => x + 0),
  y: fc.oneof(fc.integer(), fc.constant(Number.NaN)),
});

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    { $expr: 'steps.map.id' },
    { $tpl: 'No {{ steps.a }}' },
    { $expr: '1 +' },
    { $expr: 1 },
    { $expr: '1', a: 1 },
  ),
  fc.constantFrom<Json>(
    { a: { constructor: 1 } },
    JSON.parse('{"__proto__":{"x":1}}') as Json,
    { scheme: 'github' },
    'https://a.example',
  ),
);
const key = fc.constantFrom(
  'output',
  'condition',
  'url',
  'method',
  'headers',
  'body',
  'status',
  'verify',
  'nope',
  'a',
  '__proto__',
);
const config = fc.dictionary(key, value, { maxKeys: 2 });

const flowNode: fc.Arbitrary<FlowNode> = fc
  .record(
    {
      id: nodeId,
      type,
      version: fc.constantFrom(1, 1, 1, 2, 0),
      config,
      position: place,
      parent: nodeId,
      compensate: nodeId,
      onError: fc.constantFrom('fail', 'branch', 'continue', 'never') as fc.Arbitrary<FlowNode['onError']>,
    },
    { requiredKeys: ['id', 'type', 'version', 'config'] },
  )
  .map((made) => ({ ...node(made.id, made.type), ...made }));

const edge: fc.Arbitrary<FlowEdge> = fc
  .record({ from: nodeId, port, to: nodeId })
  .map(({ from, port: through, to }) => (through === undefined ? { from, to } : { from, port: through, to }));

const options = fc.record(
  {
    label: fc.option(fc.string({ maxLength: 250 }), { nil: undefined }),
    onError: fc.constantFrom('fail', 'branch', 'continue', undefined, 'never'),
    compensate: fc.option(nodeId, { nil: undefined }),
    connection: fc.constantFrom('shop', 'No Slug', undefined),
    retry: fc.constantFrom({ attempts: 3 }, { attempts: 0 }, undefined),
    timeoutSeconds: fc.constantFrom(1, -1, undefined),
    id: fc.constant('renamed'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<NodeOptions>;

const note = fc.record({ id: nodeId, text: fc.string(), position: place });
const path = fc.array(fc.oneof(key, fc.integer({ min: -1, max: 2 })), { maxLength: 4 });

const operation: fc.Arbitrary<FlowOperation> = fc.oneof(
  fc.record({ kind: fc.constant('add_node' as const), node: flowNode }),
  fc.record({ kind: fc.constant('insert_on_edge' as const), node: flowNode, edge }),
  fc.record({ kind: fc.constant('remove_nodes' as const), nodeIds: fc.array(nodeId, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant('move_nodes' as const),
    positions: fc.dictionary(nodeId, place, { maxKeys: 2 }),
  }),
  fc.record({
    kind: fc.constant('set_parent' as const),
    nodeIds: fc.array(nodeId, { maxLength: 3 }),
    parent: fc.option(nodeId, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('set_config' as const),
    nodeId,
    path,
    value: fc.option(value, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('set_options' as const), nodeId, options }),
  fc.record({ kind: fc.constant('add_edge' as const), edge }),
  fc.record({ kind: fc.constant('remove_edges' as const), edges: fc.array(edge, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant('paste' as const),
    fragment: fc.record({
      nodes: fc.array(flowNode, { maxLength: 3 }),
      edges: fc.array(edge, { maxLength: 2 }),
    }),
    offset: place,
  }),
  fc.record({
    kind: fc.constant('set_settings' as const),
    settings: fc.constantFrom({}, { timeoutSeconds: 5 }, { timeoutSeconds: -5 }, { onFailure: 'x' }, {
      nope: 1,
    } as object),
  }),
  fc.record({ kind: fc.constant('describe_flow' as const), name: fc.string({ maxLength: 210 }) }),
  fc.record({ kind: fc.constant('put_note' as const), note }),
  fc.record({ kind: fc.constant('remove_notes' as const), noteIds: fc.array(nodeId, { maxLength: 2 }) }),
);

/** Fails a test that changes what it was given, at the place where it does. */
function freeze<T>(whole: T): T {
  if (typeof whole !== 'object' || whole === null || Object.isFrozen(whole)) return whole;
  Object.values(Object.freeze(whole)).forEach(freeze);
  return whole;
}

const empty: FlowDocument = { ...goodFlow(), nodes: [], edges: [], notes: [], pins: {} };

it('keeps any flow valid through any edits, or says why an edit is refused', () => {
  const counts = { applied: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.constantFrom(goodFlow(), empty),
      fc.array(operation, { maxLength: 15 }),
      (start, operations) => {
        let flow = freeze(start);
        const past: { readonly document: FlowDocument; readonly text: string }[] = [];
        for (const each of operations) {
          const applied = applyOperation(flow, freeze(each), catalog);
          if (!applied.ok) {
            counts.refused += 1;
            expect(applied.faults.length).toBeGreaterThan(0);
            expect(applied.faults.every((fault) => fault.level === 'refused')).toBe(true);
            continue;
          }
          counts.applied += 1;
          past.push({ document: flow, text: JSON.stringify(flow) });
          flow = freeze(applied.flow);
          const { faults } = validateFlow(flow, catalog);
          const refused = faults.filter((fault) => fault.level === 'refused');
          expect(refused, JSON.stringify(each)).toEqual([]);
          expect(faultsAfterEdits(flow, catalog), JSON.stringify(each)).toEqual(faults);
          expect(validateFlow(JSON.parse(JSON.stringify(flow)), catalog).flow).toEqual(flow);
        }
        // Undo is the old document: it must be, to the letter, what it was.
        for (const { document, text } of past.reverse()) expect(JSON.stringify(document)).toBe(text);
      },
    ),
    { numRuns: 400 },
  );
  // The generator must not have been refused throughout, nor waved through.
  expect(counts.applied).toBeGreaterThan(300);
  expect(counts.refused).toBeGreaterThan(300);
});

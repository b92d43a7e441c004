import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { catalog } from '#connectors/definitions.ts';
import { flowDocumentSchema, type FlowDocument } from '#core/flow-document.ts';
import { ancestorsOf } from '#core/graph.ts';
import { cutDocument } from '#core/pins/cut-document.ts';
import { answerOf, NO_ANSWER, pinSchema } from '#core/pins/pin.ts';
import { pinGraph } from '#core/pins/pin-graph.ts';
import { pinsOfSteps, type AnsweredStep } from '#core/pins/pins-of-steps.ts';
import { compilePlan } from '#core/plan-graph.ts';

const CALL = { method: 'POST', url: 'https://far.example' };

/** start → a → loop (inside: call → after) → last; undo undoes a. */
const FLOW = document(
  [
    { id: 'start', type: 'core.manual' },
    { id: 'a', type: 'http.request', config: CALL, compensate: 'undo' },
    { id: 'undo', type: 'http.request', config: CALL },
    { id: 'loop', type: 'core.each', config: { items: [1, 2] } },
    { id: 'call', type: 'http.request', config: CALL, parent: 'loop' },
    { id: 'after', type: 'core.map', config: { output: 1 }, parent: 'loop' },
    { id: 'last', type: 'core.map', config: { output: 1 } },
    { id: 'aside', type: 'core.map', config: { output: 1 } },
  ],
  'start>a a>loop call>after loop>last start>aside',
);

function document(nodes: readonly object[], edges: string): FlowDocument {
  return flowDocumentSchema.parse({
    format: 1,
    name: 'Flow',
    slug: 'flow',
    settings: { onFailure: 'other', timeoutSeconds: 5 },
    nodes: nodes.map((node) => ({ version: 1, ...node })),
    edges: edges.split(' ').map((edge) => {
      const [from, to] = edge.split('>');
      return { from, to };
    }),
  });
}

const idsOf = (flow: FlowDocument) => flow.nodes.map(({ id }) => id);

describe('the part of a flow up to a node', () => {
  test('has what comes before it, whole loops, and what undoes any of it', () => {
    expect(idsOf(cutDocument(FLOW, 'last'))).toEqual(['start', 'a', 'undo', 'loop', 'call', 'after', 'last']);
  });

  test('has of a loop around it only what leads to it', () => {
    expect(idsOf(cutDocument(FLOW, 'call'))).toEqual(['start', 'a', 'undo', 'loop', 'call']);
  });

  test('is a loop with all that is in it', () => {
    expect(idsOf(cutDocument(FLOW, 'loop'))).toEqual(['start', 'a', 'undo', 'loop', 'call', 'after']);
  });

  test('starts no failure flow, and keeps its deadline', () => {
    expect(cutDocument(FLOW, 'a').settings).toEqual({ timeoutSeconds: 5 });
  });

  test('compiles, and ends nowhere that the node does not depend on', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 30 }), fc.nat(11), (pairs, at) => {
        const nodes = Array.from({ length: 12 }, (_, index) =>
          index === 0
            ? { id: 'n0', type: 'core.manual' }
            : { id: `n${index}`, type: 'core.map', config: { output: 1 } },
        );
        const edges = [
          ...new Set(pairs.filter(([from, to]) => from < to).map(([from, to]) => `n${from}>n${to}`)),
        ];
        const flow = document(nodes, [...new Set([...edges, 'n0>n1'])].join(' '));
        const cut = cutDocument(flow, `n${at}`);
        const before = ancestorsOf(flow, `n${at}`);
        expect(new Set(idsOf(cut))).toEqual(new Set([...before, `n${at}`]));
        expect(
          cut.edges.every(({ from, to }) => before.has(from) && (before.has(to) || to === `n${at}`)),
        ).toBe(true);
        if (before.has('n0')) expect(compilePlan(cut, catalog).nodes.size).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a graph with pins', () => {
  const graph = compilePlan(FLOW, catalog);

  test('owes the journal nothing for a pinned call, and undoes nothing that was not done', () => {
    const pinned = pinGraph(graph, { a: { output: 1 } });
    expect(pinned.nodes.get('a')).toMatchObject({ effect: 'pure', undo: undefined });
    expect(pinned.root.find(({ node }) => node.id === 'a')).toBe(pinned.nodes.get('a'));
    expect(graph.nodes.get('a')).toMatchObject({ effect: 'keyed', undo: 'undo' });
  });

  test('keeps an undoing node that is pinned, too', () => {
    expect(pinGraph(graph, { a: { output: 1 }, undo: { output: 2 } }).nodes.get('a')?.undo).toBe('undo');
  });

  test('does not open a loop that is pinned, and knows the pins inside of one that is not', () => {
    expect(pinGraph(graph, { loop: { output: {} } }).nodes.get('loop')?.body).toBeUndefined();
    const inside = pinGraph(graph, { call: { items: { '0': { output: 1 } } } });
    expect(inside.root.find(({ node }) => node.id === 'loop')?.body?.[0]).toMatchObject({ effect: 'pure' });
  });

  test('is the very same without any', () => {
    expect(pinGraph(graph, {})).toBe(graph);
    expect(pinGraph(graph, null)).toBe(graph);
  });
});

describe('the answer of a pin', () => {
  const pins = { call: { items: { '0': { output: 'first' } } }, a: { output: 'all' } };

  test('is that of the item, and an error for an item that has none: what is pinned is never called', () => {
    expect(answerOf(pins, 'call', '0')).toEqual({ output: 'first' });
    expect(answerOf(pins, 'call', '1')).toMatchObject({ error: { code: NO_ANSWER } });
    expect(answerOf(pins, 'a', '7')).toEqual({ output: 'all' });
  });

  test('is none for what is not pinned', () => {
    expect(answerOf(pins, 'toString', '')).toBeUndefined();
    expect(answerOf(null, 'a', '')).toBeUndefined();
  });
});

test('pins of steps answer as these did, whatever they answered', () => {
  const step = fc.record({
    status: fc.constantFrom('succeeded', 'failed', 'skipped', 'waiting', 'in_doubt' as const),
    ports: fc.constantFrom(['out'], ['true'], []),
    output: fc.jsonValue(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 5 }), (steps) => {
      const given = steps.map((each, index) => ({
        ...each,
        nodeId: 'node',
        key: String(index),
        error: each.status === 'failed' ? { kind: 'invalid', code: 'no', message: 'No.' } : null,
      })) as unknown as AnsweredStep[];
      const pins = pinsOfSteps(given);
      for (const { key, status, ports, output, error } of given) {
        const pin = pins['node'];
        const answer = pin && 'items' in pin ? pin.items[key] : undefined;
        if (pin) expect(pinSchema.safeParse(JSON.parse(JSON.stringify(pin))).success).toBe(true);
        if (status === 'succeeded') {
          expect(answer).toMatchObject({ output });
          expect((answer as { ports?: string[] }).ports ?? ['out']).toEqual(ports);
        } else if (status === 'failed') expect(answer).toEqual({ error });
        else expect(answer).toBeUndefined();
      }
    }),
  );
});

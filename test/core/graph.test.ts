import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  ancestorsOf,
  comesBefore,
  descendantsOf,
  freshId,
  freshNodeId,
  incomingEdges,
  nodeById,
  outgoingEdges,
} from '#core/graph.ts';
import { NODE_ID_PATTERN } from '#core/flow-format.ts';
import { goodFlow, node } from './flow-samples.ts';

describe('the graph of a flow', () => {
  const flow = goodFlow();

  it('finds nodes and edges', () => {
    expect(nodeById(flow, 'map')).toBe(flow.nodes[1]);
    expect(nodeById(flow, 'ghost')).toBeUndefined();
    expect(incomingEdges(flow, 'check')).toEqual([flow.edges[1]]);
    expect(outgoingEdges(flow, 'check')).toEqual([flow.edges[2], flow.edges[3]]);
    expect(incomingEdges(flow, 'hook')).toEqual([]);
  });

  it('knows what comes before a node, by any way', () => {
    expect([...ancestorsOf(flow, 'stop')].sort()).toEqual(['check', 'hook', 'map', 'put']);
    expect([...ancestorsOf(flow, 'hook')]).toEqual([]);
  });

  it('puts a compensation after the node that it undoes', () => {
    expect([...ancestorsOf(flow, 'undo')].sort()).toEqual(['check', 'hook', 'map', 'post']);
  });

  it('puts the inside of a loop after the loop and what comes before it', () => {
    const looped = {
      nodes: [
        ...flow.nodes,
        node('each', 'test.each'),
        node('in1', 'core.map', { parent: 'each' }),
        node('in2', 'core.map', { parent: 'each' }),
      ],
      edges: [...flow.edges, { from: 'post', to: 'each' }, { from: 'in1', to: 'in2' }],
    };
    expect([...ancestorsOf(looped, 'in2')].sort()).toEqual(['check', 'each', 'hook', 'in1', 'map', 'post']);
  });

  it('knows what comes after a node', () => {
    expect([...descendantsOf(flow, 'check')].sort()).toEqual(['post', 'put', 'stop']);
    expect([...descendantsOf(flow, 'stop')]).toEqual([]);
  });

  it('answers the same one by one as all at once, circles and all', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const edge = fc.record({ from: fc.constantFrom(...ids), to: fc.constantFrom(...ids) });
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), (edges) => {
        const graph = { nodes: ids.map((id) => node(id, 'core.map')), edges };
        for (const later of ids) {
          for (const earlier of ids) {
            expect(comesBefore(graph, earlier, later)).toBe(ancestorsOf(graph, later).has(earlier));
            if (earlier !== later)
              expect(descendantsOf(graph, earlier).has(later)).toBe(ancestorsOf(graph, later).has(earlier));
          }
        }
      }),
    );
  });
});

describe('fresh ids', () => {
  it('takes the base, else the base with a number', () => {
    expect(freshNodeId(goodFlow(), 'send')).toBe('send');
    expect(freshNodeId(goodFlow(), 'map')).toBe('map2');
    expect(freshId(new Set(['map', 'map2', 'map3']), 'map2')).toBe('map4');
    expect(freshId(new Set(), 'My request!')).toBe('Myrequest');
    expect(freshId(new Set(), '42')).toBe('node');
    expect(freshId(new Set(), 'constructor')).toBe('node');
  });

  it('always gives an id that is one and is not taken', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 5 }),
        fc.oneof(fc.string(), fc.string({ minLength: 60, maxLength: 80 })),
        (taken, base) => {
          const known = new Set(taken);
          for (let round = 0; round < 12; round += 1) {
            const id = freshId(known, base);
            expect(id).toMatch(NODE_ID_PATTERN);
            expect(known.has(id)).toBe(false);
            known.add(id);
          }
        },
      ),
    );
  });
});

import { describe, expect, it } from 'vitest';

import { fallbackPositions } from '#components/canvas/fallback-layout.ts';
import { makeRoom } from '#components/canvas/make-room.ts';
import { freePlace, nodeBoxes, placeAfter } from '#components/canvas/node-place.ts';
import { COLUMN_GAP, GRID, NODE_WIDTH } from '#components/canvas/node-size.ts';
import { tidyLayout } from '#components/canvas/tidy-layout.ts';
import { arrowDirection, walk } from '#components/canvas/walk.ts';
import type { Direction } from '#components/canvas/walk.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { orderFlow, testEdge, testNode, withNode } from '#test/support/editor-flow.ts';

const boxesOverlap = (flow: FlowDocument) => {
  const boxes = [...nodeBoxes(flow, catalog).values()];
  return boxes.some((a, index) =>
    boxes
      .slice(index + 1)
      .some(
        (b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
      ),
  );
};
const placed = (flow: FlowDocument, positions: Record<string, { x: number; y: number }>): FlowDocument => ({
  ...flow,
  nodes: flow.nodes.map((node) => ({ ...node, position: positions[node.id] ?? node.position })),
});
/** Fifty nodes: a trigger and seven chains of seven behind one another. */
function wideFlow(): FlowDocument {
  const ids = Array.from({ length: 49 }, (_, index) => `n${index}`);
  return orderFlow({
    nodes: [testNode('hook', 'core.webhook'), ...ids.map((id) => testNode(id, 'core.map'))],
    edges: ids.map((id, index) => testEdge(index < 7 ? `hook>${id}` : `n${index - 7}>${id}`)),
  });
}

describe('nodes without a place', () => {
  it('stand in the column of their distance from the start, each in a row of its own', () => {
    const flow = orderFlow();
    const bare = { ...flow, nodes: flow.nodes.map((node) => ({ ...node, position: undefined })) };
    const xs = [...fallbackPositions(bare, catalog).values()].map(({ x }) => x);
    expect(xs).toEqual([0, 1, 2, 3].map((column) => column * (NODE_WIDTH + COLUMN_GAP)));
    expect(boxesOverlap(placed(bare, Object.fromEntries(fallbackPositions(bare, catalog))))).toBe(false);
  });

  it('do not move those that have one, and survive a circle in a broken document', () => {
    const flow = orderFlow({ edges: [...orderFlow().edges, testEdge('post>map')] });
    const bare = withNode(flow, 'map', { position: undefined });
    expect(fallbackPositions(bare, catalog).get('if')).toEqual({ x: 640, y: 0 });
    expect(fallbackPositions(bare, catalog).get('map')).toBeDefined();
  });
});

describe('a new node', () => {
  it('stands one column after its source', () => {
    expect(placeAfter(orderFlow(), { nodeId: 'post', port: 'out' }, catalog)).toEqual({
      x: 960 + NODE_WIDTH + COLUMN_GAP,
      y: 0,
    });
  });

  it('stands above for the first port and below for the second', () => {
    const flow = { ...orderFlow(), nodes: orderFlow().nodes.slice(0, 3), edges: [] };
    const upper = placeAfter(flow, { nodeId: 'if', port: 'true' }, catalog);
    const lower = placeAfter(flow, { nodeId: 'if', port: 'false' }, catalog);
    expect(lower.y).toBeGreaterThan(upper.y);
  });

  it('never lies on another one, and always on the grid', () => {
    let flow = orderFlow();
    for (let number = 0; number < 12; number += 1) {
      const position = placeAfter(flow, { nodeId: 'map', port: 'out' }, catalog);
      expect([position.x % GRID, position.y % GRID].map(Math.abs)).toEqual([0, 0]);
      flow = { ...flow, nodes: [...flow.nodes, testNode(`new${number}`, 'core.map', { position })] };
    }
    expect(boxesOverlap(flow)).toBe(false);
  });

  it('moves down from a place that is taken', () => {
    const place = freePlace({ x: 5, y: 3 }, nodeBoxes(orderFlow(), catalog).values());
    expect(place.x).toBe(0);
    expect(place.y).toBeGreaterThan(0);
  });
});

describe('room for a node on an edge', () => {
  it('moves everything after it by what is missing, and nothing else', () => {
    const moved = makeRoom(orderFlow(), catalog, { edge: testEdge('map>if') });
    expect(Object.keys(moved)).toEqual(['if', 'post']);
    expect(moved['if']?.x).toBe(320 + 2 * (NODE_WIDTH + COLUMN_GAP));
    expect((moved['post']?.x ?? 0) - (moved['if']?.x ?? 0)).toBe(320);
  });

  it('moves nothing where there is room already', () => {
    const flow = withNode(orderFlow(), 'post', { position: { x: 5_000, y: 0 } });
    expect(makeRoom(flow, catalog, { edge: testEdge('if.true>post') })).toEqual({});
  });
});

describe('tidying up', () => {
  it('puts every node right of those before it, none on another, the first where it was', async () => {
    const flow = withNode(wideFlow(), 'hook', { position: { x: 48, y: 96 } });
    const positions = await tidyLayout(flow, catalog);
    const tidy = placed(flow, positions);
    expect(boxesOverlap(tidy)).toBe(false);
    expect(positions['hook']).toEqual({ x: 48, y: 96 });
    for (const edge of flow.edges) {
      expect(positions[edge.to]?.x ?? 0).toBeGreaterThanOrEqual((positions[edge.from]?.x ?? 0) + NODE_WIDTH);
    }
  });

  it('does the same again when it is done again', async () => {
    const first = placed(wideFlow(), await tidyLayout(wideFlow(), catalog));
    expect(placed(first, await tidyLayout(first, catalog))).toEqual(first);
  });

  it.each([
    ['switch.a>a', 'switch.b>b', 'switch.default>c'],
    ['switch.default>c', 'switch.b>b', 'switch.a>a'],
  ])('keeps the branches of a switch in the order of its ports (%s, %s, %s)', async (...edges) => {
    const cases = ['a', 'b'].map((port) => ({ port, when: { $expr: 'true' } }));
    const flow = orderFlow({
      nodes: [
        testNode('hook', 'core.webhook'),
        testNode('switch', 'core.switch', { config: { cases } }),
        ...['c', 'b', 'a'].map((id) => testNode(id, 'core.map')),
      ],
      edges: ['hook>switch', ...edges].map(testEdge),
    });
    const tops = await tidyLayout(flow, catalog);
    const [a, b, c] = ['a', 'b', 'c'].map((id) => tops[id]?.y ?? 0);
    expect([a, b, c]).toEqual([a, b, c].toSorted((one, other) => (one ?? 0) - (other ?? 0)));
    expect(new Set([a, b, c]).size).toBe(3);
  });

  it('keeps branches in the order of their ports', async () => {
    const flow = orderFlow({
      nodes: [...orderFlow().nodes, testNode('no', 'core.stop')],
      edges: [testEdge('hook>map'), testEdge('map>if'), testEdge('if.false>no'), testEdge('if.true>post')],
    });
    const positions = await tidyLayout(flow, catalog);
    expect(positions['post']?.y ?? 0).toBeLessThan(positions['no']?.y ?? 0);
  });
});

describe('arrow keys', () => {
  const flow = orderFlow({
    nodes: [
      ...orderFlow().nodes,
      testNode('below', 'core.map', { position: { x: 320, y: 160 } }),
      testNode('far', 'core.map', { position: { x: 960, y: 320 } }),
    ],
    edges: [...orderFlow().edges, testEdge('if.false>far')],
  });
  const boxes = nodeBoxes(flow, catalog);
  it.each<[string, Direction, string | undefined]>([
    ['hook', 'right', 'map'],
    ['map', 'left', 'hook'],
    ['if', 'right', 'post'],
    ['map', 'down', 'below'],
    ['below', 'up', 'map'],
    ['below', 'right', 'if'],
    ['hook', 'left', undefined],
    ['gone', 'left', undefined],
  ])('from %s %s to %s', (from, direction, to) => {
    expect(walk(flow, boxes, { from, direction })).toBe(to);
  });

  it('are told from other keys', () => {
    expect(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'a'].map(arrowDirection)).toEqual([
      'up',
      'down',
      'left',
      'right',
      undefined,
    ]);
  });
});

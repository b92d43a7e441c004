import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createEditorStore } from '#components/canvas/editor-store.ts';
import { snapDrag } from '#components/canvas/snap-drag.ts';
import { snapTo } from '#components/canvas/snap-lines.ts';
import { catalog } from '#connectors/definitions.ts';
import { orderFlow, withNode } from '#test/support/editor-flow.ts';
import { loopFlow } from '#test/support/loop-flow.ts';

const box = (x: number, y: number, width = 240, height = 64) => ({ x, y, width, height });

describe('a box that is dragged', () => {
  it('stands in line with edges and middles nearby, and says along which lines', () => {
    expect(snapTo(box(3, 200), [box(0, 0)])).toEqual({
      by: { x: -3, y: 0 },
      lines: [0, 120, 240].map((at) => ({ axis: 'x', at, from: 0, to: 264 })),
    });
    expect(snapTo(box(300, 30), [box(0, 0, 240, 120)])).toEqual({
      by: { x: 0, y: -2 },
      lines: [{ axis: 'y', at: 60, from: 0, to: 540 }],
    });
    expect(snapTo(box(7, 200), [box(0, 0)])).toEqual({ by: { x: 0, y: 0 }, lines: [] });
    expect(snapTo(box(0, 2_000), [box(0, 0)]).lines, 'far away').toEqual([]);
  });

  it('is never moved further than a few pixels, and then stands in line', () => {
    const place = fc.integer({ min: -400, max: 400 });
    const anyBox = fc
      .tuple(place, place, fc.constantFrom(240, 336), fc.constantFrom(64, 120, 144))
      .map(([x, y, width, height]) => box(x, y, width, height));
    fc.assert(
      fc.property(anyBox, fc.array(anyBox, { maxLength: 8 }), (moving, others) => {
        const { by, lines } = snapTo(moving, others);
        expect(Math.max(Math.abs(by.x), Math.abs(by.y))).toBeLessThanOrEqual(6);
        const again = snapTo({ ...moving, x: moving.x + by.x, y: moving.y + by.y }, others);
        expect(again).toEqual({ by: { x: 0, y: 0 }, lines });
        for (const { from, to } of lines) expect(to).toBeGreaterThan(from);
      }),
    );
  });
});

describe('nodes that are dragged', () => {
  const storeOf = (document = withNode(orderFlow(), 'post', { position: { x: 320, y: 203 } })) =>
    createEditorStore({ document, catalog, onRefused: (message) => expect.fail(message) });

  it('are pulled into line with the others, unless that is not wanted', () => {
    const store = storeOf();
    store.setState({ dragged: { map: { x: 640, y: 208 } } });
    snapDrag(store, { isFree: false });
    expect(store.getState().dragged).toEqual({ map: { x: 640, y: 203 } });
    expect(store.getState().snapLines.map(({ axis }) => axis)).toEqual(['x', 'x', 'x', 'y', 'y', 'y']);
    store.setState({ dragged: { map: { x: 640, y: 208 } } });
    snapDrag(store, { isFree: true });
    expect(store.getState().dragged).toEqual({ map: { x: 640, y: 208 } });
    expect(store.getState().snapLines).toEqual([]);
  });

  it('do not stand in line with themselves, nor with a loop that grows with them', () => {
    const store = storeOf(loopFlow());
    const ids = store
      .getState()
      .document.nodes.filter(({ parent }) => parent === 'each')
      .map(({ id }) => id);
    const [inside = ''] = ids;
    const others = store.getState().document.nodes.filter(({ id }) => id !== inside && id !== 'each');
    store.swapDocument({
      ...store.getState().document,
      nodes: store
        .getState()
        .document.nodes.map((node) =>
          others.includes(node) ? { ...node, position: { x: 5_000, y: 5_000 } } : node,
        ),
    });
    store.setState({ dragged: { [inside]: { x: 0, y: 0 } } });
    snapDrag(store, { isFree: false });
    expect(store.getState().snapLines).toEqual([]);
  });
});

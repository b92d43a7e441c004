import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { align, distribute } from '#components/canvas/arrange.ts';
import type { Alignment } from '#components/canvas/arrange.ts';
import { alignSelection } from '#components/canvas/arrange-selection.ts';
import { edgeId } from '#core/edge-id.ts';
import { createEditorStore } from '#components/canvas/editor-store.ts';
import { nodeBoxes } from '#components/canvas/node-place.ts';
import { PICKER_ITEMS } from '#components/canvas/picker-items.ts';
import { pickerOptions } from '#components/canvas/picker-options.tsx';
import { pickerStep } from '#components/canvas/picker-steps.ts';
import { replaceNode, replaceRefusal } from '#components/canvas/replace-node.ts';
import { tidy } from '#components/canvas/tidy.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';
import { orderFlow, testEdge, testNode, withNode } from '#test/support/editor-flow.ts';
import { loopFlow } from '#test/support/loop-flow.ts';

const storeOf = (document: FlowDocument) =>
  createEditorStore({ document, catalog, onRefused: (message) => expect.fail(message) });
const item = (type: string) => {
  const found = PICKER_ITEMS.find((candidate) => candidate.type === type);
  if (!found) throw new Error(`no ${type}`);
  return found;
};

const anyBox = fc.record({
  x: fc.integer({ min: -50, max: 50 }).map((steps) => steps * 16),
  y: fc.integer({ min: -50, max: 50 }).map((steps) => steps * 16),
  width: fc.constantFrom(240, 336, 640),
  height: fc.constantFrom(64, 128, 304),
});
const anyBoxes = fc
  .array(anyBox, { minLength: 3, maxLength: 8 })
  .map((boxes) => new Map(boxes.map((box, index) => [`n${index}`, box])));

describe('lining boxes up', () => {
  it('puts all of them at one edge, moves nothing the other way, and does nothing a second time', () => {
    fc.assert(
      fc.property(anyBoxes, fc.constantFrom<Alignment>('left', 'right', 'top', 'bottom'), (boxes, how) => {
        const edgeOf = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) =>
          ({ left: x, right: x + width, top: y, bottom: y + height })[how as 'left'];
        const moved = new Map(
          Object.entries(align(boxes, how)).map(([id, at]) => [id, { ...boxes.get(id)!, ...at }]),
        );
        expect(new Set([...moved.values()].map(edgeOf)).size).toBe(1);
        const across = how === 'left' || how === 'right' ? 'y' : 'x';
        for (const [id, box] of moved) expect(box[across]).toBe(boxes.get(id)?.[across]);
        expect(align(moved, how)).toEqual(align(boxes, how));
      }),
    );
  });

  it('spreads boxes evenly, to a step of the grid, in their order, between the outermost two', () => {
    fc.assert(
      fc.property(anyBoxes, (boxes) => {
        const places = distribute(boxes, 'horizontally');
        const order = [...boxes].sort(([, a], [, b]) => a.x - b.x).map(([id]) => id);
        const after = order.map((id) => ({ ...boxes.get(id)!, ...places[id] }));
        const gaps = after.slice(1).map((box, index) => box.x - (after[index]!.x + after[index]!.width));
        expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(32);
        expect(after[0]?.x).toBe(boxes.get(order[0]!)?.x);
        expect(after.at(-1)?.x).toBe(boxes.get(order.at(-1)!)?.x);
      }),
    );
  });

  it('takes what is in a loop along, as one step of undo', () => {
    const store = storeOf(loopFlow());
    store.select(['each', 'end', 'shape']);
    alignSelection(store, 'bottom');
    const { document } = store.getState();
    const boxes = nodeBoxes(document, catalog);
    const bottom = (id: string) => (boxes.get(id)?.y ?? 0) + (boxes.get(id)?.height ?? 0);
    expect(bottom('each')).toBe(bottom('end'));
    expect(store.getState().announcement.text).toBe('2 nodes aligned: bottom');
    store.undo();
    expect(store.getState().document).toEqual(loopFlow());
  });
});

describe('tidying a part', () => {
  it('moves the selected nodes only, and keeps their upper left corner', async () => {
    const messy = orderFlow({
      nodes: [
        testNode('hook', 'core.webhook', { position: { x: 0, y: 0 } }),
        testNode('a', 'core.map', { position: { x: 800, y: 480 } }),
        testNode('b', 'core.map', { position: { x: 640, y: 640 } }),
        testNode('far', 'core.map', { position: { x: 2000, y: 1200 } }),
      ],
      edges: ['hook>a', 'a>b', 'b>far'].map(testEdge),
    });
    const store = storeOf(messy);
    store.select(['a', 'b']);
    expect(await tidy(store), 'the whole flow').toBe(false);
    const { document } = store.getState();
    expect(nodeById(document, 'hook')).toBe(messy.nodes[0]);
    expect(nodeById(document, 'far')).toBe(messy.nodes[3]);
    expect(nodeById(document, 'a')?.position).toEqual({ x: 640, y: 480 });
    expect(nodeById(document, 'b')?.position).toEqual({ x: 960, y: 480 });
  });
});

describe('replacing a node', () => {
  const replaced = (flow: FlowDocument, nodeId: string, type: string) => {
    const store = storeOf(flow);
    replaceNode(store, nodeId, item(type));
    return store.getState();
  };

  it('keeps its id, place, edges, name and options, so that what reads its output still does', () => {
    const flow = withNode(orderFlow(), 'map', { label: 'Shape it', timeoutSeconds: 30, onError: 'continue' });
    const { document } = replaced(flow, 'map', 'core.code');
    expect(nodeById(document, 'map')).toMatchObject({
      type: 'core.code',
      label: 'Shape it',
      position: { x: 320, y: 0 },
      timeoutSeconds: 30,
      onError: 'continue',
    });
    expect(document.edges.map(edgeId).toSorted()).toEqual(flow.edges.map(edgeId).toSorted());
    expect(nodeById(document, 'if')).toBe(nodeById(flow, 'if'));
  });

  it('keeps the settings that fit, and no others', () => {
    const flow = withNode(orderFlow(), 'if', { config: { condition: { $expr: 'steps.map.id > 1' } } });
    const { document, announcement } = replaced(flow, 'if', 'core.filter');
    expect(nodeById(document, 'if')?.config).toEqual({ condition: { $expr: 'steps.map.id > 1' } });
    expect(document.edges.map(edgeId), 'by the only port').toContain('if.out>post');
    expect(announcement.text).toBe('If replaced by Filter');
    expect(nodeById(replaced(flow, 'if', 'core.map').document, 'if')?.config).not.toHaveProperty('condition');
  });

  it('says how many edges have no port any more', () => {
    const flow = orderFlow();
    expect(replaced(flow, 'map', 'core.stop').announcement.text).toBe(
      'Map replaced by Stop, without 1 edge that it has no port for',
    );
  });

  it('leaves a loop with steps in it alone, and what undoes a node undoing it', () => {
    expect(replaceRefusal(loopFlow(), 'each')).toMatch(/Move them out/);
    expect(replaceRefusal(loopFlow(), 'book')).toBeNull();
    expect(nodeById(replaced(loopFlow(), 'cancel', 'core.map').document, 'book')?.compensate).toBe('cancel');
  });

  it('offers triggers for triggers and actions for actions, without the type that is there', () => {
    const offered = (nodeId: string) => {
      const flow = { document: orderFlow(), catalog };
      const step = pickerStep({ kind: 'replace', nodeId }, undefined, flow);
      return step ? pickerOptions(step, '', flow).map(({ id }) => id) : [];
    };
    const kinds = (nodeId: string) => new Set(offered(nodeId).map((type) => item(type).kind));
    expect([...kinds('hook')]).toEqual(['trigger']);
    expect([...kinds('map')]).toEqual(['action']);
    expect(offered('map')).not.toContain('core.map');
  });
});

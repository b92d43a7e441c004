import { describe, expect, it } from 'vitest';

import { addNode } from '#components/canvas/edit-actions.ts';
import { commitDrag, takeNodeChanges } from '#components/canvas/canvas-gestures.ts';
import { createEdgeDeriver } from '#components/canvas/derive-edges.ts';
import { createNodeDeriver } from '#components/canvas/derive-nodes.ts';
import { createEditorStore } from '#components/canvas/editor-store.ts';
import { fallbackPositions } from '#components/canvas/fallback-layout.ts';
import { foldingOf, toggleFold } from '#components/canvas/folding.ts';
import { loopAt, nodeBoxes, overlaps } from '#components/canvas/node-place.ts';
import { EMPTY_LOOP_SIZE, GRID, LOOP_PADDING, NODE_WIDTH } from '#components/canvas/node-size.ts';
import { PICKER_ITEMS } from '#components/canvas/picker-items.ts';
import {
  copySelection,
  duplicateSelection,
  pasteText,
  removeSelection,
} from '#components/canvas/selection-actions.ts';
import { tidyLayout } from '#components/canvas/tidy-layout.ts';
import { addUndo, undoCandidates } from '#components/canvas/undo-actions.ts';
import { walk } from '#components/canvas/walk.ts';
import { catalog } from '#connectors/definitions.ts';
import type { Fault } from '#core/fault.ts';
import type { FlowDocument, Position } from '#core/flow-document.ts';
import { testEdge, testNode } from '#test/support/editor-flow.ts';
import { loopFlow } from '#test/support/loop-flow.ts';
import { emptyFlow } from '#test/support/sample-flows.ts';

function open(document: FlowDocument = loopFlow()) {
  const refusals: string[] = [];
  const store = createEditorStore({ document, catalog, onRefused: (message) => refusals.push(message) });
  const flow = () => store.getState().document;
  const node = (id: string) => flow().nodes.find((each) => each.id === id);
  const drag = (id: string, position: Position) => {
    takeNodeChanges(store, [{ id, type: 'position', position, dragging: true }]);
    const drop = store.getState().dropLoopId;
    commitDrag(store);
    return drop;
  };
  return { store, refusals, flow, node, drag, said: () => store.getState().announcement.text };
}

function item(type: string) {
  const found = PICKER_ITEMS.find((candidate) => candidate.type === type);
  if (!found) throw new Error(`no ${type} in the registry`);
  return found;
}

const box = (flow: FlowDocument, id: string) =>
  nodeBoxes(flow, catalog).get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
const placed = (flow: FlowDocument, positions: Readonly<Record<string, Position>>): FlowDocument => ({
  ...flow,
  nodes: flow.nodes.map((node) => ({ ...node, position: positions[node.id] ?? node.position })),
});

/** Pairs of nodes of one scope that lie on each other, and nodes that stick out of their loop. */
function disorder(flow: FlowDocument): string[] {
  return flow.nodes.flatMap((a, index) => [
    ...flow.nodes
      .slice(index + 1)
      .filter((b) => a.parent === b.parent && overlaps(box(flow, a.id), box(flow, b.id)))
      .map((b) => `${a.id} on ${b.id}`),
    ...(a.parent !== undefined && !contains(box(flow, a.parent), box(flow, a.id))
      ? [`${a.id} out of ${a.parent}`]
      : []),
  ]);
}

type Rectangle = ReturnType<typeof box>;
const contains = (outer: Rectangle, inner: Rectangle) =>
  inner.x >= outer.x + LOOP_PADDING.left &&
  inner.y >= outer.y + LOOP_PADDING.top &&
  inner.x + inner.width <= outer.x + outer.width - LOOP_PADDING.right &&
  inner.y + inner.height <= outer.y + outer.height - LOOP_PADDING.bottom;

describe('a loop', () => {
  it('lies closely around what is in it, and has room for one node while nothing is', () => {
    expect(box(loopFlow(), 'each')).toEqual({
      x: 320,
      y: 0,
      width: LOOP_PADDING.left + 320 + NODE_WIDTH + LOOP_PADDING.right,
      height: 208 + 64 + LOOP_PADDING.bottom,
    });
    const empty = loopFlow({
      nodes: loopFlow().nodes.filter(({ parent }) => parent === undefined),
      edges: [],
    });
    expect(box(empty, 'each')).toEqual({ x: 320, y: 0, ...EMPTY_LOOP_SIZE });
  });

  it('is found at a point, the innermost one, unless it is left out', () => {
    const flow = loopFlow({
      nodes: [
        ...loopFlow().nodes,
        testNode('inner', 'core.each', { parent: 'each', position: { x: 352, y: 304 } }),
      ],
    });
    expect(loopAt(flow, catalog, { point: { x: 340, y: 90 } })).toBe('each');
    expect(loopAt(flow, catalog, { point: { x: 360, y: 310 } })).toBe('inner');
    expect(loopAt(flow, catalog, { point: { x: 360, y: 310 }, except: ['inner'] })).toBe('each');
    expect(loopAt(flow, catalog, { point: { x: 10, y: 10 } })).toBeUndefined();
  });

  it('is drawn below its nodes, which are drawn below nothing', () => {
    const nodes = createNodeDeriver(catalog)({
      document: loopFlow(),
      mode: 'edit',
      selectedNodeIds: new Set(['each']),
      measured: new Map(),
    });
    const edges = createEdgeDeriver()({ document: loopFlow(), mode: 'edit' });
    const layer = (id: string) => nodes.find((node) => node.id === id)?.zIndex ?? -1;
    const line = edges.find((edge) => edge.source === 'shape')?.zIndex ?? -1;
    expect([layer('each'), line, layer('shape')]).toEqual([0, 1, 2]);
    expect(nodes.find(({ id }) => id === 'each')).toMatchObject({
      type: 'loop',
      ariaLabel: 'For each, core.each, 3 nodes inside',
    });
    expect(nodes.find(({ id }) => id === 'cancel')).toMatchObject({
      ariaLabel: 'HTTP request, http.request, in For each, undoes HTTP request',
      data: { role: 'undo' },
    });
    expect(edges.find(({ type }) => type === 'undo')).toMatchObject({ source: 'book', target: 'cancel' });
  });
});

describe('dragging', () => {
  it('a loop takes all that is in it along, as one step', () => {
    const editor = open();
    editor.drag('each', { x: 320, y: 160 });
    expect(editor.node('shape')?.position).toEqual({ x: 352, y: 256 });
    expect(editor.node('cancel')?.position).toEqual({ x: 672, y: 368 });
    expect(editor.node('end')?.position).toEqual({ x: 1088, y: 0 });
    editor.store.undo();
    expect(editor.flow()).toEqual(loopFlow());
  });

  it('a node into a loop and out of it again', () => {
    const loose = loopFlow({
      nodes: [...loopFlow().nodes, testNode('loose', 'core.filter', { position: { x: 0, y: 400 } })],
    });
    const editor = open(loose);
    expect(editor.drag('loose', { x: 352, y: 192 })).toBe('each');
    expect(editor.node('loose')?.parent).toBe('each');
    expect(editor.said()).toBe('Filter moved into For each');
    expect(editor.drag('loose', { x: 352, y: 800 })).toBeNull();
    expect(editor.node('loose')?.parent).toBeUndefined();
    expect(editor.said()).toBe('Filter moved out of For each');
    editor.store.undo();
    editor.store.undo();
    expect(editor.flow()).toEqual(loose);
  });

  it('a node with an edge out of its loop is refused, and all stays', () => {
    const editor = open();
    editor.drag('shape', { x: 352, y: 900 });
    expect(editor.refusals).toEqual([expect.stringContaining('no edge can lead into a loop or out of it')]);
    expect(editor.flow()).toEqual(loopFlow());
    expect(editor.store.getState().dragged).toBeNull();
  });

  it('a node out of its loop takes along what undoes it, to its side', () => {
    const editor = open(loopFlow({ edges: [] }));
    editor.drag('book', { x: 672, y: 896 });
    expect(editor.node('book')).toMatchObject({ position: { x: 672, y: 896 } });
    expect(editor.node('cancel')).toMatchObject({ position: { x: 672, y: 1008 } });
    expect(editor.node('cancel')?.parent).toBeUndefined();
  });

  it('inside of a loop that grows pushes its neighbours aside', () => {
    const editor = open();
    editor.drag('book', { x: 832, y: 96 });
    expect(disorder(editor.flow())).toEqual([]);
    expect(editor.node('end')?.position?.x).toBe(1088 + 160);
  });
});

describe('adding', () => {
  it('after a node goes into the same loop, and the loop makes room', () => {
    const editor = open();
    addNode(editor.store, item('core.map'), { kind: 'after', nodeId: 'book', port: 'out' });
    expect(editor.flow().nodes.find(({ id }) => id === 'map')).toMatchObject({ parent: 'each' });
    expect(disorder(editor.flow())).toEqual([]);
    editor.store.undo();
    expect(editor.flow()).toEqual(loopFlow());
  });

  it('at a place in a loop goes into it; a trigger does not', () => {
    const editor = open();
    const position = { x: 352, y: 176 };
    addNode(editor.store, item('core.filter'), { kind: 'at', position });
    expect(editor.node('filter')?.parent).toBe('each');
    expect(editor.said()).toBe('Filter added to For each');
    expect(disorder(editor.flow())).toEqual([]);
  });

  it('the first step leaves the loop where it is', () => {
    const fresh = open({
      ...emptyFlow('new'),
      nodes: [testNode('each', 'core.each', { position: { x: 48, y: 64 } })],
    });
    addNode(fresh.store, item('core.map'), { kind: 'at', position: { x: 60, y: 70 }, parent: 'each' });
    expect(box(fresh.flow(), 'each')).toEqual({ x: 48, y: 64, ...EMPTY_LOOP_SIZE });
  });

  it('a loop on an edge makes room for all of it', () => {
    const editor = open();
    addNode(editor.store, item('core.each'), { kind: 'on_edge', edge: testEdge('shape>book') });
    expect(editor.node('each2')).toMatchObject({ parent: 'each' });
    expect(disorder(editor.flow())).toEqual([]);
  });
});

describe('copies', () => {
  it('of a loop have all that is in it, under ids of their own', () => {
    const editor = open();
    editor.store.select(['each']);
    duplicateSelection(editor.store);
    expect(
      editor
        .flow()
        .nodes.slice(6)
        .map(({ id, parent, compensate }) => [id, parent, compensate]),
    ).toEqual([
      ['each2', undefined, undefined],
      ['shape2', 'each2', undefined],
      ['book2', 'each2', 'cancel2'],
      ['cancel2', 'each2', undefined],
    ]);
    expect(editor.node('book2')?.config.body).toEqual({ $expr: 'steps.shape2' });
    expect([...editor.store.getState().selectedNodeIds]).toEqual(['each2']);
    expect(editor.said()).toBe('4 nodes duplicated');
  });

  it('go into the selected loop', () => {
    const editor = open();
    editor.store.select(['end']);
    const text = copySelection(editor.store) ?? '';
    editor.store.select(['each']);
    expect(pasteText(editor.store, text)).toEqual({ ok: true });
    expect(editor.node('end2')).toMatchObject({ parent: 'each' });
    expect(disorder(editor.flow())).toEqual([]);
  });
});

it('removing a loop removes what is in it, and says so', () => {
  const editor = open();
  editor.store.select(['each']);
  removeSelection(editor.store);
  expect(editor.flow().nodes.map(({ id }) => id)).toEqual(['start', 'end']);
  expect(editor.said()).toBe('For each with 3 nodes inside removed');
  editor.store.undo();
  expect(editor.flow()).toEqual(loopFlow());
});

describe('order', () => {
  const bare = loopFlow({
    nodes: [
      ...loopFlow().nodes,
      testNode('inner', 'core.each', { parent: 'each' }),
      testNode('deep', 'core.map', { parent: 'inner' }),
      testNode('deeper', 'core.map', { parent: 'inner' }),
    ].map((node) => ({ ...node, position: undefined })),
    edges: [...loopFlow().edges, testEdge('book>inner'), testEdge('deep>deeper')],
  });

  it('is there for documents without places', () => {
    expect(disorder(placed(bare, Object.fromEntries(fallbackPositions(bare, catalog))))).toEqual([]);
  });

  it('comes of tidying up, from the inside outwards, with what undoes a node below it', async () => {
    const tidy = placed(bare, await tidyLayout(bare, catalog));
    expect(disorder(tidy)).toEqual([]);
    expect(box(tidy, 'cancel')).toMatchObject({ x: box(tidy, 'book').x });
    expect(box(tidy, 'cancel').y).toBeGreaterThan(box(tidy, 'book').y);
    expect(box(tidy, 'end').x).toBeGreaterThan(box(tidy, 'each').x + box(tidy, 'each').width);
    const places = tidy.nodes.flatMap(({ position }) => [position?.x ?? 1, position?.y ?? 1]);
    expect(places.map((at) => Math.abs(at % GRID))).toEqual(places.map(() => 0));
    expect(placed(tidy, await tidyLayout(tidy, catalog))).toEqual(tidy);
  });
});

it.each([
  ['each', 'down', 'shape'],
  ['shape', 'right', 'book'],
  ['shape', 'left', 'each'],
  ['shape', 'up', 'each'],
  ['book', 'down', 'cancel'],
  ['each', 'right', 'end'],
] as const)('arrow keys lead from %s %s to %s', (from, direction, to) => {
  expect(walk(loopFlow(), nodeBoxes(loopFlow(), catalog), { from, direction })).toBe(to);
});

describe('what undoes a node', () => {
  it('is chosen from nodes of its loop that lead nowhere', () => {
    const flow = loopFlow({
      nodes: [
        ...loopFlow().nodes,
        testNode('free', 'core.map', { parent: 'each' }),
        testNode('outside', 'core.map'),
      ],
    });
    const ids = (id: string) => {
      const node = flow.nodes.find((each) => each.id === id);
      return node ? undoCandidates(flow, node, catalog).map((each) => each.id) : [];
    };
    expect(ids('book')).toEqual(['cancel', 'free']);
    expect(ids('shape')).toEqual(['free']);
    expect(ids('end')).toEqual(['outside']);
  });

  it('is added below it as one step', () => {
    const editor = open();
    expect(addUndo(editor.store, 'end', item('http.request'))).toBe('http');
    expect(editor.node('end')).toMatchObject({ compensate: 'http' });
    expect(editor.node('http')).toMatchObject({ label: 'Undo Map', position: { x: 1088, y: 112 } });
    editor.store.undo();
    expect(editor.flow()).toEqual(loopFlow());
  });

  it('moves down what stands right below, and all that is below that', () => {
    const at = (y: number) => ({ position: { x: 1_088, y } });
    const crowded = {
      ...loopFlow(),
      nodes: [
        ...loopFlow().nodes,
        testNode('next', 'core.map', at(96)),
        testNode('last', 'core.map', at(240)),
      ],
    };
    const editor = open(crowded);
    addUndo(editor.store, 'end', item('http.request'));
    expect(editor.node('http')).toMatchObject(at(112));
    expect([editor.node('next'), editor.node('last')]).toMatchObject([at(208), at(352)]);
    expect(disorder(editor.flow())).toEqual([]);
    editor.store.undo();
    expect(editor.flow()).toEqual(crowded);
  });
});

describe('a folded loop', () => {
  const drawn = (foldedIds: ReadonlySet<string>, faultsByNode?: ReadonlyMap<string, readonly Fault[]>) =>
    createNodeDeriver(catalog)({
      document: loopFlow(),
      mode: 'edit',
      selectedNodeIds: new Set(),
      measured: new Map(),
      foldedIds,
      ...(faultsByNode && { faultsByNode }),
    });

  it('is one box in place of all that is in it, and says how much that is', () => {
    const nodes = drawn(new Set(['each']));
    expect(nodes.map(({ id }) => id)).toEqual(['start', 'each', 'end']);
    const loop = nodes.find(({ id }) => id === 'each');
    expect(loop).toMatchObject({ width: 240, height: 64 });
    expect(loop?.ariaLabel).toBe('For each, core.each, 3 nodes inside, folded');
    const open = drawn(new Set()).find(({ id }) => id === 'each');
    expect(loop?.position).toEqual(open?.position);
    const edges = createEdgeDeriver()({
      document: loopFlow(),
      mode: 'edit',
      folding: foldingOf(loopFlow(), new Set(['each'])),
    });
    expect(edges.map(({ id }) => id)).toEqual(['start.out>each', 'each.out>end']);
  });

  it('shows the faults of all that it hides', () => {
    const fault: Fault = { level: 'blocks_publish', code: 'x', pointer: '', message: 'm', nodeId: 'book' };
    const [, loop] = drawn(new Set(['each']), new Map([['book', [fault]]]));
    expect(loop?.data.faults).toEqual([fault]);
  });

  it('opens when something in it is selected, and folds and opens by key', () => {
    const store = createEditorStore({ document: loopFlow(), catalog, onRefused: () => undefined });
    store.select(['each']);
    toggleFold(store);
    expect(store.getState().foldedIds).toEqual(new Set(['each']));
    store.select(['end']);
    expect(store.getState().foldedIds.size).toBe(1);
    store.select(['book']);
    expect(store.getState().foldedIds.size).toBe(0);
    toggleFold(store, ['each']);
    expect(store.getState().selectedNodeIds.size, 'what is hidden is not selected').toBe(0);
    toggleFold(store, ['each']);
    expect(store.getState().foldedIds.size).toBe(0);
    expect(store.getState().document, 'no edit').toEqual(loopFlow());
  });
});

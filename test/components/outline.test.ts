import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createEditorStore } from '#components/canvas/editor-store.ts';
import { edgeId } from '#core/edge-id.ts';
import { buildOutline } from '#components/outline/build-outline.ts';
import { moveStep } from '#components/outline/move-step.ts';
import { outlineActions } from '#components/outline/outline-actions.ts';
import { childrenOf, stepKey } from '#components/outline/outline-item.ts';
import type { OutlineItem } from '#components/outline/outline-item.ts';
import { itemByKey, moveInTree, outlineRows, pathTo } from '#components/outline/outline-rows.ts';
import { itemAriaLabel, itemWords } from '#components/outline/outline-words.ts';
import { removeStep } from '#components/outline/remove-step.ts';
import { OUTLINE_SHORTCUTS } from '#components/outline/outline-shortcuts.ts';
import { applyOperation } from '#core/apply-operation.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { orderFlow, testEdge, testNode } from '#test/support/editor-flow.ts';
import { loopFlow } from '#test/support/loop-flow.ts';
import { anyEdits, applyWhatFits } from '#test/support/random-edits.ts';

/** The outline as indented text: what a person would read. */
function told(flow: FlowDocument): string[] {
  const line = (item: OutlineItem, level: number): string[] => [
    `${'  '.repeat(level)}${itemWords(item, { document: flow, catalog }).title}`,
    ...childrenOf(item).flatMap((child) => line(child, level + 1)),
  ];
  return buildOutline(flow, catalog).flatMap((item) => line(item, 0));
}

function everyItem(items: readonly OutlineItem[]): OutlineItem[] {
  return items.flatMap((item) => [item, ...everyItem(childrenOf(item))]);
}

function apply(flow: FlowDocument, operations: readonly FlowOperation[] | null): FlowDocument {
  return (operations ?? []).reduce((document, operation) => {
    const applied = applyOperation(document, operation, catalog);
    if (!applied.ok) throw new Error(applied.faults[0]?.message);
    return applied.flow;
  }, flow);
}

const diamond = orderFlow({
  nodes: [
    testNode('hook', 'core.webhook', { label: 'Order' }),
    testNode('if', 'core.if', { label: 'Large?' }),
    testNode('big', 'core.map', { label: 'Big' }),
    testNode('small', 'core.map', { label: 'Small' }),
    testNode('end', 'core.map', { label: 'Tell' }),
    testNode('last', 'core.map', { label: 'Log' }),
  ],
  edges: ['hook>if', 'if.true>big', 'if.false>small', 'big>end', 'small>end', 'end>last'].map(testEdge),
});

describe('the outline of a flow', () => {
  it('tells steps in their order, branches by their ports, and where they meet after them', () => {
    expect(told(diamond)).toEqual([
      'Order',
      'Large?',
      '  true',
      '    Big',
      '    Continues at Tell',
      '  false',
      '    Small',
      '    Continues at Tell',
      'Tell',
      'Log',
    ]);
  });

  it('tells what a loop does for each item, and what undoes a step', () => {
    expect(told(loopFlow())).toEqual([
      'Manual start',
      'For each',
      '  For each item',
      '    Map',
      '    HTTP request',
      '      HTTP request',
      'Map',
    ]);
  });

  it('tells several ways from one port, and what no trigger leads to', () => {
    const flow = orderFlow({
      nodes: [
        testNode('hook', 'core.webhook', { label: 'Order' }),
        testNode('a', 'core.map', { label: 'A' }),
        testNode('b', 'core.map', { label: 'B' }),
        testNode('c', 'core.map', { label: 'C' }),
        testNode('d', 'core.map', { label: 'D' }),
      ],
      edges: ['hook>a', 'hook>b'].map(testEdge),
    });
    expect(told(flow)).toEqual([
      'Order',
      '  Way 1 of 2',
      '    A',
      '  Way 2 of 2',
      '    B',
      'Not reached',
      '  Start 1 of 2',
      '    C',
      '  Start 2 of 2',
      '    D',
    ]);
  });

  it('says in words what marks and icons say', () => {
    const flow = { document: diamond, catalog };
    const items = everyItem(buildOutline(diamond, catalog));
    const [end] = items.filter((item) => item.key === stepKey('end'));
    const fault = { level: 'warning', code: 'x', pointer: '', message: 'm' } as const;
    expect(end && itemAriaLabel(end, flow, [fault])).toBe('Tell, core.map, 2 ways lead here, 1 fault');
  });

  it('holds each node once and each edge once, whatever people do', () => {
    fc.assert(
      fc.property(fc.constantFrom(orderFlow(), diamond, loopFlow()), anyEdits(), (start, edits) => {
        const flow = applyWhatFits(start, edits);
        const items = everyItem(buildOutline(flow, catalog));
        const nodes = items.flatMap((item) => (item.kind === 'step' ? [item.nodeId] : []));
        expect(nodes.toSorted()).toEqual(flow.nodes.map(({ id }) => id).toSorted());
        const edges = items.flatMap((item) => {
          if (item.kind === 'reference') return [item.edge];
          return item.kind === 'step' && item.via ? [item.via] : [];
        });
        expect(edges.map(edgeId).toSorted()).toEqual(flow.edges.map(edgeId).toSorted());
        expect(new Set(items.map(({ key }) => key)).size, 'keys').toBe(items.length);
      }),
      { numRuns: 300 },
    );
  });

  it('tells a chain of 2,000 steps, and 600 branches in one another', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `n${index}`);
    const chain = orderFlow({
      nodes: ids.map((id, index) => testNode(id, index === 0 ? 'core.manual' : 'core.map')),
      edges: ids.slice(1).map((to, index) => ({ from: ids[index] ?? '', to })),
    });
    expect(buildOutline(chain, catalog)).toHaveLength(2_000);
    const deep = ids.slice(0, 600);
    const nested = orderFlow({
      nodes: deep.map((id, index) => testNode(id, index === 0 ? 'core.manual' : 'core.if')),
      edges: deep
        .slice(1)
        .map((to, index) => ({ from: deep[index] ?? '', to, ...(index > 0 && { port: 'true' }) })),
    });
    expect(everyItem(buildOutline(nested, catalog)).filter(({ kind }) => kind === 'step')).toHaveLength(600);
  });
});

describe('keys in the tree', () => {
  const items = buildOutline(diamond, catalog);
  const folded = new Set([stepKey('if')]);

  it('go up and down over what is in sight, in and out of branches', () => {
    const rows = outlineRows(items, new Set());
    expect(moveInTree(rows, stepKey('if'), 'in')).toEqual({ to: 'branch if.true' });
    expect(moveInTree(rows, 'branch if.true', 'out')).toEqual({ fold: true });
    expect(moveInTree(rows, stepKey('big'), 'out')).toEqual({ to: 'branch if.true' });
    expect(moveInTree(rows, stepKey('hook'), 'up')).toBeUndefined();
    expect(moveInTree(rows, stepKey('hook'), 'last')).toEqual({ to: stepKey('last') });
    const few = outlineRows(items, folded);
    expect(few.map(({ item }) => item.key)).toEqual(['hook', 'if', 'end', 'last'].map(stepKey));
    expect(moveInTree(few, stepKey('if'), 'down')).toEqual({ to: stepKey('end') });
    expect(moveInTree(few, stepKey('if'), 'in')).toEqual({ fold: false });
  });

  it('know what is around an item', () => {
    expect(pathTo(items, stepKey('small'))).toEqual(['branch if.false', stepKey('if')]);
    expect(itemByKey(items, 'branch if.false')?.kind).toBe('branch');
    expect(outlineRows(items, new Set())[3]).toMatchObject({ level: 3, place: 1, siblings: 2 });
  });

  it('have one meaning each', () => {
    const bindings = OUTLINE_SHORTCUTS.flatMap((shortcut) => shortcut.bindings);
    expect(new Set(bindings).size).toBe(bindings.length);
  });
});

describe('what can be done at a row', () => {
  const storeOf = (document: FlowDocument) =>
    createEditorStore({ document, catalog, onRefused: (message) => expect.fail(message) });
  const rowOf = (document: FlowDocument, key: string): OutlineItem => {
    const item = itemByKey(buildOutline(document, catalog), key);
    if (!item) throw new Error(`no row ${key}`);
    return item;
  };
  const run = (document: FlowDocument, key: string, id: string) => {
    const store = storeOf(document);
    const action = outlineActions(store, rowOf(document, key)).find((each) => each.id === id);
    if (!action) throw new Error(`no ${id} at ${key}`);
    action.run();
    return store.getState();
  };

  it('adds after a step into its way, at the start of a branch, and into a loop', () => {
    expect(run(diamond, stepKey('end'), 'add').picker).toEqual({
      kind: 'insert',
      edge: testEdge('end>last'),
    });
    expect(run(diamond, stepKey('last'), 'add').picker).toEqual({ kind: 'add_after', nodeId: 'last' });
    expect(run(diamond, 'branch if.true', 'add').picker).toEqual({
      kind: 'insert',
      edge: testEdge('if.true>big'),
    });
    expect(run(loopFlow(), 'body each', 'add').picker).toEqual({
      kind: 'add_after',
      nodeId: 'book',
      port: 'out',
    });
  });

  it('disconnects the edge that a row stands for', () => {
    const after = run(diamond, 'to small.out>end', 'disconnect');
    expect(after.document.edges.map(edgeId)).not.toContain('small.out>end');
    expect(after.announcement.text).toBe('Edge from Small to Tell removed');
    expect(run(diamond, stepKey('last'), 'disconnect').document.edges).toHaveLength(5);
  });

  it('lets those who may not edit open settings, and nothing else', () => {
    const store = createEditorStore({
      document: diamond,
      catalog,
      isReadOnly: true,
      onRefused: () => undefined,
    });
    expect(outlineActions(store, rowOf(diamond, stepKey('big'))).map(({ id }) => id)).toEqual(['open']);
  });

  it('joins what is around a step that is removed', () => {
    const flow = apply(diamond, removeStep(diamond, 'big'));
    expect(flow.edges.map(edgeId)).toEqual(
      expect.arrayContaining(['if.true>end', 'small.out>end', 'if.false>small']),
    );
    expect(flow.edges).toHaveLength(5);
    const meeting = apply(diamond, removeStep(diamond, 'end'));
    expect(meeting.edges.map(edgeId)).toEqual(expect.arrayContaining(['big.out>last', 'small.out>last']));
    expect(apply(diamond, removeStep(diamond, 'if')).edges.map(edgeId), 'ways that part').toHaveLength(3);
  });

  it('lets a step change places with its neighbour, and back again', () => {
    const flow = orderFlow({
      nodes: [
        testNode('hook', 'core.webhook'),
        testNode('map', 'core.map', { position: { x: 320, y: 0 } }),
        testNode('filter', 'core.filter', { position: { x: 640, y: 0 } }),
        testNode('post', 'http.request', { position: { x: 960, y: 0 } }),
      ],
      edges: ['hook>map', 'map>filter', 'filter>post'].map(testEdge),
    });
    const moved = apply(flow, moveStep(flow, catalog, { nodeId: 'filter', to: 'earlier' }));
    expect(moved.edges.map(edgeId).toSorted()).toEqual(
      ['filter.out>map', 'hook.out>filter', 'map.out>post'].toSorted(),
    );
    expect(moved.nodes.find(({ id }) => id === 'filter')?.position).toEqual({ x: 320, y: 0 });
    const back = apply(moved, moveStep(moved, catalog, { nodeId: 'filter', to: 'later' }));
    expect(back.edges.map(edgeId).toSorted()).toEqual(flow.edges.map(edgeId).toSorted());
    expect(moveStep(flow, catalog, { nodeId: 'map', to: 'earlier' }), 'before the trigger').toBeNull();
    expect(moveStep(diamond, catalog, { nodeId: 'end', to: 'earlier' }), 'where ways meet').toBeNull();
  });
});

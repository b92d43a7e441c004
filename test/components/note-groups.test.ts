import { describe, expect, it } from 'vitest';

import { operationsBetween } from '#components/canvas/document-diff.ts';
import { createEdgeDeriver } from '#components/canvas/derive-edges.ts';
import { createNodeDeriver } from '#components/canvas/derive-nodes.ts';
import { createEditorStore } from '#components/canvas/editor-store.ts';
import { foldingOf, toggleFold } from '#components/canvas/folding.ts';
import { groupSelection, ungroupSelection } from '#components/canvas/group-actions.ts';
import { frameOf } from '#components/canvas/group-frame.ts';
import { nodeBoxes } from '#components/canvas/node-place.ts';
import { PICKER_ITEMS } from '#components/canvas/picker-items.ts';
import { replaceNode } from '#components/canvas/replace-node.ts';
import { catalog } from '#connectors/definitions.ts';
import { applyOperation } from '#core/apply-operation.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { orderFlow, withNode } from '#test/support/editor-flow.ts';
import { loopFlow } from '#test/support/loop-flow.ts';

const GROUP = { id: 'group', text: 'Preparing', position: { x: 300, y: -48 }, nodes: ['map', 'if'] };
const grouped = orderFlow({ notes: [GROUP] });
const storeOf = (document: FlowDocument) =>
  createEditorStore({ document, catalog, onRefused: (message) => expect.fail(message) });

function edit(flow: FlowDocument, ...operations: ReturnType<typeof operationsBetween>): FlowDocument {
  return operations.reduce((document, operation) => {
    const applied = applyOperation(document, operation, catalog);
    if (!applied.ok) throw new Error(applied.faults[0]?.message);
    return applied.flow;
  }, flow);
}

describe('a group of nodes', () => {
  it('is a note that names them, which documents may hold', () => {
    expect(validateFlow(grouped, catalog).faults.filter(({ level }) => level === 'refused')).toEqual([]);
    const broken = orderFlow({ notes: [{ ...GROUP, nodes: ['map', 'gone', 'map'] }] });
    expect(validateFlow(broken, catalog).faults).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'group_of_unknown_node', pointer: '/notes/0/nodes/1' }),
        expect.objectContaining({ code: 'group_node_twice', pointer: '/notes/0/nodes/2' }),
      ]),
    );
  });

  it('loses nodes that are removed, and is a plain note without any', () => {
    const one = edit(grouped, { kind: 'remove_nodes', nodeIds: ['map'] });
    expect(one.notes).toEqual([{ ...GROUP, nodes: ['if'] }]);
    const { nodes: _, ...plain } = GROUP;
    expect(edit(one, { kind: 'remove_nodes', nodeIds: ['if'] }).notes).toEqual([plain]);
    expect(edit(grouped, { kind: 'remove_nodes', nodeIds: ['post'] }).notes).toBe(grouped.notes);
  });

  it('keeps a node that is replaced, and is told as a difference like any edit', () => {
    const store = storeOf(grouped);
    const code = PICKER_ITEMS.find(({ type }) => type === 'core.code');
    if (!code) throw new Error('no code step');
    replaceNode(store, 'map', code);
    const { document } = store.getState();
    expect(document.notes[0]?.nodes).toEqual(['map', 'if']);
    expect(edit(grouped, ...operationsBetween(grouped, document)).notes).toEqual(document.notes);
    const fewer = edit(grouped, { kind: 'remove_nodes', nodeIds: ['map'] });
    expect(edit(grouped, ...operationsBetween(grouped, fewer)).notes).toEqual(fewer.notes);
  });

  it('frames its nodes wherever they are', () => {
    const boxes = nodeBoxes(grouped, catalog);
    expect(frameOf(grouped, GROUP, boxes)).toMatchObject({ x: 304, y: -48 });
    const moved = withNode(grouped, 'if', { position: { x: 2000, y: 400 } });
    const wide = frameOf(moved, GROUP, nodeBoxes(moved, catalog));
    expect((wide?.x ?? 0) + (wide?.width ?? 0)).toBe(2000 + 240 + 16);
    expect(frameOf(grouped, { nodes: ['gone'] }, boxes)).toBeUndefined();
  });

  it('folds to one box that the edges of its nodes end at', () => {
    const store = storeOf(grouped);
    store.select(['map']);
    toggleFold(store);
    const { document, foldedIds, selectedNodeIds } = store.getState();
    expect(selectedNodeIds.size, 'what is not seen is not selected').toBe(0);
    const nodes = createNodeDeriver(catalog)({
      document,
      mode: 'edit',
      selectedNodeIds,
      measured: new Map(),
      foldedIds,
    });
    const tucked = nodes.filter(({ className }) => className === 'tucked-away');
    expect(tucked.map(({ id, position }) => ({ id, ...position }))).toEqual([
      { id: 'map', x: 320, y: 0 },
      { id: 'if', x: 320, y: 0 },
    ]);
    const edges = createEdgeDeriver()({ document, mode: 'edit', folding: foldingOf(document, foldedIds) });
    expect(edges.map(({ id }) => id)).toEqual(['hook.out>map', 'if.true>post']);
    store.select(['if']);
    expect(store.getState().foldedIds.size, 'selected elsewhere').toBe(0);
  });

  it('is made of the selection and taken away again; a node is in one group at a time', () => {
    const store = storeOf(loopFlow());
    store.select(['each', 'shape', 'end']);
    groupSelection(store);
    expect(store.getState().document.notes).toMatchObject([{ id: 'group', nodes: ['each', 'end'] }]);
    expect(store.getState().editedNoteId).toBe('group');
    store.select(['start', 'end']);
    groupSelection(store);
    expect(store.getState().document.notes.map(({ nodes }) => nodes)).toEqual([['each'], ['start', 'end']]);
    store.select(['start']);
    ungroupSelection(store);
    expect(store.getState().document.notes.map(({ nodes }) => nodes)).toEqual([['each']]);
    store.undo();
    store.undo();
    store.undo();
    expect(store.getState().document).toEqual(loopFlow());
  });
});

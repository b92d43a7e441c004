import { describe, expect, it } from 'vitest';

import { createEditorStore } from '#components/canvas/editor-store.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { orderFlow, testNode, withNode } from '#test/support/editor-flow.ts';

function open(document: FlowDocument = orderFlow(), isReadOnly = false) {
  const refusals: string[] = [];
  const clock = { ms: 0 };
  const store = createEditorStore({
    document,
    catalog,
    isReadOnly,
    onRefused: (message) => refusals.push(message),
    now: () => clock.ms,
  });
  return { store, refusals, clock, labelOf: (id: string) => labelIn(store.getState().document, id) };
}

const labelIn = (document: FlowDocument, id: string) => document.nodes.find((node) => node.id === id)?.label;
const rename = (nodeId: string, label: string) =>
  ({ kind: 'set_options', nodeId, options: { label } }) as const;

describe('edits', () => {
  it('apply several operations as one step of undo', () => {
    const { store } = open();
    const before = store.getState().document;
    const node = testNode('stop', 'core.stop');
    store.apply([
      { kind: 'add_node', node },
      { kind: 'add_edge', edge: { from: 'post', to: 'stop' } },
    ]);
    expect(store.getState().document.nodes).toHaveLength(5);
    store.undo();
    expect(store.getState().document).toBe(before);
    store.redo();
    expect(store.getState().document.edges.at(-1)).toEqual({ from: 'post', to: 'stop' });
  });

  it('leave everything as it was when one of them is refused, and say why', () => {
    const { store, refusals } = open();
    const before = store.getState().document;
    const isDone = store.apply([
      rename('map', 'Changed'),
      { kind: 'add_edge', edge: { from: 'post', to: 'map' } },
    ]);
    expect(isDone).toBe(false);
    expect(store.getState().document).toBe(before);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toMatch(/circle/);
    expect(store.temporal.getState().pastStates).toHaveLength(0);
  });

  it('do nothing for a reader', () => {
    const { store } = open(orderFlow(), true);
    expect(store.apply(rename('map', 'Changed'))).toBe(false);
    expect(store.getState().document).toEqual(orderFlow());
  });

  it('are not remembered when they change nothing', () => {
    const { store } = open();
    store.apply({ kind: 'move_nodes', positions: { map: { x: 320, y: 0 } } });
    expect(store.temporal.getState().pastStates).toHaveLength(0);
  });

  it('drop what they removed from the selection', () => {
    const { store } = open();
    store.select(['map', 'if'], ['map.out>if', 'hook.out>map']);
    store.apply({ kind: 'remove_nodes', nodeIds: ['if'] });
    expect([...store.getState().selectedNodeIds]).toEqual(['map']);
    expect([...store.getState().selectedEdgeIds]).toEqual(['hook.out>map']);
  });
});

describe('undo', () => {
  it('takes letters typed shortly after one another back at once', () => {
    const { store, clock, labelOf } = open();
    for (const label of ['S', 'Sh', 'Sha', 'Shap', 'Shape']) {
      clock.ms += 300;
      store.apply(rename('map', label), { mergeKey: 'label map' });
    }
    expect(labelOf('map')).toBe('Shape');
    store.undo();
    expect(labelOf('map')).toBeUndefined();
    store.redo();
    expect(labelOf('map')).toBe('Shape');
  });

  it('starts a new step after a pause, for another field, and after an undo', () => {
    const { store, clock, labelOf } = open();
    store.apply(rename('map', 'A'), { mergeKey: 'label map' });
    clock.ms += 5_000;
    store.apply(rename('map', 'AB'), { mergeKey: 'label map' });
    store.apply(rename('if', 'C'), { mergeKey: 'label if' });
    store.apply(rename('map', 'ABC'), { mergeKey: 'label map' });
    expect(store.temporal.getState().pastStates).toHaveLength(4);
    store.undo();
    expect(labelOf('map')).toBe('AB');
    store.apply(rename('map', 'AB!'), { mergeKey: 'label map' });
    store.undo();
    expect(labelOf('map')).toBe('AB');
  });

  it('goes back a hundred steps and no further', () => {
    const { store, labelOf } = open();
    for (let number = 1; number <= 105; number += 1) store.apply(rename('map', String(number)));
    for (let number = 1; number <= 200; number += 1) store.undo();
    expect(labelOf('map')).toBe('5');
  });

  it('does not remember selecting and dragging', () => {
    const { store } = open();
    store.select(['map']);
    store.setState({ dragged: { map: { x: 1, y: 1 } } });
    expect(store.temporal.getState().pastStates).toHaveLength(0);
  });

  it('keeps their edits when mine are taken back after a merge', () => {
    const { store, labelOf } = open();
    store.apply(rename('map', 'Mine'));
    const merged = withNode(store.getState().document, 'post', { label: 'Theirs' });
    store.replaceDocument(merged, (remembered) => withNode(remembered, 'post', { label: 'Theirs' }));
    store.undo();
    expect(labelOf('map')).toBeUndefined();
    expect(labelOf('post')).toBe('Theirs');
  });

  it('forgets the steps that a merge cannot be brought into', () => {
    const { store } = open();
    store.apply(rename('map', 'One'));
    store.apply(rename('map', 'Two'));
    store.replaceDocument(store.getState().document, (remembered) =>
      labelIn(remembered, 'map') === 'One' ? remembered : null,
    );
    expect(
      store.temporal.getState().pastStates.map(({ document }) => document && labelIn(document, 'map')),
    ).toEqual(['One']);
  });

  it('brings the other side back after one was chosen', () => {
    const { store, labelOf } = open();
    store.apply(rename('map', 'Mine'));
    store.swapDocument(withNode(orderFlow(), 'map', { label: 'Theirs' }));
    expect(labelOf('map')).toBe('Theirs');
    store.undo();
    expect(labelOf('map')).toBe('Mine');
  });
});

it('says the same words again when they are announced again', () => {
  const { store } = open();
  store.announce('Undone');
  const first = store.getState().announcement;
  store.announce('Undone');
  expect(store.getState().announcement).toEqual({ text: 'Undone', serial: first.serial + 1 });
});

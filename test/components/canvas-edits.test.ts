import { describe, expect, it } from 'vitest';

import { addNode, addOrReplaceTrigger, connectNodes } from '#components/canvas/edit-actions.ts';
import type { AddTarget } from '#components/canvas/edit-actions.ts';
import { nodeBoxes, overlaps } from '#components/canvas/node-place.ts';
import { createEditorStore } from '#components/canvas/editor-store.ts';
import { PICKER_ITEMS } from '#components/canvas/picker-items.ts';
import {
  copySelection,
  duplicateSelection,
  nudgeSelection,
  pasteText,
  removeSelection,
} from '#components/canvas/selection-actions.ts';
import { commitDrag, takeNodeChanges } from '#components/canvas/canvas-gestures.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { orderFlow, testEdge, withNode } from '#test/support/editor-flow.ts';
import { emptyFlow } from '#test/support/sample-flows.ts';

function open(document: FlowDocument = orderFlow()) {
  const refusals: string[] = [];
  const store = createEditorStore({ document, catalog, onRefused: (message) => refusals.push(message) });
  const flow = () => store.getState().document;
  return { store, refusals, flow, said: () => store.getState().announcement.text };
}

function item(type: string) {
  const found = PICKER_ITEMS.find((candidate) => candidate.type === type);
  if (!found) throw new Error(`no ${type} in the registry`);
  return found;
}

describe('adding', () => {
  it.each<[string, AddTarget, string, string[]]>([
    ['at a place', { kind: 'at', position: { x: 0, y: 500 } }, 'Map added', []],
    [
      'after a node',
      { kind: 'after', nodeId: 'post', port: 'out' },
      'Map added after HTTP request',
      ['post>map2'],
    ],
    [
      'after a port',
      { kind: 'after', nodeId: 'if', port: 'false' },
      'Map added after If, port false',
      ['if.false>map2'],
    ],
    [
      'before a node',
      { kind: 'before', nodeId: 'post', position: { x: 0, y: 500 } },
      'Map added before HTTP request',
      ['map2>post'],
    ],
  ])('%s', (_, target, said, edges) => {
    const editor = open();
    expect(addNode(editor.store, item('core.map'), target)).toBe('map2');
    expect(editor.flow().edges.slice(3)).toEqual(edges.map(testEdge));
    expect(editor.said()).toBe(said);
    expect([...editor.store.getState().selectedNodeIds]).toEqual(['map2']);
    editor.store.undo();
    expect(editor.flow()).toEqual(orderFlow());
  });

  it('between two nodes takes the edge’s place and keeps its port', () => {
    const editor = open();
    addNode(editor.store, item('core.map'), { kind: 'on_edge', edge: testEdge('if.true>post') });
    expect(editor.flow().edges.slice(2)).toEqual([testEdge('if.true>map2'), testEdge('map2>post')]);
    const x = (id: string) => editor.flow().nodes.find((node) => node.id === id)?.position?.x ?? 0;
    expect(x('if')).toBeLessThan(x('map2'));
    expect(x('map2')).toBeLessThan(x('post'));
    expect(editor.said()).toBe('Map added between If and HTTP request');
  });

  it('begins with the settings and the name that tell it from the others', () => {
    const editor = open();
    addNode(editor.store, item('core.map'), { kind: 'at', position: { x: 0, y: 500 } });
    expect(editor.flow().nodes.at(-1)).toMatchObject({ label: 'Map 2', config: { output: {} } });
    const fresh = open(emptyFlow('new'));
    addNode(fresh.store, item('http.request'), { kind: 'at', position: { x: 0, y: 0 } });
    expect(fresh.flow().nodes[0]).toMatchObject({ id: 'http', config: { method: 'GET', url: '' } });
    expect(fresh.flow().nodes[0]?.label).toBeUndefined();
  });

  it('says why an edge cannot be', () => {
    const editor = open();
    expect(connectNodes(editor.store, testEdge('post>map'))).toBe(false);
    expect(editor.refusals[0]).toMatch(/circle/);
    expect(connectNodes(editor.store, { from: 'if', port: 'false', to: 'post' })).toBe(true);
    expect(editor.said()).toBe('If connected to HTTP request');
  });
});

describe('a trigger', () => {
  it('takes the old one’s place and edges', () => {
    const editor = open();
    expect(
      addOrReplaceTrigger(editor.store, item('core.manual'), { kind: 'at', position: { x: 9, y: 9 } }),
    ).toBe('manual');
    expect(editor.flow().nodes.find(({ id }) => id === 'manual')).toMatchObject({ position: { x: 0, y: 0 } });
    expect(editor.flow().edges).toContainEqual(testEdge('manual>map'));
    expect(editor.flow().nodes.some(({ id }) => id === 'hook')).toBe(false);
    expect(editor.said()).toBe('New order replaced by Manual start');
    editor.store.undo();
    expect(editor.flow()).toEqual(orderFlow());
  });

  it('is added where there is none', () => {
    const editor = open(emptyFlow('new'));
    addOrReplaceTrigger(editor.store, item('core.webhook'), { kind: 'at', position: { x: 16, y: 16 } });
    expect(editor.flow().nodes).toMatchObject([{ id: 'webhook', position: { x: 16, y: 16 } }]);
  });
});

describe('the selection', () => {
  it('is copied as text and pasted into another flow, references and all', () => {
    const from = open(
      withNode(orderFlow(), 'post', { config: { url: { $tpl: 'https://x/{{ steps.map.id }}' } } }),
    );
    from.store.select(['map', 'if', 'post']);
    const text = copySelection(from.store) ?? '';
    expect(from.said()).toBe('3 nodes copied');
    const to = open();
    expect(pasteText(to.store, text)).toEqual({ ok: true });
    const pasted = to.flow().nodes.slice(4);
    expect(pasted.map(({ id }) => id)).toEqual(['map2', 'if2', 'post2']);
    expect(pasted[2]?.config).toEqual({ url: { $tpl: 'https://x/{{ steps.map2.id }}' } });
    expect(to.flow().edges.slice(3)).toEqual([testEdge('map2>if2'), testEdge('if2.true>post2')]);
    expect([...to.store.getState().selectedNodeIds]).toEqual(['map2', 'if2', 'post2']);
  });

  it('is not put on top of itself when pasted twice', () => {
    const editor = open();
    editor.store.select(['map']);
    const text = copySelection(editor.store) ?? '';
    pasteText(editor.store, text);
    pasteText(editor.store, text);
    const places = editor.flow().nodes.map(({ position }) => `${position?.x},${position?.y}`);
    expect(new Set(places).size).toBe(6);
  });

  it('is pasted where it is asked for', () => {
    const editor = open();
    editor.store.select(['map', 'if']);
    pasteText(editor.store, copySelection(editor.store) ?? '', { x: 1_600, y: 320 });
    expect(
      editor
        .flow()
        .nodes.slice(4)
        .map(({ position }) => position),
    ).toEqual([
      { x: 1_600, y: 320 },
      { x: 1_920, y: 320 },
    ]);
  });

  it('leaves its trigger behind where there is one', () => {
    const editor = open();
    editor.store.select(['hook', 'map']);
    const text = copySelection(editor.store) ?? '';
    pasteText(editor.store, text);
    expect(
      editor
        .flow()
        .nodes.slice(4)
        .map(({ id }) => id),
    ).toEqual(['map2']);
    expect(editor.said()).toBe('1 node pasted, without the trigger: this flow has one');
    const empty = open(emptyFlow('new'));
    pasteText(empty.store, text);
    expect(empty.flow().nodes.map(({ id }) => id)).toEqual(['hook', 'map']);
  });

  it('makes an HTTP node of a cURL command, and says what it still needs', () => {
    const editor = open();
    const command = `curl -X POST https://api.example.com/orders -H 'Authorization: Bearer t0p' --json '{"id":7}'`;
    const pasted = pasteText(editor.store, command, undefined, { x: 1_600, y: 320 });
    expect(pasted.hints?.map(({ place }) => place)).toEqual(['Header Authorization']);
    expect(editor.flow().nodes.at(-1)).toMatchObject({
      type: 'http.request',
      label: 'POST orders',
      position: { x: 1_600, y: 320 },
      config: { method: 'POST', url: 'https://api.example.com/orders', body: { id: 7 } },
    });
    expect(editor.said()).toBe(
      '1 node pasted from a cURL command, POST orders; needs a hand: Header Authorization',
    );
    expect(JSON.stringify(editor.flow())).not.toContain('t0p');
  });

  it('puts what a cURL command makes beside nodes that lie in the middle', () => {
    const editor = open();
    const map = editor.flow().nodes.find(({ id }) => id === 'map')?.position ?? { x: 0, y: 0 };
    pasteText(editor.store, 'curl https://api.example.com', undefined, { x: map.x + 16, y: map.y + 16 });
    const boxes = nodeBoxes(editor.flow(), editor.store.catalog);
    const added = boxes.get(editor.flow().nodes.at(-1)?.id ?? '');
    const others = [...boxes].filter(([, box]) => box !== added).map(([, box]) => box);
    expect(added && others.filter((box) => overlaps(added, box))).toEqual([]);
  });

  it('says why a cURL command cannot be pasted', () => {
    const editor = open();
    expect(pasteText(editor.store, 'curl -F a=@b https://x.example').message).toMatch(/multipart/);
    expect(editor.flow()).toEqual(orderFlow());
  });

  it('says why other text cannot be pasted', () => {
    const editor = open();
    expect(pasteText(editor.store, 'Dear Ada').message).toMatch(/not copied from a flow/);
    expect(editor.flow()).toEqual(orderFlow());
  });

  it('is duplicated with the edges inside it', () => {
    const editor = open();
    editor.store.select(['if', 'post']);
    duplicateSelection(editor.store);
    expect(editor.flow().edges.slice(3)).toEqual([testEdge('if2.true>post2')]);
    expect(editor.said()).toBe('2 nodes duplicated');
  });

  it('is removed with its edges as one step', () => {
    const editor = open();
    editor.store.select(['post'], ['hook.out>map']);
    removeSelection(editor.store);
    expect(editor.flow().edges).toEqual([testEdge('map>if')]);
    expect(editor.said()).toBe('HTTP request and edge removed');
    editor.store.undo();
    expect(editor.flow()).toEqual(orderFlow());
  });

  it('moves by grid steps that undo as one', () => {
    const editor = open();
    editor.store.select(['map', 'if']);
    for (let press = 0; press < 3; press += 1) nudgeSelection(editor.store, { x: 0, y: 1 });
    expect(editor.flow().nodes.map(({ position }) => position?.y)).toEqual([0, 48, 48, 0]);
    editor.store.undo();
    expect(editor.flow()).toEqual(orderFlow());
  });
});

describe('a drag', () => {
  it('is shown while it goes on and becomes one step when it ends', () => {
    const editor = open();
    for (const x of [330, 352, 400]) {
      takeNodeChanges(editor.store, [
        { type: 'position', id: 'map', position: { x, y: 0 }, dragging: true },
        { type: 'position', id: 'if', position: { x: x + 320, y: 0 }, dragging: true },
      ]);
    }
    expect(editor.store.getState().dragged).toEqual({ map: { x: 400, y: 0 }, if: { x: 720, y: 0 } });
    expect(editor.flow()).toEqual(orderFlow());
    commitDrag(editor.store);
    expect(editor.store.getState().dragged).toBeNull();
    expect(editor.flow().nodes[1]?.position).toEqual({ x: 400, y: 0 });
    editor.store.undo();
    expect(editor.flow()).toEqual(orderFlow());
  });

  it('that ends where it began is no edit', () => {
    const editor = open();
    takeNodeChanges(editor.store, [
      { type: 'position', id: 'map', position: { x: 320, y: 0 }, dragging: true },
    ]);
    commitDrag(editor.store);
    expect(editor.store.temporal.getState().pastStates).toHaveLength(0);
  });

  it('of a selection box selects', () => {
    const editor = open();
    takeNodeChanges(editor.store, [
      { type: 'select', id: 'map', selected: true },
      { type: 'select', id: 'if', selected: true },
    ]);
    takeNodeChanges(editor.store, [{ type: 'select', id: 'map', selected: false }]);
    expect([...editor.store.getState().selectedNodeIds]).toEqual(['if']);
  });
});

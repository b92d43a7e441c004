import { describe, expect, it } from 'vitest';

import { possibleTargets, refusalOf } from '#components/canvas/connect-check.ts';
import { ICON_NAMES } from '#components/canvas/operation-icon.tsx';
import { groupItems, PICKER_ITEMS, pickerItems, searchItems } from '#components/canvas/picker-items.ts';
import { pickerStep } from '#components/canvas/picker-steps.ts';
import { SHORTCUTS } from '#components/canvas/shortcuts.ts';
import { catalog, CONNECTORS } from '#connectors/definitions.ts';
import { orderFlow, testEdge, testNode } from '#test/support/editor-flow.ts';

const labels = (query: string) => searchItems(PICKER_ITEMS, query).map(({ label }) => label);

describe('the palette', () => {
  it('offers every operation of the registry once', () => {
    const types = CONNECTORS.flatMap(({ id, operations }) =>
      operations.map((operation) => `${id}.${operation.id}`),
    );
    expect(PICKER_ITEMS.map(({ type }) => type).toSorted()).toEqual([...new Set(types)].toSorted());
  });

  it('offers the newest version of an operation only', () => {
    const [core] = CONNECTORS;
    const [first] = core?.operations ?? [];
    if (!core || !first) throw new Error('the registry is empty');
    const items = pickerItems([{ ...core, operations: [first, { ...first, version: 7, label: 'Newer' }] }]);
    expect(items).toMatchObject([{ version: 7, label: 'Newer' }]);
  });

  it('has an icon for everything that the registry names', () => {
    const names = CONNECTORS.flatMap(({ icon, operations }) => [
      icon,
      ...operations.map((operation) => operation.icon),
    ]);
    expect(names.filter((name) => !ICON_NAMES.has(name))).toEqual([]);
  });

  it('puts triggers first', () => {
    expect(groupItems(PICKER_ITEMS)[0]?.title).toBe('Triggers');
    expect(groupItems(PICKER_ITEMS).flatMap(({ items }) => items)).toHaveLength(PICKER_ITEMS.length);
  });
});

describe('searching', () => {
  it.each([
    ['http', 'HTTP request'],
    ['req', 'HTTP request'],
    ['HTRQ', 'HTTP request'],
    ['map', 'Map'],
    ['if', 'If'],
    ['web', 'Webhook'],
    ['manual st', 'Manual start'],
    ['core.filter', 'Filter'],
  ])('%s finds %s first', (query, label) => {
    expect(labels(query)[0]).toBe(label);
  });

  it('needs every word, and finds nothing for nonsense', () => {
    expect(labels('http xyz')).toEqual([]);
    expect(labels('qqq')).toEqual([]);
  });

  it('shows all in their order without a query', () => {
    expect(searchItems(PICKER_ITEMS, '  ')).toEqual(PICKER_ITEMS);
  });
});

describe('the steps of the picker', () => {
  const flow = { document: orderFlow(), catalog };
  it('asks nothing but the operation after a node with one port', () => {
    expect(pickerStep({ kind: 'add_after', nodeId: 'map' }, undefined, flow)).toEqual({
      kind: 'operation',
      title: 'Add after Map',
      allowsTriggers: false,
    });
  });

  it('asks for the port first where there are several, those in use last', () => {
    expect(pickerStep({ kind: 'add_after', nodeId: 'if' }, undefined, flow)).toMatchObject({
      kind: 'port',
      ports: ['false', 'true'],
    });
    expect(pickerStep({ kind: 'add_after', nodeId: 'if' }, 'false', flow)).toMatchObject({
      title: 'Add after If, false',
    });
  });

  it('offers the error port of a node whose errors branch off', () => {
    const branching = orderFlow({
      nodes: orderFlow().nodes.map((node) => ({ ...node, onError: 'branch' as const })),
    });
    expect(
      pickerStep({ kind: 'connect', nodeId: 'post' }, undefined, { document: branching, catalog }),
    ).toMatchObject({
      kind: 'port',
      ports: ['out', 'error'],
    });
  });

  it('asks for the target when connecting', () => {
    expect(pickerStep({ kind: 'connect', nodeId: 'map' }, undefined, flow)).toMatchObject({
      kind: 'target',
      port: 'out',
    });
  });

  it('is over when the node is gone', () => {
    expect(pickerStep({ kind: 'connect', nodeId: 'gone' }, undefined, flow)).toBeNull();
  });
});

describe('an edge that cannot be', () => {
  it.each([
    ['into a trigger', 'post>hook', /trigger/],
    ['that closes a circle', 'post>map', /circle/],
    ['twice', 'hook>map', /already|twice|same/i],
    ['to itself', 'map>map', /itself|circle/],
    ['from a port that is not there', 'map.maybe>post', /port/],
  ])('%s', (_, edge, reason) => {
    expect(refusalOf(orderFlow(), testEdge(edge), catalog)).toMatch(reason);
  });

  it('is not offered as a target', () => {
    const document = orderFlow({ nodes: [...orderFlow().nodes, testNode('free', 'core.map')] });
    const targets = possibleTargets(document, { nodeId: 'if', port: 'false' }, catalog).map(({ id }) => id);
    expect(targets).toEqual(['post', 'free']);
  });
});

it('binds no key twice', () => {
  const bindings = SHORTCUTS.flatMap((shortcut) => shortcut.bindings);
  expect(new Set(bindings).size).toBe(bindings.length);
});

import { describe, expect, it } from 'vitest';

import { applyOperation } from '#core/apply-operation.ts';
import { copyFragment, readFragment } from '#core/clipboard.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { rebindSteps } from '#core/rebind-steps.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { catalog, goodFlow, node } from './flow-samples.ts';

function pasted(flow: FlowDocument, text: string): FlowDocument {
  const read = readFragment(text);
  if (!read.ok) throw new Error(read.message);
  const applied = applyOperation(
    flow,
    { kind: 'paste', fragment: read.fragment, offset: { x: 20, y: 40 } },
    catalog,
  );
  if (!applied.ok) throw new Error(JSON.stringify(applied.faults));
  return applied.flow;
}

describe('copy and paste', () => {
  it('copies nodes and the edges among them, under fresh ids, reading each other', () => {
    const flow = goodFlow();
    const next = pasted(flow, copyFragment(flow, ['map', 'check', 'put']));
    expect(next.nodes.slice(7).map(({ id }) => id)).toEqual(['map2', 'check2', 'put2']);
    expect(next.nodes[7]?.position).toEqual({ x: 220, y: 40 });
    expect(next.nodes[8]?.config).toEqual({ condition: { $expr: 'steps.map2.id > 10' } });
    expect(next.nodes[9]?.config).toMatchObject({
      url: { $tpl: 'https://api.example.com/small/{{ steps.map2.id }}' },
    });
    expect(next.edges.slice(5)).toEqual([
      { from: 'map2', port: 'out', to: 'check2' },
      { from: 'check2', port: 'false', to: 'put2' },
    ]);
    expect(validateFlow(next, catalog).faults.filter(({ level }) => level === 'refused')).toEqual([]);
  });

  it('keeps what undoes a node only if that is copied along', () => {
    const flow = goodFlow();
    const both = pasted(flow, copyFragment(flow, ['post', 'undo']));
    expect(both.nodes[7]).toMatchObject({ id: 'post2', compensate: 'undo2' });
    expect(both.nodes[8]?.config['url']).toEqual({
      $tpl: 'https://api.example.com/orders/{{ steps.post2.body.id }}',
    });
    expect(pasted(flow, copyFragment(flow, ['post'])).nodes[7]).not.toHaveProperty('compensate');
  });

  it('keeps a loop around its contents, and lets contents out of a loop that stays', () => {
    const flow: FlowDocument = {
      ...goodFlow(),
      nodes: [...goodFlow().nodes, node('each', 'test.each'), node('inside', 'core.map', { parent: 'each' })],
    };
    expect(pasted(flow, copyFragment(flow, ['each', 'inside'])).nodes.at(-1)).toMatchObject({
      id: 'inside2',
      parent: 'each2',
    });
    expect(pasted(flow, copyFragment(flow, ['inside'])).nodes.at(-1)).not.toHaveProperty('parent');
  });

  it('pastes into an empty flow under the old ids, and twice in a row under new ones', () => {
    const text = copyFragment(goodFlow(), ['map', 'check']);
    const empty: FlowDocument = { ...goodFlow(), nodes: [], edges: [], pins: {} };
    const once = pasted(empty, text);
    expect(once.nodes.map(({ id }) => id)).toEqual(['map', 'check']);
    expect(pasted(pasted(once, text), text).nodes.map(({ id }) => id)).toEqual([
      'map',
      'check',
      'map2',
      'check2',
      'map3',
      'check3',
    ]);
  });

  it('reads a whole exported flow', () => {
    const read = readFragment(JSON.stringify(goodFlow()));
    expect(read).toMatchObject({ ok: true, fragment: { edges: goodFlow().edges } });
  });

  it.each<[string, string, string]>([
    ['any other text', 'hello', 'not copied from a flow'],
    ['other JSON', '{"nodes": []}', 'not copied from a flow'],
    ['JSON null', 'null', 'not copied from a flow'],
    ['a newer version', '{"format":"patchbay/flow-fragment","version":2,"nodes":[]}', 'newer version'],
    ['nothing', '{"format":"patchbay/flow-fragment","version":1,"nodes":[],"edges":[]}', 'damaged at /nodes'],
    [
      'a node without a type',
      '{"format":"patchbay/flow-fragment","version":1,"nodes":[{"id":"a"}],"edges":[]}',
      'damaged at /nodes/0/type',
    ],
    [
      'an unknown key',
      '{"format":"patchbay/flow-fragment","version":1,"nodes":[{"id":"a","type":"core.map","version":1}],"edges":[],"x":1}',
      'damaged at /x',
    ],
    [
      'a forbidden key',
      '{"format":"patchbay/flow-fragment","version":1,"nodes":[{"id":"a","type":"core.map","version":1,"config":{"__proto__":1}}],"edges":[]}',
      'damaged at /nodes/0/config/__proto__',
    ],
    ['an empty flow', JSON.stringify({ ...goodFlow(), nodes: [], edges: [], pins: {} }), 'no nodes'],
    ['a book', 'x'.repeat(5_000_001), 'too long'],
  ])('says why %s cannot be pasted', (_, text, message) => {
    const read = readFragment(text);
    expect(read.ok).toBe(false);
    expect(read.ok ? '' : read.message).toContain(message);
  });
});

describe('rebindSteps', () => {
  const renames = new Map([
    ['map', 'map2'],
    ['a', 'b'],
    ['b', 'a'],
    ['long', 'x'],
    ['odd', 'in'],
  ]);

  it.each<[string, string]>([
    ['steps.map.title', 'steps.map2.title'],
    ['steps.map', 'steps.map2'],
    [' steps . map [0] . x ', ' steps . map2 [0] . x '],
    ['steps.`map`.x', 'steps.map2.x'],
    ['steps."map".x', 'steps.map2.x'],
    ['$steps.map & $$.steps.map', '$steps.map2 & $$.steps.map2'],
    ['steps.a + steps.b', 'steps.b + steps.a'],
    ['steps.long.long & steps.long', 'steps.x.long & steps.x'],
    ['steps.odd.x', 'steps.`in`.x'],
    ['steps.map ?? steps.map', 'steps.map2 ?? steps.map2'],
    ['{ "steps.map": steps.map, "b": [steps.map.x] }', '{ "steps.map": steps.map2, "b": [steps.map2.x] }'],
    [
      '$map(steps.map, function($v) { $v & steps.map.x })',
      '$map(steps.map2, function($v) { $v & steps.map2.x })',
    ],
    ['trigger.items[$steps.map.id = id]', 'trigger.items[$steps.map2.id = id]'],
    ['steps.map ~> $string() /* steps.map */', 'steps.map2 ~> $string() /* steps.map */'],
    ['$contains(steps.map.t, /steps.map/)', '$contains(steps.map2.t, /steps.map/)'],
    ['"steps.map" & \'steps.map\'', '"steps.map" & \'steps.map\''],
    ['trigger.steps.map', 'trigger.steps.map'],
    ['trigger.items.(steps.map)', 'trigger.items.(steps.map)'],
    ['steps.mapper.map', 'steps.mapper.map'],
    ['mysteps.map', 'mysteps.map'],
    ['steps.other.map', 'steps.other.map'],
    ['steps.map +', 'steps.map +'],
  ])('%s → %s', (source, result) => {
    expect(rebindSteps({ $expr: source }, renames)).toEqual({ $expr: result });
    expect(rebindSteps({ $tpl: `steps.map {{ ${source} }}!` }, renames)).toEqual({
      $tpl: `steps.map {{ ${result} }}!`,
    });
  });

  it('goes through lists and objects, and shares what stays', () => {
    const value: { a: Json; b: Json; c: Json } = {
      a: [{ $expr: 'steps.map' }, { literal: 'steps.map' }],
      b: { $tpl: '{{ steps.a }}{{ steps.map }}' },
      c: { d: 1 },
    };
    const rebound = rebindSteps(value, renames);
    expect(rebound).toEqual({
      a: [{ $expr: 'steps.map2' }, { literal: 'steps.map' }],
      b: { $tpl: '{{ steps.b }}{{ steps.map2 }}' },
      c: { d: 1 },
    });
    expect(rebound.c).toBe(value.c);
    expect(rebindSteps(value, new Map([['zzz', 'y']]))).toBe(value);
  });
});

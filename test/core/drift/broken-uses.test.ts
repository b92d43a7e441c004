import { describe, expect, it } from 'vitest';

import { brokenUses } from '#core/drift/broken-uses.ts';
import { readPaths } from '#core/drift/read-paths.ts';
import type { FlowDocument } from '#core/flow-document.ts';

const reads = (source: string) => readPaths(source).map((path) => path.join('.'));

describe('the paths that an expression reads', () => {
  it.each([
    ['trigger.body.id', ['trigger.body.id']],
    ['$trigger.body.id', ['trigger.body.id']],
    ['$$.trigger.body.id', ['trigger.body.id']],
    ['trigger.body.lines[0].sku', ['trigger.body.lines.sku']],
    ['trigger.body.lines[price > 3].sku', ['trigger.body.lines.price', 'trigger.body.lines.sku']],
    ['trigger.body.lines.{"a": sku, "b": $trigger.body.id}', ['trigger.body.lines.sku', 'trigger.body.id']],
    ['$map(trigger.body.lines, function($l) { $l.sku })', ['trigger.body.lines', 'trigger.body.lines.sku']],
    ['$sum(trigger.body.lines.(price * count))', ['trigger.body.lines.price', 'trigger.body.lines.count']],
    [
      '($c := trigger.body.customer; $c.email & "x")',
      ['trigger.body.customer', 'trigger.body.customer.email'],
    ],
    ['trigger.body.lines^(price).sku', ['trigger.body.lines.price', 'trigger.body.lines.sku']],
    ['trigger.body.`first name` = "x" ? steps.a.b : 0', ['trigger.body.first name', 'steps.a.b']],
  ])('%s', (source, expected) => {
    expect(reads(source)).toEqual(expect.arrayContaining(expected));
  });
});

describe('what a change breaks', () => {
  const document = {
    settings: { businessKey: { $expr: 'trigger.body.customer.id' } },
    nodes: [
      {
        id: 'map',
        type: 'core.map',
        version: 1,
        label: 'Map',
        config: { output: { to: { $tpl: 'Hi {{ trigger.body.customer.email }}' } } },
      },
      { id: 'loop', type: 'core.each', version: 1, config: { items: { $expr: 'trigger.body.lines' } } },
      {
        id: 'post',
        type: 'http.request',
        version: 1,
        parent: 'loop',
        config: { body: { $expr: 'item.sku' } },
      },
    ],
  } as unknown as FlowDocument;

  it('names node, setting and path, in templates, loops and settings of the flow', () => {
    const at = (...path: string[]) =>
      brokenUses(document, { place: 'trigger', path }).map((u) => [u.nodeId, u.setting]);
    expect(at('customer', 'email')).toEqual([['map', '/config/output/to']]);
    expect(at('customer')).toEqual([
      ['map', '/config/output/to'],
      [null, '/businessKey'],
    ]);
    expect(at('lines', '[]', 'sku')).toEqual([['post', '/config/body']]);
    expect(at('lines', '[]', 'count')).toEqual([]);
    expect(brokenUses(document, { place: { step: 'map' }, path: ['to'] })).toEqual([]);
  });
});

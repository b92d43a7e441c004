import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { compileExpression } from '#core/expression/compile.ts';
import { evaluateExpression } from '#core/expression.ts';
import { pillsInExpression, pillsInTemplate } from '#core/pills/find-pills.ts';
import { fieldsOf, listFields } from '#core/pills/list-fields.ts';
import {
  pathInMapping,
  readListMapping,
  startListMapping,
  writeListMapping,
} from '#core/pills/list-mapping.ts';
import type { PillPath } from '#core/pills/pill-path.ts';
import { pillTextOf, valueOfPillText } from '#core/pills/pill-text.ts';
import { depthReached, sampleAt } from '#core/pills/sample-at.ts';
import { sourceToTemplate, templateToSource } from '#core/pills/template-source.ts';
import { rebindSteps } from '#core/rebind-steps.ts';
import { parseTemplate } from '#core/template.ts';
import type { Json, JsonObject } from '#core/json.ts';

const context = (...parts: (string | number)[]): PillPath => ({ base: 'context', parts });
const LINES = context('trigger', 'body', 'lines');

describe('pills in an expression', () => {
  const pills = (source: string, isOfItem = false) =>
    pillsInExpression(source, isOfItem)?.map(({ from, to }) => source.slice(from, to));
  it.each<[string, readonly string[] | undefined]>([
    ['', []],
    ['trigger.body.total > 100', ['trigger.body.total']],
    ['$sum(steps.map.lines.price) + trigger.body.x', ['steps.map.lines.price', 'trigger.body.x']],
    ['trigger.body.lines[price > 3].sku', ['trigger.body.lines']],
    ['trigger.headers."x-id" = `steps`.map', ['trigger.headers."x-id"', '`steps`.map']],
    [
      '[trigger.body.lines.{ "id": $trigger.body.id, "trigger": trigger }]',
      ['trigger.body.lines', '$trigger.body.id'],
    ],
    ['"trigger.body" & trigger.body.a /* trigger.body.b */', ['trigger.body.a']],
    ['trigger.bodyé.a', []],
    ['other.thing + steps', []],
    ['$$.trigger.body.id', []],
    ['($steps := 3; $steps.map)', []],
    ['trigger.body.total > ', undefined],
  ])('%s', (source, expected) => {
    expect(pills(source)).toEqual(expected);
  });

  it('are fields of the item, and names of the flow as variables, where a list is mapped', () => {
    expect(pills('qty * price + $trigger.body.fee', true)).toEqual(['qty', 'price', '$trigger.body.fee']);
  });
});

describe('pills in a template', () => {
  const pills = (text: string) => pillsInTemplate(text).map(({ from, to }) => text.slice(from, to));
  it.each<[string, readonly string[]]>([
    ['Order {{ trigger.body.id }}{{steps.map.x}}', ['{{ trigger.body.id }}', '{{steps.map.x}}']],
    ['{{ $uppercase(trigger.body.name) }}', ['trigger.body.name']],
    ['{{}} and {{ trigger.body.a }}', ['{{ trigger.body.a }}']],
    ['{{ trigger. }} and {{ trigger.body.a }}', ['{{ trigger.body.a }}']],
    ['{{ "{{ trigger.body.a }}" }}', []],
    ['{{ trigger.body.a', []],
  ])('%s', (text, expected) => {
    expect(pills(text)).toEqual(expected);
  });
});

describe('the value of a text with pills', () => {
  it.each<[string, Json | undefined, boolean, Json]>([
    ['words', undefined, true, 'words'],
    ['{{ trigger.body.id }}', undefined, true, { $expr: 'trigger.body.id' }],
    ['{{ trigger.body.id }}', undefined, false, { $tpl: '{{ trigger.body.id }}' }],
    ['No. {{ trigger.body.id }}', { $expr: 'trigger.body.id' }, true, { $tpl: 'No. {{ trigger.body.id }}' }],
    ['{{ trigger.body.id }}', { $tpl: 'No. {{ trigger.body.id }}' }, true, { $expr: 'trigger.body.id' }],
    // Somebody chose text for it.
    ['{{ trigger.body.no }}', { $tpl: '{{ trigger.body.id }}' }, true, { $tpl: '{{ trigger.body.no }}' }],
    ['{{ 1 + 1 }}', undefined, true, { $tpl: '{{ 1 + 1 }}' }],
  ])('%s', (text, before, keepsType, value) => {
    expect(valueOfPillText(text, before, keepsType)).toEqual(value);
  });

  it('is no text for an expression of more than a path', () => {
    expect(pillTextOf({ $expr: 'trigger.body.id + 1' })).toBeNull();
    expect(pillTextOf(['a'])).toBeNull();
    expect(pillTextOf('a {{ b')).toBe('a {{ "{{" }} b');
  });
});

describe('a template as JSONata', () => {
  it.each([
    'Order {{ trigger.body.id }}!',
    '{{ a }}{{ b }}',
    'x{{ $string(a) & "b" }}',
    '"{{ a }}\\',
    'a{{ "{{" }}',
  ])('%s comes back', (text) => {
    expect(sourceToTemplate(templateToSource(text))).toBe(text);
  });

  it.each(['a & b', '"a"', '$string(a) + $string(b) & "x"', '$string(a, true) & "x"', '"a" & ($string(b'])(
    '%s is none',
    (source) => {
      expect(sourceToTemplate(source)).toBeNull();
    },
  );
});

describe('a mapped list', () => {
  const items: Json = [
    { sku: 'a', 'unit price': 2 },
    { sku: 'b', 'unit price': 3 },
  ];

  it('begins with the fields of the first item, and one item stays a list', async () => {
    const mapping = startListMapping(LINES, items);
    const source = writeListMapping(mapping);
    expect(source).toBe('[trigger.body.lines.{ "sku": sku, "unit price": `unit price` }]');
    const run = async (lines: Json) =>
      JSON.parse(
        JSON.stringify(await evaluateExpression(source, { trigger: { body: { lines } }, steps: {} })),
      ) as Json;
    expect(await run(items)).toEqual(items);
    expect(await run([{ sku: 'a' }])).toEqual([{ sku: 'a' }]);
    expect(await run([])).toEqual([]);
  });

  it('is read with any blanks, and not where it is anything else', () => {
    expect(readListMapping(' [ trigger.body.lines.{"a":b} ]')).toBeNull();
    expect(readListMapping('[trigger.body.lines.{"a" : b , "c": "}, {"}]')?.fields).toEqual([
      { name: 'a', source: 'b' },
      { name: 'c', source: '"}, {"' },
    ]);
    for (const other of [
      'trigger.body.lines.{ "a": b }',
      '[trigger.body.lines.{ a: b }]',
      '[a.{"x": 1, "x": 2}]',
    ])
      expect(readListMapping(other)).toBeNull();
  });

  it('takes paths from within the list as they are in an item, and others as variables', () => {
    const written = (...parts: (string | number)[]) => pathInMapping(context(...parts), LINES);
    expect(written('trigger', 'body', 'lines', 'sku')).toBe('sku');
    expect(written('trigger', 'body', 'lines', 0, 'unit price')).toBe('`unit price`');
    expect(written('trigger', 'body', 'lines')).toBe('$');
    expect(written('trigger', 'body', 'id')).toBe('$trigger.body.id');
    expect(written('steps', 'map', 'total')).toBe('$steps.map.total');
  });

  it('follows its steps when nodes are copied', () => {
    const value = { $expr: '[steps.map.lines.{ "a": a, "b": $steps.map.id, "c": steps }]' };
    expect(rebindSteps(value, new Map([['map', 'map2']]))).toEqual({
      $expr: '[steps.map2.lines.{ "a": a, "b": $steps.map2.id, "c": steps }]',
    });
  });
});

it('the crib of the guide holds expressions that can run', async () => {
  const guide = await readFile(new URL('../../docs/guides/mapping.md', import.meta.url), 'utf8');
  const table = guide
    .slice(guide.indexOf('## Crib'))
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  const cells = table.map((line) => line.split('|')[2] ?? '');
  const spans = cells.flatMap((cell) =>
    [...cell.matchAll(/(`+) ?(.+?) ?\1(?!`)/g)].map((match) => match[2] ?? ''),
  );
  expect(spans.length).toBeGreaterThan(15);
  for (const span of spans)
    expect([span, span.startsWith('{{') ? parseTemplate(span) : compileExpression(span)]).toMatchObject([
      span,
      { ok: true },
    ]);
});

describe('example data', () => {
  const scope: JsonObject = {
    trigger: { body: { lines: [{ sku: 'a' }, { sku: 'b', note: null }], id: 7 } },
    steps: {},
  };

  it('is found through lists', () => {
    expect(sampleAt(context('trigger', 'body', 'lines', 'sku'), scope)).toEqual(['a', 'b']);
    expect(sampleAt(context('trigger', 'body', 'lines', -1, 'sku'), scope)).toBe('b');
    expect(sampleAt(context('trigger', 'body', 'lines', 'note'), scope)).toBeNull();
    expect(sampleAt(context('trigger', 'body', 'gone'), scope)).toBeUndefined();
    expect(sampleAt({ base: 'item', parts: ['sku'] }, scope, { sku: 'x' })).toBe('x');
  });

  it('tells how far a path leads', () => {
    expect(depthReached(context('trigger', 'body', 'id'), scope)).toBe(3);
    expect(depthReached(context('trigger', 'body', 'gone', 'x'), scope)).toBe(2);
  });

  it('is listed with the fields of all items once, within a limit', () => {
    const root = { path: context('trigger'), value: scope.trigger ?? null };
    expect(listFields(root, 100).map(({ path }) => path.parts.join('.'))).toEqual([
      'trigger',
      'trigger.body',
      'trigger.body.lines',
      'trigger.body.id',
      'trigger.body.lines.sku',
      'trigger.body.lines.note',
    ]);
    expect(listFields(root, 3)).toHaveLength(3);
    expect(fieldsOf({ path: context('trigger'), value: [1, 2] })).toEqual([]);
  });
});

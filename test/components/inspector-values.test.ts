import { describe, expect, it } from 'vitest';

import { completePath, describeSample } from '#components/inspector/complete-path.ts';
import { lintCode } from '#components/inspector/code-lint.ts';
import { faultsAt, nodeFaults } from '#components/inspector/node-fault.ts';
import { sampleScope } from '#components/inspector/sample-scope.ts';
import { objectOf, rowProblem } from '#components/inspector/use-rows.ts';
import { convertTo, kindOf, VALUE_KINDS } from '#components/inspector/value-kind.ts';
import { modeOf, textOf, toExpression, toLiteral, valueFromText } from '#components/inspector/value-mode.ts';
import { catalog } from '#connectors/definitions.ts';
import { evaluateValue } from '#core/evaluate-value.ts';
import type { Json } from '#core/json.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { orderFlow, withNode } from '#test/support/editor-flow.ts';

describe('typing into a text setting', () => {
  it.each<[string, Json | undefined, Json]>([
    ['plain', undefined, 'plain'],
    ['Order {{ trigger.body.id }}', 'Order ', { $tpl: 'Order {{ trigger.body.id }}' }],
    ['Order ', { $tpl: 'Order {{' }, 'Order '],
    ['=', '', { $expr: '' }],
    ['= trigger.body.id', undefined, { $expr: 'trigger.body.id' }],
    ['a=b', 'a', 'a=b'],
    ['=b', 'a', '=b'],
    ['x {{ y }}', { $expr: 'x' }, { $expr: 'x {{ y }}' }],
  ])('%j after %j is %j', (text, before, value) => {
    expect(valueFromText(text, before)).toEqual(value);
  });
});

describe('switching between literal and expression', () => {
  it.each<[Json | undefined, string]>([
    [undefined, ''],
    ['', ''],
    ['abc', '"abc"'],
    [12, '12'],
    [true, 'true'],
    [['a'], '["a"]'],
    [{ $tpl: '{{ trigger.body.id }}' }, 'trigger.body.id'],
    [{ $tpl: 'Order {{ trigger.body.id }}!' }, '"Order " & $string(trigger.body.id) & "!"'],
    [{ $tpl: 'broken {{' }, '"broken {{"'],
  ])('%j becomes %s', (value, source) => {
    expect(toExpression(value)).toEqual({ $expr: source });
  });

  it('gives the same text as the template did', async () => {
    const context = { trigger: { body: { id: 7 } }, steps: {} };
    const template = { $tpl: 'Order "{{ trigger.body.id }}"\n!' };
    expect(await evaluateValue(toExpression(template), context, '')).toBe(
      await evaluateValue(template, context, ''),
    );
  });

  it.each<[string, boolean, Json | undefined]>([
    ['', true, ''],
    ['', false, undefined],
    ['"abc"', true, 'abc'],
    ['12', false, 12],
    ['12', true, { $tpl: '{{ 12 }}' }],
    ['trigger.body.id', true, { $tpl: '{{ trigger.body.id }}' }],
    ['trigger.body.id', false, undefined],
  ])('%j back (text: %s) is %j', (source, isText, value) => {
    expect(toLiteral({ $expr: source }, isText)).toEqual(value);
  });

  it('knows how a value is written', () => {
    const values: readonly (Json | undefined)[] = [
      { $expr: 'a' },
      { $tpl: 'a' },
      'a',
      undefined,
      { $expr: 'a', b: 1 },
    ];
    expect(values.map(modeOf)).toEqual(['expression', 'template', 'literal', 'literal', 'literal']);
    const texts: readonly (Json | undefined)[] = [{ $expr: 'a' }, { $tpl: 'b' }, 'c', 4, null, undefined];
    expect(texts.map(textOf)).toEqual(['a', 'b', 'c', '4', '', '']);
  });
});

describe('the kind of a free value', () => {
  it('is what it was converted to', () => {
    const values: readonly (Json | undefined)[] = [
      undefined,
      'text',
      7,
      true,
      null,
      {},
      [],
      { $expr: 'a.b' },
      { $tpl: '{{ a }}' },
    ];
    for (const { kind } of VALUE_KINDS) {
      for (const value of values) {
        expect(kindOf(convertTo(kind, value))).toBe(kind);
      }
    }
  });

  it('keeps what can be kept', () => {
    expect(convertTo('number', '12')).toBe(12);
    expect(convertTo('text', { $expr: 'a.b' })).toEqual({ $tpl: '{{ a.b }}' });
    expect(convertTo('list', 'x')).toEqual(['x']);
    expect(convertTo('expression', 'x')).toEqual({ $expr: '"x"' });
    const same = { a: 1 };
    expect(convertTo('object', same)).toBe(same);
  });
});

describe('completing a path', () => {
  const scope = {
    trigger: { body: { id: 7, 'first name': 'Ada', items: [{ sku: 'a', price: 2 }] } },
    steps: { map: { total: 12.5 } },
  };
  const names = (text: string) => completePath(text, scope)?.items.map(({ text: name }) => name);
  it.each<[string, string[] | undefined]>([
    ['', ['trigger', 'steps']],
    ['ste', ['trigger', 'steps']],
    ['steps.', ['map']],
    ['steps.map.', ['total']],
    ['$sum(trigger.body.items.', ['sku', 'price']],
    ['trigger.body.items[0].p', ['sku', 'price']],
    ['trigger.body.', ['id', '`first name`', 'items']],
    ['$.steps.map.', ['total']],
    ['1 + steps.map.', ['total']],
    ['steps.gone.', undefined],
    ['steps.map.total.', undefined],
  ])('%j', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it('begins where the last name begins', () => {
    expect(completePath('x + steps.ma', scope)?.from).toBe(10);
    expect(completePath('x + steps.', scope)?.from).toBe(10);
  });

  it('describes what is there in few letters', () => {
    expect([12, 'Ada', [1, 2], {}, null].map(describeSample)).toEqual([
      '12',
      '"Ada"',
      'list of 2',
      'object',
      'null',
    ]);
    expect(describeSample('x'.repeat(100))).toHaveLength(40);
  });
});

describe('checking as it is typed', () => {
  it.each([
    ['expression', 'a + b'],
    ['expression', '  '],
    ['template', 'Hello {{ a }}'],
    ['json', '{ "a": 1 }'],
    ['text', '{{'],
  ] as const)('finds nothing wrong in the %s %j', (kind, text) => {
    expect(lintCode(kind, text)).toEqual([]);
  });

  it.each([
    ['expression', 'a + ', 3],
    ['template', 'Hi {{ a', 3],
    ['template', 'Hi {{ a + }}', 9],
    ['json', '{ "a": }', 7],
    ['json', '{\n "a": 1\n "b": 2 }', 11],
  ] as const)('marks the place in the %s %j', (kind, text, place) => {
    const [fault] = lintCode(kind, text);
    expect(fault?.message).not.toBe('');
    expect(Math.abs((fault?.from ?? -100) - place)).toBeLessThanOrEqual(2);
  });
});

describe('example data', () => {
  it('holds the steps before a node, and works a Map out', async () => {
    const scope = await sampleScope('post', { document: orderFlow(), catalog });
    expect(Object.keys(scope.steps)).toEqual(['hook', 'map', 'if']);
    expect(scope.steps['map']).toEqual({ id: 1042, title: 'Order' });
    expect(scope.trigger).toMatchObject({ body: { id: 1042 } });
  });

  it('holds nothing that comes later or beside', async () => {
    const scope = await sampleScope('map', { document: orderFlow(), catalog });
    expect(Object.keys(scope.steps)).toEqual(['hook']);
  });

  it('takes the registry’s sample for a Map that cannot be worked out', async () => {
    const document = withNode(orderFlow(), 'map', { config: { output: { $expr: '$error("no")' } } });
    const scope = await sampleScope('if', { document, catalog });
    expect(scope.steps['map']).toEqual(catalog('core.map', 1)?.sample);
  });
});

describe('lines of an object', () => {
  const rows = [
    { id: 0, key: 'a', value: 1 },
    { id: 1, key: '', value: 2 },
    { id: 2, key: 'a', value: 3 },
    { id: 3, key: '__proto__', value: 4 },
  ];
  it('make an object of those that can stand', () => {
    expect(objectOf(rows)).toEqual({ a: 1 });
  });
  it('say why the others cannot', () => {
    expect(rows.map((row) => rowProblem(rows, row))).toEqual([
      null,
      null,
      '“a” is there already.',
      '“__proto__” cannot be a name.',
    ]);
  });
});

it('finds faults by their place in the node', () => {
  const document = withNode(orderFlow(), 'map', { config: { output: { id: { $expr: 'a +' } } } });
  const faults = nodeFaults(validateFlow(document, catalog).faults.filter(({ nodeId }) => nodeId === 'map'));
  expect(faultsAt(faults, '/config/output/id', false)).toHaveLength(1);
  expect(faultsAt(faults, '/config/output', false)).toHaveLength(0);
  expect(faultsAt(faults, '/config/output', true)).toHaveLength(1);
  expect(faultsAt(faults, '/config/out', true)).toHaveLength(0);
});

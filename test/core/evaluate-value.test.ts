import { describe, expect, it } from 'vitest';

import { evaluateValue } from '#core/evaluate-value.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import { checkExpression, evaluateExpression } from '#core/expression.ts';
import type { Json } from '#core/json.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';

const context: ExpressionContext = {
  trigger: {
    body: {
      id: 1042,
      customer: { id: 'c_7', name: null, email: 'ada@example.com' },
      items: [
        { sku: 'a', price: 2.5, qty: 2 },
        { sku: 'b', price: 10, qty: 1 },
      ],
      one: [5],
      none: [],
      nested: [[1, 2], [3]],
    },
    headers: { 'x-id': 'h1' },
    query: {},
    method: 'POST',
    receivedAt: '2026-01-15T09:30:00.000Z',
  },
  steps: { map: { title: 'Order 1042' }, list: [{ ok: true }, { ok: false }] },
  run: { id: 'r1', startedAt: '2026-01-15T09:30:01.000Z', attempt: 1 },
  flow: { slug: 'orders', version: 3 },
  vars: { region: 'eu' },
};

/** As JSON: lists lose the marks that JSONata leaves on them, which `toEqual` would not see. */
async function evaluated(value: Json): Promise<unknown> {
  return JSON.parse(JSON.stringify(await evaluateValue(value, context, '/config')));
}

async function failure(value: Json): Promise<StepError> {
  const error: unknown = await evaluateValue(value, context, '/config').catch((thrown: unknown) => thrown);
  if (error instanceof StepFailure) return error.error;
  throw new Error(`expected a StepFailure, got ${JSON.stringify(error)}`);
}

describe('expressions', () => {
  it.each<[string, unknown]>([
    ['trigger.body.id', 1042],
    ['trigger.body.customer.name', null],
    ['trigger.headers.`x-id`', 'h1'],
    ['trigger.body.items.sku', ['a', 'b']],
    ['trigger.body.items[1].sku', 'b'],
    ['trigger.body.items[-1].price', 10],
    ['trigger.body.items[sku="a"].price', 2.5],
    ['trigger.body.items[sku="a"]', { sku: 'a', price: 2.5, qty: 2 }],
    ['trigger.body.items[sku="a"][]', [{ sku: 'a', price: 2.5, qty: 2 }]],
    ['trigger.body.one', [5]],
    ['trigger.body.one[0]', 5],
    ['trigger.body.none', []],
    ['trigger.body.nested[0]', [1, 2]],
    ['trigger.body.id[0]', 1042],
    ['$sum(trigger.body.items.(price * qty))', 15],
    ['steps.map.title & "!"', 'Order 1042!'],
    ['steps.list[ok].ok', true],
    [
      'trigger.body.items.{ "s": sku, "order": $trigger.body.id }',
      [
        { s: 'a', order: 1042 },
        { s: 'b', order: 1042 },
      ],
    ],
    ['trigger.body.items.($$.steps.map.title)', ['Order 1042', 'Order 1042']],
    ['{ "total": $count(trigger.body.items), "gone": trigger.gone }', { total: 2 }],
    ['[1..3]', [1, 2, 3]],
    ['[trigger.body.id, trigger.gone, "x"]', [1042, 'x']],
    ['$map([1, 2], function($v) { $v * 2 })', [2, 4]],
    ['trigger.body.customer.email ~> /@(.*)$/', undefined],
    ['$match(trigger.body.customer.email, /@(.*)$/).groups[0]', 'example.com'],
    ['$replace("éa😀b", /[a-z]/, "<$0>")', '"é<a>😀<b>"'],
    ['$split("a, b,c", /,\\s*/)', ['a', 'b', 'c']],
    ['$contains("ORDER 7", /order \\d/i)', true],
    ['run.attempt + flow.version', 4],
    ['vars.region', 'eu'],
    ['trigger.gone ?? "default"', 'default'],
    ['$toMillis("2026-01-15T09:30:00Z")', 1_768_469_400_000],
    ['$toMillis("04/03/2024", "[D]/[M]/[Y]")', 1_709_510_400_000],
    ['$distinct([1, "1", 1, null, null, true])', [1, '1', null, true]],
    ['$distinct([{"a": 1}, {"a": 1}, {"a": 2}])', [{ a: 1 }, { a: 2 }]],
    ['$pad("a", -3, "#")', '##a'],
    ['$spread([{ "a": 1, "b": 2 }])', [{ a: 1 }, { b: 2 }]],
  ])('%s', async (source, result) => {
    if (result === undefined) {
      // A regular expression applied to a text gives functions along with the match.
      expect((await failure({ $expr: source })).message).toContain('function');
      return;
    }
    const expected: unknown =
      typeof result === 'string' && result.startsWith('"') ? JSON.parse(result) : result;
    expect(await evaluated({ $expr: source })).toEqual(expected);
    expect(checkExpression(source)).toBeNull();
  });

  it('gives lists of many equal items back once, as JSONata would, only sooner', async () => {
    const items = Array.from({ length: 50_000 }, (_, index) => `k${index % 500}`);
    const result = await evaluateExpression('$count($distinct(trigger))', { trigger: items, steps: {} });
    expect(result).toBe(500);
  });

  it('reads no prototype, no environment, nothing but the context', async () => {
    for (const source of [
      'trigger.__proto__',
      'trigger.constructor',
      'trigger.body.items.constructor',
      'trigger.toString',
      'constructor.constructor',
      '`__proto__`.polluted',
      '$lookup(trigger, "__proto__")',
      '$lookup(trigger, "constructor")',
      'process.env',
      'globalThis',
    ]) {
      expect(await evaluateExpression(source, context), source).toBeUndefined();
    }
    const wide = { ...context, secret: 'hidden' };
    expect(await evaluateExpression('secret', wide)).toBeUndefined();
    expect(await evaluateExpression('$string($$)', wide)).not.toContain('hidden');
  });

  it('pollutes no prototype', async () => {
    const made = await evaluateExpression('{ "__proto__": { "polluted": true }, "a": 1 }', context);
    expect(Object.keys(made as object)).toEqual(['__proto__', 'a']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(made)).toBeNull();
  });

  it('takes data for data, even if it looks like a function of JSONata', async () => {
    const trigger = { _jsonata_function: true, name: 'x', nested: { _jsonata_lambda: true, v: 1 } };
    expect(await evaluateExpression('[trigger]', { trigger, steps: {} })).toEqual([trigger]);
  });

  it('leaves what it reads as it was', async () => {
    const before = structuredClone(context);
    await evaluated({ $expr: 'trigger.body.items[]' });
    await evaluated({ $expr: 'trigger.body ~> |items|{"sku": "changed"}|' });
    expect(JSON.stringify(context)).toBe(JSON.stringify(before));
  });

  it('evaluates side by side without mixing anything up', async () => {
    const sources = Array.from({ length: 50 }, (_, index) => `$sum([1..${index}]) & "-${index}"`);
    const results = await Promise.all(sources.map((source) => evaluateExpression(source, context)));
    expect(results).toEqual(sources.map((_, n) => `${(n * (n + 1)) / 2}-${n}`));
  });
});

describe('expressions that fail', () => {
  it.each<[string, number | undefined, string]>([
    ['steps.map.title + 1', 17, 'must evaluate to a number'],
    ['trigger.body.id >', 17, 'Unexpected end of expression'],
    ['', 0, 'The expression is empty'],
    ['  ', 0, 'The expression is empty'],
    ['"never closed', 13, 'String literal must be terminated'],
    ['$number("twelve")', 8, 'Unable to cast value to a number'],
    ['$eval("1")', 5, '$eval is not available'],
    ['($f := $eval; 1)', 12, '$eval is not available'],
    ['$notThere(1)', 9, 'There is no function $notThere'],
    ['$sum', undefined, 'The result holds a function'],
    ['[function($x) { $x }]', undefined, 'The result holds a function'],
    ['1 / 0', undefined, 'not a number that JSON can hold'],
    ['/a(?=b)/', 8, 'Look-around and back-references are not available'],
    ['$replace("a", /(a)\\1/, "b")', 21, 'Look-around and back-references are not available'],
    ['$error("no stock")', 7, 'no stock'],
    ['x'.repeat(20_001), 20_000, 'longer than 20000 characters'],
    [`${'('.repeat(9_000)}1${')'.repeat(9_000)}`, 0, 'nested too deeply'],
  ])('%s', async (source, position, message) => {
    const error = await failure({ output: { 'a/b': [{ $expr: source }] } });
    expect(error).toMatchObject({
      kind: 'invalid',
      code: 'expression_failed',
      pointer: '/config/output/a~1b/0',
    });
    expect(error.message).toContain(message);
    expect(error.message).toContain('"output.a/b[0]"');
    expect(error.message).not.toMatch(/\.\.$/);
    if (position !== undefined) expect(error.position).toBe(position);
  });
});

describe('expressions without end or measure', () => {
  const trigger: Json = {
    xs: `${'x'.repeat(50_000)}!`,
    digits: `${'1'.repeat(60)}x`,
    objects: Array.from({ length: 20_000 }, (_, n) => ({ n })),
    text: 'a'.repeat(5_000_000),
  };

  // Where a slow machine meets the limit of time first, that is right, too.
  it.each<[string, string, string, string?]>([
    ['endless recursion', '($f := function($n) { 1 + $f($n) }; $f(1))', 'calls itself too deeply'],
    ['an endless loop', '($f := function() { $f() }; $f())', 'took longer than 1 s'],
    ['a huge sequence', '[1..9999999]', 'more than 250000 items'],
    ['two lists made one', '$append([1..200000], [1..200000])', 'more than 250000 items'],
    [
      'many large lists',
      '$map([1..250000], function() { [1..250000] })',
      'too much data',
      'took longer than 1 s',
    ],
    [
      'a text that doubles',
      '($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f("0123456789abcdef", 60))',
      'too much data',
    ],
    ['a gigantic padding', '$pad("a", 1000000000)', '$pad goes up to'],
    [
      'a regular expression tried at each place',
      '$replace(trigger.xs, /x(?:.*z)?/, "y")',
      'Matching took too long',
    ],
    [
      'a regular expression too large for its text',
      '$match(trigger.xs, /((x?){200}x{200})*$/)',
      'too long for the regular expression',
    ],
    [
      'a date picture made to backtrack',
      '$toMillis(trigger.digits, "[Y]1[M]1[D]1[H]1[m]1[s]1[f]")',
      'needs separators',
    ],
    ['a date that is a page long', '$toMillis($pad("1", 1000, "1"), "[Y]")', '$toMillis takes up to'],
    ['a list that is copied for each item', '$spread(trigger.objects)', '$spread takes up to'],
    ['a replacement in a book', '$replace(trigger.text, "a", "bb")', '$replace takes up to'],
  ])('stops at %s', async (_, source, message, orElse) => {
    const error: unknown = await evaluateExpression(source, { trigger, steps: {} }, '/config/x').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StepFailure);
    expect((error as StepFailure).error).toMatchObject({
      kind: 'invalid',
      code: 'expression_failed',
      pointer: '/config/x',
    });
    const said = (error as StepFailure).error.message;
    expect(
      [message, orElse].some((words) => words !== undefined && said.includes(words)),
      said,
    ).toBe(true);
  });

  it.each(['(x+x+)+y', '(x*)*y', '(x|x)*y', '(.*)*$!', 'x?x?x?x?x?x?x?x?x?x?xxxxxxxxxxy'])(
    'answers /%s/, which would hang a backtracking engine',
    async (pattern) => {
      expect(await evaluateExpression(`$contains(trigger.xs, /${pattern}/)`, { trigger, steps: {} })).toBe(
        false,
      );
    },
  );

  it('does not let an endless one use up the time of the others', async () => {
    const endless = evaluateExpression('($f := function() { $f() }; $f())', context).catch(
      (thrown: unknown) => thrown,
    );
    const others = Array.from({ length: 20 }, (_, n) => evaluateExpression(`${n} + 1`, context));
    expect(await Promise.all(others)).toEqual(others.map((_, n) => n + 1));
    expect(await endless).toBeInstanceOf(StepFailure);
  });
});

describe('templates', () => {
  it.each<[string, string]>([
    ['plain', 'plain'],
    ['', ''],
    ['Order {{ trigger.body.id }}', 'Order 1042'],
    ['{{trigger.body.id}}{{trigger.body.customer.id}}', '1042c_7'],
    ['{{ trigger.body.items[0] }}', '{"sku":"a","price":2.5,"qty":2}'],
    ['{{ trigger.body.items.sku }}', '["a","b"]'],
    ['{{ trigger.body.customer.name }}', 'null'],
    ['{{ trigger.body.id > 3 }}', 'true'],
    ['{{ trigger.gone ?? "" }}|', '|'],
    ['{{ {"a":{"b":1}} }}', '{"a":{"b":1}}'],
    ['{{ {"a":{"b":1}}}}', '{"a":{"b":1}}'],
    ['{{ "}}" }} and {{ "{{" }}', '}} and {{'],
    ['a } b }} c { d', 'a } b }} c { d'],
    ["{{ $join(trigger.body.items.sku, ', ') /* }} */ }}", 'a, b'],
    ['{{ $replace("a}}b", /\\}\\}/, "-") }}', 'a-b'],
    ['zweimal\n{{ trigger.body.id }}\n', 'zweimal\n1042\n'],
  ])('%j', async (text, result) => {
    expect(await evaluated({ $tpl: text })).toBe(result);
  });

  it.each<[string, string, number]>([
    ['Hello {{ trigger.gone }}', '{{ trigger.gone }} has no value', 8],
    ['Hello {{ 1 + }} and {{ 2 }}', 'Unexpected end of expression', 13],
    ['Hello {{ trigger.body.id', 'never closed', 6],
    ['Hello {{ }}', 'The expression is empty', 8],
    ['Hello {{ "a" + 1 }}', 'must evaluate to a number', 14],
  ])('%j fails', async (text, message, position) => {
    const error = await failure({ subject: { $tpl: text } });
    expect(error).toMatchObject({
      kind: 'invalid',
      code: 'expression_failed',
      pointer: '/config/subject',
      position,
    });
    expect(error.message).toContain(message);
    expect(error.message).toContain('"subject"');
  });

  it('does not evaluate what it has evaluated', async () => {
    const trigger = { body: '{{ steps.map.title }}', value: { $expr: '1 + 1' } };
    expect(await evaluateValue({ $tpl: '{{ trigger.body }}' }, { ...context, trigger }, '')).toBe(
      '{{ steps.map.title }}',
    );
    expect(await evaluateValue({ $expr: 'trigger.value' }, { ...context, trigger }, '')).toEqual({
      $expr: '1 + 1',
    });
  });
});

describe('values', () => {
  it('gives literals back as the same objects', async () => {
    const value = { a: [1, { b: null }], $tplx: 'x' };
    expect(await evaluateValue(value, context, '')).toBe(value);
  });

  it('evaluates at any depth, with null where nothing is', async () => {
    const value: Json = {
      id: { $expr: 'trigger.body.id' },
      gone: { $expr: 'trigger.gone' },
      list: [{ $expr: 'trigger.gone' }, { deep: { $tpl: '#{{ trigger.body.id }}' } }, 'literal'],
    };
    expect(await evaluated(value)).toEqual({
      id: 1042,
      gone: null,
      list: [null, { deep: '#1042' }, 'literal'],
    });
    expect(await evaluated({ $expr: 'trigger.gone' })).toBeNull();
  });

  it('takes an object with more keys than $expr as it stands', async () => {
    expect(await evaluated({ $expr: '1', other: 1 })).toEqual({ $expr: '1', other: 1 });
  });
});

import { describe, expect, test } from 'vitest';

import { evaluateValue } from '#core/evaluate-value.ts';
import { evaluateExpression } from '#core/expression.ts';
import type { Json } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';

/** The limit of an expression is 1 s; one built-in in hand may end after it. Generous, since tests run side by side. */
const BOUND_MS = 1_000 + 200;
const SLOW_MACHINE = 4;

const trigger: Json = {
  body: {
    list: Array.from({ length: 5_000 }, (_, id) => ({ id, name: `name of item ${id}`, tags: ['a', 'b'] })),
  },
  deep: Array.from({ length: 3_000 }).reduce<Json>((inside) => [inside], 1),
  text: 'ab '.repeat(300_000),
  numbers: Array.from({ length: 200_000 }, (_, n) => (n * 7_919) % 200_003),
  texts: Array.from({ length: 100_000 }, (_, n) => `k${n}`),
};
const DOUBLING = '$f := function($x, $n) { $n = 0 ? $x : $f({"a": $x, "b": $x}, $n - 1) }';

/** What came of it, and in how much of the processor's own time. */
async function attempt(source: string): Promise<{ result: unknown; ms: number }> {
  const before = process.cpuUsage();
  const result: unknown = await evaluateExpression(source, { trigger, steps: {} }, '/config/x').catch(
    (thrown: unknown) => thrown,
  );
  const { user } = process.cpuUsage(before);
  return { result, ms: user / 1_000 };
}

describe('bombs are refused in time', () => {
  test.each<[string, string]>([
    ['one large value, many times', '$map([1..20000], function() { $trigger.body })'],
    ['the same by a path', '[1..20000].($trigger.body)'],
    ['the same as text', '$string($map([1..20000], function() { $trigger.body }))'],
    ['the same compared', '$unique($map([1..20000], function() { $trigger.body }))'],
    ['the same as names', '$groupBy($map([1..20000], function() { $trigger.body }), function($x) { $x })'],
    ['a value that doubles', `(${DOUBLING}; $f(1, 40))`],
    ['a value that doubles, as text', `(${DOUBLING}; $string($f(1, 40)))`],
    ['two that double, compared', `(${DOUBLING}; $f(1, 30) = $f(1, 30))`],
    ['two that double, told apart', `(${DOUBLING}; $unique([$f(1, 30), $f(1, 30)]))`],
    ['a list that doubles', '$reduce([1..100], function($a, $b) { $append($a, $a) }, [1, 2])'],
    ['a slow order', '$sort(trigger.numbers, function($a, $b) { $sum([1..1000]) > $b })'],
    ['an order by expression', 'trigger.numbers^(>$)'],
    ['all with all', 'trigger.numbers[$ in $$.trigger.numbers]'],
    ['everything below everything', '**.**.**'],
    ['a text put together', '$join($map([1..200000], function() { $trigger.text }))'],
    ['a text within a text', '$replace(trigger.text, "a", trigger.text)'],
    ['a text within a text, by pattern', '$replace(trigger.text, /a/, trigger.text)'],
    ['padding again and again', '$join($map([1..1000], function() { $pad("a", 999999) }))'],
    ['a picture of a million', '$fromMillis(1, $pad("[Y]", 900000, "[Y]"))'],
    ['a number picture of a million', '$formatNumber(1, $pad("#", 900000, "#"))'],
    ['an integer picture of a million', '$formatInteger(1, $pad("#", 900000, "#"))'],
    ['a number in a million words', '$parseInteger($pad("one ", 900000, "one "), "w")'],
    ['a wide date', '$fromMillis(1, "[Y,999999999-999999999]")'],
    [
      'a date pattern of a million',
      '$formatDate("2026-01-15T09:30:00Z", $pad("yyyyMMdd", 900000, "yyyyMMdd"))',
    ],
    ['JSON a million deep', '$parseJson($pad("[", 400000, "[") & $pad("]", 400000, "]"))'],
    ['deep data in data', '{"a": trigger.deep}'],
    ['deep data compared', '$unique(trigger.deep)'],
    ['data that holds itself', 'trigger.body.list[0] ~> |$|{"self": $}|'],
  ])('%s', async (_, source) => {
    const { result, ms } = await attempt(source);
    expect(result).toBeInstanceOf(StepFailure);
    expect((result as StepFailure).error).toMatchObject({ kind: 'invalid', code: 'expression_failed' });
    expect(ms).toBeLessThan(BOUND_MS * SLOW_MACHINE);
  });

  // How deep the engine's own recursion goes hangs on how well it has been compiled by then.
  test.each<[string, string, unknown]>([
    ['as text', '$string(trigger.deep)', JSON.stringify(trigger['deep'])],
    ['everything in it', '$count(trigger.deep.**)', 1],
  ])('deep data is refused or worked out rightly: %s', async (_, source, right) => {
    const { result, ms } = await attempt(source);
    if (result instanceof StepFailure) expect(result.error).toMatchObject({ code: 'expression_failed' });
    else expect(result).toBe(right);
    expect(ms).toBeLessThan(BOUND_MS * SLOW_MACHINE);
  });

  test.each<[string, string, number]>([
    ['200,000 numbers', '$count($sort(trigger.numbers))', 200_000],
    [
      '10,000 objects told apart',
      '$count($distinct($map([1..9999], function($i) { {"i": $i % 5000} })))',
      5_000,
    ],
    ['a text in letters', '$count($split(trigger.text, ""))', 900_000],
  ])('honest work goes through: %s', async (_, source, result) => {
    expect((await attempt(source)).result).toBe(result);
  });

  test('a sorted list is sorted, and stays in order where items are equal', async () => {
    const source =
      '$sort([{"a":2,"n":1},{"a":1,"n":2},{"a":2,"n":3},{"a":1,"n":4}], function($l, $r) { $l.a > $r.a }).n';
    expect(Array.from((await attempt(source)).result as number[])).toEqual([2, 4, 1, 3]);
    expect((await attempt('$join($sort(["b", "a", "c"]))')).result).toBe('abc');
    expect((await attempt('$sort([1, "a"])')).result).toBeInstanceOf(StepFailure);
  });
});

describe('ways out of the data', () => {
  test.each([
    '"".constructor',
    'trigger.constructor',
    'trigger.__proto__',
    'trigger.body.list.__proto__',
    '$string.constructor',
    '$lookup($string, "constructor")',
    '$lookup(trigger, "__proto__")',
    '$lookup({}, "hasOwnProperty")',
    '$string.implementation',
    '$lookup($map, "implementation")',
    '$keys($string)',
    '($f := function() { 1 }; $f.environment)',
    '($f := function() { 1 }; $lookup($f, "environment"))',
    '$process',
    'process.env',
    'globalThis',
    '`this`.constructor',
    '$uuid.constructor',
    '$groupBy.constructor',
    '/a/.constructor',
  ])('%s is nothing', async (source) => {
    expect((await attempt(source)).result).toBeUndefined();
  });

  test.each([
    '$eval("1")',
    '($e := $eval; $e("1"))',
    '$require("fs")',
    '$import("fs")',
    '$string.constructor("return process")()',
    '$lookup($string, "constructor")("return process")',
    '{ "f": $string }',
    '/a/("aaa")',
    '($clone := function($x) { $x }; trigger ~> |body|{"hacked": true}|)',
    '(function($clone) { trigger ~> |body|{"hacked": true}| })(function($x) { $x })',
  ])('%s is refused', async (source) => {
    const { result } = await attempt(source);
    expect((result as StepFailure).error).toMatchObject({ kind: 'invalid', code: 'expression_failed' });
  });

  test.each<[string, string]>([
    ['{"__proto__": {"polluted": 1}}', '{"__proto__":{"polluted":1}}'],
    [
      '$merge([{"__proto__": {"polluted": 1}}, {"constructor": 1}])',
      '{"__proto__":{"polluted":1},"constructor":1}',
    ],
    ['[{"k": "__proto__", "v": 1}]{k: v}', '{"__proto__":1}'],
    ['$groupBy(["__proto__", "constructor"])', '{"__proto__":["__proto__"],"constructor":["constructor"]}'],
    ['$keyBy([{"k": "__proto__"}], "k")', '{"__proto__":{"k":"__proto__"}}'],
    ['$parseJson("{\\"__proto__\\":{\\"polluted\\":1}}")', '{"__proto__":{"polluted":1}}'],
  ])('%s makes a field, not a prototype', async (source, text) => {
    const { result } = await attempt(source);
    expect(JSON.stringify(result)).toBe(text);
    expect(Object.getPrototypeOf(result)).toBeNull();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('what is evaluated is never evaluated again', async () => {
    const hostile: Json = { a: '{{ $eval("1") }}', b: { $expr: '1 + 1' }, c: { $tpl: '{{ 1 }}' } };
    const value: Json = { got: { $expr: 'trigger' }, text: { $tpl: 'x {{ trigger.a }}' } };
    const result = await evaluateValue(value, { trigger: hostile, steps: {} }, '/config');
    expect(JSON.parse(JSON.stringify(result))).toEqual({ got: hostile, text: 'x {{ $eval("1") }}' });
  });

  test('a transform leaves the data of the run as it was', async () => {
    const data: Json = { body: { a: 1 } };
    const result = await evaluateExpression('trigger ~> |body|{"a": 2}|', { trigger: data, steps: {} });
    expect(JSON.parse(JSON.stringify(result))).toEqual({ body: { a: 2 } });
    expect(data).toEqual({ body: { a: 1 } });
  });
});

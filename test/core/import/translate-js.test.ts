import { describe, expect, test } from 'vitest';

import { evaluateValue } from '#core/evaluate-value.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import { whole } from '#core/import/js/jsonata-text.ts';
import { translateJs } from '#core/import/js/translate-js.ts';
import type { Json } from '#core/json.ts';

const x: Json = {
  n: 7.5,
  zero: 0,
  name: ' Ada  Lovelace ',
  mail: 'Ada@Example.com',
  tags: ['a', 'b'],
  lines: [
    { sku: 'A', price: 2 },
    { sku: 'B', price: 30 },
  ],
  none: null,
  isNew: true,
  at: '2026-01-15T09:30:00.000Z',
  'odd-key': 'odd',
};

const context: ExpressionContext = {
  trigger: { body: x, headers: {}, query: {}, method: 'POST', receivedAt: '2026-01-15T09:30:00.000Z' },
  steps: {},
  run: { id: 'r1', startedAt: '2026-01-15T09:30:01.000Z', attempt: 1 },
  flow: { slug: 'orders', version: 3 },
  vars: {},
};

function translated(source: string) {
  return translateJs(source, (node) =>
    node.kind === 'name' && node.name === 'x' ? whole('trigger.body') : undefined,
  );
}

describe('translateJs', () => {
  // What JavaScript gives for each, with `x` as above.
  test.each<[string, Json]>([
    ['x.n', 7.5],
    ['x["odd-key"]', 'odd'],
    ['x?.none?.deeper', null],
    ['x.n * 2 - 1', 14],
    ['(x.n - 0.5) % 4', 3],
    ['-(x.n)', -7.5],
    ['"n is " + x.n', 'n is 7.5'],
    ['`${x.tags[0]}/${x.tags[1]}`', 'a/b'],
    ['x.name.trim()', 'Ada  Lovelace'],
    ['x.mail.toLowerCase().split("@")[1]', 'example.com'],
    ['x.mail.startsWith("Ada") && x.mail.endsWith(".com")', true],
    ['x.mail.includes("@") && x.tags.includes("b")', true],
    ['!x.tags.includes("c")', true],
    ['x.mail.replace("a", "o")', 'Ado@Example.com'],
    ['x.mail.replaceAll("a", "o")', 'Ado@Exomple.com'],
    ['x.mail.substring(0, 3)', 'Ada'],
    ['x.mail.length + x.tags.length', 17],
    ['x.tags.join("-")', 'a-b'],
    ['x.lines.map(l => l.price * 2)', [4, 60]],
    ['x.lines.filter(line => line.price > 10).length', 1],
    ['x.lines.find((l) => l.sku === "B").price', 30],
    ['x.lines.some(l => l.price > 100)', false],
    ['x.lines.map(l => l.sku).join("")', 'AB'],
    ['x.isNew ? "new" : "old"', 'new'],
    ['x.none ?? "nothing"', 'nothing'],
    ['x.missing || "none"', 'none'],
    ['x.zero || 5', 5],
    ['x.none == null', true],
    ['x.missing === undefined', true],
    ['x.n != null && x.n > 7', true],
    ['x.n == "7.5"', true],
    ['x.isNew === true', true],
    ['Math.round(x.n) + Math.floor(x.n)', 15],
    ['Math.max(x.n, 3)', 7.5],
    ['Number("12") + 1', 13],
    ['parseInt("12.9", 10)', 12],
    ['String(x.n)', '7.5'],
    ['JSON.stringify({ a: x.tags })', '{"a":["a","b"]}'],
    ['JSON.parse("{\\"a\\":1}").a', 1],
    ['Object.keys(x.lines[0])', ['sku', 'price']],
    ['encodeURIComponent("a&b")', 'a%26b'],
    ['"7".padStart(3, "0")', '007'],
    ['new Date(x.at).toISOString()', '2026-01-15T09:30:00.000Z'],
    ['new Date(x.at).getTime()', 1_768_469_400_000],
    ['({ a: [x.n, null], b: { c: true } })', { a: [7.5, null], b: { c: true } }],
    ['1 + 2 * 3 > 6 && (true || false)', true],
  ])('%s', async (source, expected) => {
    const made = translated(source);
    if (!made.ok) throw new Error(made.why);
    const value: unknown = JSON.parse(
      JSON.stringify(await evaluateValue({ $expr: made.text }, context, '/config')),
    );
    expect(value).toEqual(expected);
  });

  test.each([
    ['x.a + x.b', /adds numbers or joins texts/],
    ['x.name.match(/a/)', /not understood/],
    ['x.list.map(function (l) { return l })', /function with statements/],
    ['x.list.reduce((a, b) => a + b, 0)', /only taken over within map/],
    ['y.z', /“y” means nothing here/],
    ['x.a = 1', /goes on with “=”/],
    ['typeof x.a', /typeof/],
    ['[...x.a]', /“...”/],
    ['x.name.replace(x.a, "b")', /two plain texts/],
    ['', /ends too early/],
    ['x.', /name is missing/],
    ['"open', /never closed/],
    ['(x.a', /“\)” is missing/],
    [`${'('.repeat(500)}x`, /too deeply/],
    ['fetch("https://x")', /not known here/],
  ])('%s is left to a person', (source, why) => {
    const made = translated(source);
    expect(made.ok ? made.text : made.why).toMatch(why);
  });
});

import fc from 'fast-check';
import jsonata from 'jsonata';
import { expect, it } from 'vitest';

import { FUNCTION_HELP } from '#core/expression/functions/function-help.ts';
import { evaluateExpression } from '#core/expression.ts';
import { NOT_PLAIN, parsePlainPath, readPlainPath } from '#core/expression/plain-path.ts';
import type { Json } from '#core/json.ts';
import { isTruthy } from '#core/truthiness.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd_1', 'x-y', 'length', 'constructor', '__proto__', 'toString');
const leaf = fc.oneof(fc.constantFrom<Json>(null, true, 0, '', 'text'), fc.integer(), fc.string());

/** Data in which paths of those names often lead somewhere, through lists, lists of lists and empty ones. */
const { data } = fc.letrec<{ data: Json }>((tie) => ({
  data: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.array(tie('data'), { maxLength: 3 }),
    fc.dictionary(name, tie('data'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

const part = fc.oneof(
  name.map((text) => `.${/^[a-z_]\w*$/i.test(text) ? text : `\`${text}\``}`),
  fc.integer({ min: -2, max: 2 }).map((index) => `[${index}]`),
);
const path = fc
  .tuple(name, fc.array(part, { maxLength: 4 }))
  .map(([first, rest]) => `\`${first}\`${rest.join('')}`);

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

it('reads plain paths exactly as JSONata does, or leaves them to it', async () => {
  const counts = { read: 0, found: 0, left: 0 };
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, data, { noNullPrototype: true }), path, async (root, source) => {
      const parsed = parsePlainPath(source);
      expect(parsed).toBeDefined();
      const read = readPlainPath(parsed ?? [], root);
      if (read === NOT_PLAIN) {
        counts.left += 1;
        return;
      }
      counts.read += 1;
      if (read !== undefined) counts.found += 1;
      expect(plain(read)).toEqual(plain(await jsonata(source).evaluate(root)));
    }),
    { numRuns: 5_000 },
  );
  expect(counts.found).toBeGreaterThan(300);
  expect(counts.left).toBeGreaterThan(50);
});

it('gives the same through the whole evaluator', async () => {
  await fc.assert(
    fc.asyncProperty(data, path, async (trigger, rest) => {
      const source = `trigger.${rest}`;
      const expected: unknown = plain(await jsonata(source).evaluate({ trigger }));
      expect(plain(await evaluateExpression(source, { trigger, steps: {} }))).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  'a + b',
  'a.b()',
  'a[b]',
  'a["b"]',
  '$a',
  'a.*',
  'a..b',
  '.a',
  'a.',
  'a[0',
  'and',
  'a.true',
  'a b',
  '1',
  '"a"',
  'a.`',
  '',
  'a[1.5]',
  'a[0]b',
])('takes %j for no plain path', (source) => {
  expect(parsePlainPath(source)).toBeUndefined();
});

it('holds a condition as JSONata does', async () => {
  await fc.assert(
    fc.asyncProperty(data, async (value) => {
      const expected: unknown = await jsonata('$boolean(value)').evaluate({ value });
      expect(isTruthy(value)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

it('never throws anything but a failure of the step, whatever is typed in', async () => {
  const token = fc.constantFrom(
    'trigger',
    'steps',
    '.',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"a"',
    '1',
    '$',
    '$$',
    '+',
    '/a/',
    ':=',
    'function',
    ',',
    '?',
    '~>',
    '^',
    '%',
    '@$i',
    '`',
    ' ',
    '*',
    '**',
    '..',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(token, { maxLength: 10 }), fc.string(), async (tokens, noise) => {
      for (const source of [tokens.join(''), noise]) {
        const context = { trigger: { a: [1, { b: 2 }] }, steps: {} };
        const result: unknown = await evaluateExpression(source, context, '/config').catch(
          (error: unknown) => error,
        );
        if (result instanceof Error) expect(result.name).toBe('StepFailure');
        else expect(plain(result)).toEqual(result);
      }
    }),
    { numRuns: 3_000 },
  );
});

it('knows the functions that JSONata has', async () => {
  for (const each of FUNCTION_HELP.filter(({ isOurs }) => !isOurs).map(({ name }) => name)) {
    expect(await jsonata(`$exists($${each})`).evaluate({}), each).toBe(true);
  }
});

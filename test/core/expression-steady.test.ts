import { expect, test } from 'vitest';

import { evaluateExpression } from '#core/expression.ts';

const AT = '2026-02-03T04:05:06.789Z';
const context = (seed: string) => ({ trigger: null, steps: {}, steady: { at: AT, seed } });

test.each([
  ['$now()', AT],
  ['$millis()', Date.parse(AT)],
  ['$now("[Y0001]-[M01]-[D01]")', '2026-02-03'],
  ['$now("[H01]:[m01]", "+0200")', '06:05'],
  ['{ "at": $now() }', { at: AT }],
])('%s goes by the time it is given', async (source, expected) => {
  expect(await evaluateExpression(source, context('run node'))).toEqual(expected);
});

test.each(['$random()', '$shuffle([1..50])', '[1..5].$random()'])(
  '%s is the same for the same seed and another for another',
  async (source) => {
    const first = await evaluateExpression(source, context('run one'), '/config/body');
    expect(await evaluateExpression(source, context('run one'), '/config/body')).toEqual(first);
    expect(await evaluateExpression(source, context('run two'), '/config/body')).not.toEqual(first);
    expect(await evaluateExpression(source, context('run one'), '/config/url')).not.toEqual(first);
  },
);

test('dice differ within one evaluation and stay between 0 and 1', async () => {
  const thrown = (await evaluateExpression('[1..200].$random()', context('run'))) as number[];
  expect(new Set(thrown).size).toBe(200);
  expect(thrown.every((value) => value >= 0 && value < 1)).toBe(true);
});

test('a shuffled list holds what it held', async () => {
  const shuffled = (await evaluateExpression('$shuffle([1..50])', context('run'))) as number[];
  expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test('without a given time the real clock counts', async () => {
  const before = Date.now();
  const now = (await evaluateExpression('$millis()', { trigger: null, steps: {} })) as number;
  expect(now).toBeGreaterThanOrEqual(before);
});

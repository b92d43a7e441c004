import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { checkExpectation } from '#core/flow-tests/check-expectation.ts';
import { coverageOf } from '#core/flow-tests/coverage.ts';
import { expectationSchema, type Expectation } from '#core/flow-tests/expectation.ts';
import { judgeTest, type Rehearsal } from '#core/flow-tests/judge-test.ts';
import { jsonPointer } from '#core/fault.ts';
import type { Json } from '#core/json.ts';

const subject = {
  run: { status: 'succeeded', output: { id: 7 } },
  steps: new Map([
    ['map', { status: 'succeeded', input: null, output: { title: 'Order 7', tags: ['a', 'b'], none: null } }],
    ['post 1', { status: 'failed', input: {}, output: null, error: { code: 'no' } }],
  ]),
};

const expectation = (path: string, op: Expectation['op'], rest: Partial<Expectation> = {}) => ({
  nodeId: 'map',
  key: '',
  path,
  op,
  ...rest,
});

const says = (...given: Parameters<typeof expectation>) =>
  checkExpectation(expectation(...given), subject)?.message ?? null;

describe('an expectation', () => {
  test.each([
    ['/output/title', 'equals', { value: 'Order 7' }],
    ['/output/tags', 'equals', { value: ['a', 'b'] }],
    ['/output/tags/1', 'equals', { value: 'b' }],
    ['/output/none', 'exists', {}],
    ['/output/other', 'absent', {}],
    ['/output/title', 'contains', { value: 'der' }],
    ['/output/tags', 'contains', { value: 'a' }],
    ['/output/title', 'matches', { value: '^Order \\d+$' }],
    ['/status', 'equals', { value: 'failed', nodeId: 'post', key: '1' }],
    ['/error/code', 'equals', { value: 'no', nodeId: 'post', key: '1' }],
    ['/output/id', 'equals', { value: 7, nodeId: null }],
    ['/output/x', 'absent', { nodeId: 'never' }],
  ] as const)('%s %s %j holds', (path, op, rest) => {
    expect(says(path, op, rest as Partial<Expectation>)).toBeNull();
  });

  test.each([
    ['/output/title', 'equals', { value: 'Order 8' }, 'map › output.title: expected "Order 8", is "Order 7"'],
    ['/output/nope', 'equals', { value: 1 }, 'map › output.nope: expected 1, is not there'],
    ['/output/title', 'absent', {}, 'map › output.title: expected nothing, is "Order 7"'],
    [
      '/output/tags',
      'contains',
      { value: 'z' },
      'map › output.tags: expected something that contains "z", is ["a","b"]',
    ],
    [
      '/output/title',
      'matches',
      { value: '^x' },
      'map › output.title: expected a match of /^x/, is "Order 7"',
    ],
    ['/status', 'exists', { nodeId: 'never' }, 'never › status: the step did not run'],
    ['/output/toString', 'exists', {}, 'map › output.toString: is not there'],
  ] as const)('%s %s %j does not hold, in words', (path, op, rest, words) => {
    expect(says(path, op, rest as Partial<Expectation>)).toBe(words);
  });

  test('of any field of any value equals that value, whatever the order of its fields, and no other', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (name, value, other) => {
        const output = { [name]: value as Json };
        const path = `/output${jsonPointer([name])}`;
        const of = { run: {}, steps: new Map([['map', { output }]]) };
        const holds = (expected: unknown) =>
          checkExpectation(expectation(path, 'equals', { value: expected as Json }), of) === undefined;
        expect(holds(JSON.parse(JSON.stringify(value)))).toBe(true);
        const isSame = JSON.stringify(value) === JSON.stringify(other);
        if (holds(other)) expect(isSame || typeof value === 'object').toBe(true);
      }),
    );
  });

  test('is refused where it cannot be checked', () => {
    const accepts = (op: string, value?: Json) =>
      expectationSchema.safeParse({
        ...expectation('/output', op as 'equals'),
        ...(value !== undefined && { value }),
      }).success;
    expect(accepts('equals')).toBe(false);
    expect(accepts('exists')).toBe(true);
    expect(accepts('matches', '(')).toBe(false);
    expect(accepts('matches', '(?=a)')).toBe(false);
    expect(accepts('matches', 'a+')).toBe(true);
    expect(expectationSchema.safeParse({ ...expectation('/config', 'exists') }).success).toBe(false);
  });
});

test('a test fails for a call without an answer, whatever it expects', () => {
  const rehearsal: Rehearsal = {
    status: 'succeeded',
    output: null,
    error: null,
    steps: [
      {
        nodeId: 'post',
        key: '',
        status: 'failed',
        ports: ['out'],
        input: null,
        output: null,
        error: { kind: 'invalid', code: 'no_answer', message: 'Nothing says what “post” answers here.' },
      },
    ],
  };
  const { passed, differences } = judgeTest({ id: 'x', name: 'x', expectations: [] }, rehearsal);
  expect(passed).toBe(false);
  expect(differences).toEqual([{ expectation: null, message: 'Nothing says what “post” answers here.' }]);
  expect(judgeTest({ id: 'x', name: 'x', expectations: [] }, { ...rehearsal, steps: [] }).passed).toBe(true);
});

test('coverage counts each edge as often as its port was followed', () => {
  const flow = {
    nodes: ['check', 'yes', 'no'].map((id) => ({ id, type: 'core.map', version: 1, config: {} })),
    edges: [
      { from: 'check', port: 'true', to: 'yes' },
      { from: 'check', port: 'false', to: 'no' },
    ],
  };
  const coverage = coverageOf(flow, [
    { nodeId: 'check', status: 'succeeded', ports: ['true'] },
    { nodeId: 'yes', status: 'succeeded', ports: ['out'] },
    { nodeId: 'no', status: 'skipped', ports: [] },
    { nodeId: 'check', status: 'succeeded', ports: ['true'] },
    { nodeId: 'yes', status: 'failed', ports: [] },
  ]);
  expect(coverage).toEqual({
    nodes: { check: 2, yes: 2, no: 0 },
    edges: [
      { from: 'check', port: 'true', to: 'yes', taken: 2 },
      { from: 'check', port: 'false', to: 'no', taken: 0 },
    ],
    takenEdges: 1,
    takenNodes: 2,
  });
});

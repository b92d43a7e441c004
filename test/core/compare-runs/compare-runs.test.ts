import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Step } from '#core/api/runs.ts';
import { compareRuns, type ComparedRun } from '#core/compare-runs/compare-runs.ts';
import { describeComparison } from '#core/compare-runs/describe-comparison.ts';
import { longestRise } from '#core/compare-runs/longest-rise.ts';
import { orderNodes } from '#core/compare-runs/order-nodes.ts';
import { stepTiming } from '#core/compare-runs/step-timing.ts';
import { flowDocumentSchema, type FlowDocument } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { sampleStep as step } from '#test/support/sample-step.ts';

const NODES = [
  { id: 'end', type: 'core.map', config: { output: 1 } },
  { id: 'hook', type: 'core.webhook' },
  { id: 'each', type: 'core.each' },
  { id: 'body', type: 'core.map', parent: 'each' },
  { id: 'send', type: 'http.request', parent: 'each' },
];
const EDGES = [
  { from: 'hook', to: 'each' },
  { from: 'body', to: 'send' },
  { from: 'each', to: 'end' },
];

function flow(nodes: readonly object[] = NODES): FlowDocument {
  const whole = nodes.map((node) => ({ version: 1, ...node }));
  return flowDocumentSchema.parse({ format: 1, name: 'f', slug: 'f', nodes: whole, edges: EDGES });
}

function run(steps: readonly Step[], more: Partial<ComparedRun> = {}): ComparedRun {
  return { trigger: null, output: null, steps: [...steps], document: flow(), ...more };
}

const error: Step['error'] = { kind: 'invalid', code: 'http_status', message: 'It answered 422.' };
const items = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    ['body', 'send'].map((id) => step(id, { key: String(index) })),
  ).flat();

describe('two runs', () => {
  test('the steps stand in the order of the graph, those of a loop item by item behind it', () => {
    const steps = [step('end'), ...items(11).reverse(), step('each'), step('hook')];
    const order = compareRuns(run(steps), run(steps.toReversed())).steps;
    expect(order.map(({ nodeId, key }) => nodeId + key)).toEqual([
      'hook',
      'each',
      ...Array.from({ length: 11 }, (_, index) => [`body${index}`, `send${index}`]).flat(),
      'end',
    ]);
  });

  test('they part where a step came out otherwise, though data differed before', () => {
    const before = run([step('hook', { output: 1 }), step('each', { output: [1] }), step('end')]);
    const after = run([
      step('hook', { output: 2 }),
      step('each', { output: [2] }),
      step('end', { status: 'failed', error }),
    ]);
    const { parting, first, steps } = compareRuns(before, after);
    expect([first?.nodeId, parting?.nodeId]).toEqual(['hook', 'end']);
    expect(steps.map(({ differs }) => differs)).toEqual([['output'], ['output'], ['status', 'error']]);
  });

  test('an item of a loop that failed in one of them alone is where they part', () => {
    const before = run([step('hook'), step('each'), ...items(3)]);
    const failed = items(3).map((each) =>
      each.key === '1' && each.nodeId === 'send' ? { ...each, status: 'failed' as const } : each,
    );
    expect(compareRuns(before, run([step('hook'), step('each'), ...failed])).parting).toMatchObject({
      nodeId: 'send',
      key: '1',
    });
  });

  test('a step of one run alone differs in that', () => {
    const { steps, parting } = compareRuns(run([step('hook'), step('end')]), run([step('hook')]));
    expect(steps.at(-1)).toMatchObject({ nodeId: 'end', after: null, differs: ['presence'] });
    expect(parting?.nodeId).toBe('end');
  });

  test('other ways that were followed part them, their order does not', () => {
    const ports = (...names: string[]) => run([step('hook', { ports: names })]);
    expect(compareRuns(ports('a', 'b'), ports('b', 'a')).first).toBeNull();
    expect(compareRuns(ports('true'), ports('false')).parting?.differs).toEqual(['ports']);
  });

  test('what was changed of a node between versions is told, not how it is drawn', () => {
    const [end, ...rest] = NODES;
    const change = (more: object) =>
      compareRuns(run([step('end')]), run([step('end')], { document: flow([{ ...end, ...more }, ...rest]) }))
        .first;
    expect(change({ label: 'Last', position: { x: 1, y: 2 } })).toBeNull();
    expect(change({ config: { output: 2 } })).toMatchObject({
      differs: ['settings'],
      settings: [{ kind: 'changed', to: '/config/output', before: 1, after: 2 }],
    });
  });

  test('times do not count, and neither does the run itself', () => {
    const later = step('hook', {
      startedAt: '2026-02-01T00:00:00.000Z',
      finishedAt: '2026-02-01T00:09:00.000Z',
    });
    expect(compareRuns(run([step('hook')]), run([later])).first).toBeNull();
  });
});

describe('for all runs', () => {
  const payload = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
  const steps = fc.uniqueArray(
    fc.record({
      nodeId: fc.constantFrom('hook', 'each', 'body', 'send', 'end'),
      item: fc.nat(3),
      status: fc.constantFrom<Step['status'][]>('succeeded', 'failed', 'skipped'),
      input: payload,
      output: payload,
    }),
    { selector: ({ nodeId, item }) => `${nodeId} ${isInside(nodeId) ? item : ''}` },
  );
  const made = steps.map((list) =>
    list.map(({ nodeId, item, ...rest }) =>
      step(nodeId, { key: isInside(nodeId) ? String(item) : '', ...rest }),
    ),
  );

  test('a run does not differ from itself, and every step of two runs stands there once', () => {
    fc.assert(
      fc.property(made, made, payload, (one, other, trigger) => {
        const same = compareRuns(run(one, { trigger }), run(one.toReversed(), { trigger }));
        expect([same.first, same.parting, same.trigger, same.output]).toEqual([null, null, [], []]);
        const both = compareRuns(run(one), run(other)).steps.map(({ nodeId, key }) => `${nodeId} ${key}`);
        const all = new Set([...one, ...other].map(({ nodeId, key }) => `${nodeId} ${key}`));
        expect(both.toSorted()).toEqual([...all].sort());
      }),
      { numRuns: 200 },
    );
  });

  test('a step that is made to differ is found, and named first when nothing before it differs', () => {
    fc.assert(
      fc.property(made, fc.nat(), (list, seed) => {
        fc.pre(list.length > 0);
        const at = seed % list.length;
        const other = list.map((each, index) =>
          index === at ? { ...each, output: ['seeded', each.output] } : each,
        );
        expect(compareRuns(run(list), run(other)).first).toMatchObject({
          nodeId: list[at]!.nodeId,
          key: list[at]!.key,
          differs: ['output'],
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is told of it', () => {
  test('is bounded, and says how much there is', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`f${index}`, 'x'.repeat(5_000)]),
    );
    const told = describeComparison(
      compareRuns(run([step('hook')]), run([step('hook', { output: many })], { trigger: many })),
    );
    expect(told.trigger.total).toBe(1);
    const whole = compareRuns(
      run([step('hook', { output: {} })], { trigger: {} }),
      run([step('hook', { output: many })], { trigger: many }),
    );
    const {
      trigger,
      steps: [hook],
    } = describeComparison(whole);
    expect([trigger.total, trigger.shown.length]).toEqual([500, 200]);
    expect(trigger.shown[0]).toMatchObject({ to: '/f0', before: null, after: { isCut: true } });
    expect(hook?.output.shown).toHaveLength(200);
    expect(
      JSON.stringify(describeComparison(whole, { changes: 200, total: 250, text: 10 })).length,
    ).toBeLessThan(60_000);
    const little = describeComparison(whole, { changes: 200, total: 250, text: 10 });
    expect([little.trigger.shown.length, little.steps[0]?.output.shown.length]).toEqual([200, 50]);
  });

  test('a step’s time, and what of it was between attempts', () => {
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    const attempts = [
      { number: 1, startedAt: at(1), finishedAt: at(2), error },
      { number: 2, startedAt: at(5), finishedAt: at(6), error: null },
    ];
    expect(stepTiming(step('hook', { attempts, startedAt: at(1), finishedAt: at(6) }))).toEqual({
      ms: 5_000,
      waitMs: 3_000,
    });
    expect(stepTiming(step('hook', { isReused: true })).ms).toBeNull();
    expect(stepTiming(step('hook', { finishedAt: null })).ms).toBeNull();
  });
});

test('a node comes after all that lead to it', () => {
  const order = [...orderNodes(flow())].sort(([, a], [, b]) => a - b).map(([id]) => id);
  expect(order).toEqual(['hook', 'each', 'end', 'body', 'send']);
});

test('the longest rise', () => {
  expect(longestRise([])).toEqual([]);
  expect(longestRise([3, 1, 2, 0, 5, 4])).toEqual([1, 2, 5]);
});

function isInside(nodeId: string): boolean {
  return nodeId === 'body' || nodeId === 'send';
}

import { describe, expect, test } from 'vitest';

import { deadLetterFilter, deadLetterQuery } from '#components/api/dead-letter-filter.ts';
import { causeInWords, peakOf } from '#components/dead-letters/cause-words.ts';
import { effectInWords, isRepeated, planInWords } from '#components/recovery/plan-words.ts';
import { recoveryOf } from '#components/recovery/recovery-words.ts';
import { replayPoints } from '#components/recovery/replay-points.ts';
import { hasHiddenParts, settingFaults, settingFields } from '#components/recovery/step-settings.ts';
import { stepWords } from '#components/runs/step-words.ts';
import { stepLooks } from '#connectors/looks.ts';
import type { ReplayPlan } from '#core/api/replay.ts';
import type { Run, Step } from '#core/api/runs.ts';
import type { FlowNode } from '#core/flow-document.ts';
import { testNode } from '#test/support/editor-flow.ts';
import { emptyFlow } from '#test/support/sample-flows.ts';

const { lookOf } = stepWords(stepLooks());

const NOW = Date.parse('2026-07-27T10:00:00.000Z');

describe('a filter of dead letters', () => {
  test('counts a stretch of time back from now, and leaves out what is not set', () => {
    const view = {
      flow: 'orders',
      withinMs: 3_600_000,
      to: '2026-01-01T00:00:00.000Z',
      state: 'open',
    } as const;
    expect(deadLetterFilter(view, NOW)).toEqual({ flow: 'orders', from: '2026-07-27T09:00:00.000Z' });
  });

  test('keeps an empty node: runs that failed as a whole are a group of their own', () => {
    expect(deadLetterQuery({ nodeId: '', cause: 'deadline' }, NOW)).toBe('?cause=deadline&nodeId=');
    expect(deadLetterQuery({ nodeId: '' }, NOW)).toBe('?nodeId=');
    expect(deadLetterQuery({}, NOW, { limit: 50, cursor: null })).toBe('?limit=50');
  });
});

describe('a cause in words', () => {
  test.each([
    ['transient', 'http_status 503', 'The other side did not work'],
    ['invalid', 'http_status 404', 'There is nothing at that address'],
    ['invalid', 'expression_failed', 'An expression failed'],
    ['of the future', 'strange_code', 'strange_code'],
  ])('%s, %s: %s', (errorKind, cause, words) => {
    expect(causeInWords({ errorKind, cause })).toBe(words);
  });

  test('a chart names its peak, and none where nothing happened', () => {
    const bar = (at: string, count: number) => ({ at, count });
    expect(peakOf([bar('a', 1), bar('b', 3), bar('c', 3)])).toEqual(bar('b', 3));
    expect(peakOf([bar('a', 0)])).toBeNull();
    expect(peakOf([])).toBeNull();
  });
});

const step = (nodeId: string) => ({ nodeId, label: nodeId, type: 'core.map' });
type Effect = ReplayPlan['effects'][number];
const effect = (more: Partial<Effect>): Effect => ({
  ...step('post'),
  effect: 'keyed',
  summary: '',
  repeats: true,
  sameKey: false,
  certain: true,
  ...more,
});
const plan = (more: Partial<ReplayPlan>): ReplayPlan => ({
  version: 1,
  reused: [],
  executed: [step('post')],
  possible: [],
  effects: [],
  warnings: [],
  ...more,
});

describe('a plan in words', () => {
  test('says what runs, what may, what is taken over, and that nothing repeats', () => {
    const words = planInWords(plan({ possible: [step('a'), step('b')], reused: [step('map')] }));
    expect(words).toBe(
      '1 step runs, 2 may run, as the data decides and 1 is taken over. Nothing that was done is done again.',
    );
  });

  test.each<[Partial<Effect>[], string]>([
    [[{}], '1 call that was made is made again.'],
    [[{}, {}, { certain: false }], '2 calls that were made are made again, and 1 more may be.'],
    [[{ certain: false }], '1 call that was made may be made again.'],
    [[{ effect: 'read' }, { repeats: false }], 'Nothing that was done is done again.'],
  ])('of the calls %j: %s', (effects, words) => {
    expect(planInWords(plan({ effects: effects.map(effect) }))).toContain(words);
  });

  test('a call that goes out under its old key is not one that happens again', () => {
    expect(isRepeated(effect({ sameKey: true }))).toBe(false);
    expect(effectInWords(effect({ sameKey: true }))).toMatch(/^Goes out again under the same key/);
    expect(effectInWords(effect({ certain: false }))).toBe(
      'If the data leads there: happens again: the original run did it already.',
    );
  });
});

describe('what can be done about a run', () => {
  test('nothing while it did not fail', () => {
    expect(recoveryOf(run([], { status: 'succeeded' }), lookOf)).toBeNull();
  });

  test('goes on from steps whose failure nobody dealt with; the one that the run blames comes first', () => {
    const found = recoveryOf(
      run([failed('handled'), failed('other'), failed('post'), failed('each'), failed('item', '3')]),
      lookOf,
    );
    expect(found?.failedSteps.map(({ nodeId }) => nodeId)).toEqual(['post', 'other', 'each']);
    expect(found?.fixableSteps.map(({ nodeId }) => nodeId)).toEqual(['post', 'other']);
    expect(found?.refusal).toBeNull();
  });

  test('not resumed once its steps were undone', () => {
    expect(recoveryOf(run([failed('post')], { compensation: 'undone' }), lookOf)?.refusal).toMatch(
      /Replay it/,
    );
  });

  test('replayed from a node that the trigger reaches, outside of loops', () => {
    expect(replayPoints(DOCUMENT).map(({ id }) => id)).toEqual(['handled', 'other', 'post', 'each']);
  });
});

describe('the settings of a step', () => {
  const post = testNode('post', 'http.request');
  test('take no expressions, at any depth', () => {
    const fields = settingFields(post) ?? [];
    expect(fields.map(({ name }) => name)).toContain('url');
    expect(JSON.stringify(fields)).not.toMatch(/"(allowsExpression|isExpressionOnly)":true/);
    expect(settingFields(testNode('x', 'none.such'))).toBeNull();
  });

  test('are checked by the operation, each fault at its field', () => {
    expect(settingFaults(post, { method: 'POST', url: 'https://a.example' })).toEqual([]);
    const faults = settingFaults(post, { method: 'SHOUT', url: 'https://a.example', colour: 1 });
    expect(faults.map(({ pointer }) => pointer).sort()).toEqual(['/input/colour', '/input/method']);
  });

  test('say where a secret was taken out', () => {
    expect(hasHiddenParts('{ "key": "Bearer [secret]" }')).toBe(true);
    expect(hasHiddenParts('{ "key": "secret" }')).toBe(false);
  });
});

const node = (id: string, type: string, more: Partial<FlowNode> = {}) => testNode(id, type, more);
const DOCUMENT = {
  ...emptyFlow('a'),
  nodes: [
    node('hook', 'core.webhook'),
    node('handled', 'http.request', { onError: 'continue' }),
    node('other', 'http.request'),
    node('post', 'http.request'),
    node('each', 'core.each'),
    node('item', 'http.request', { parent: 'each' }),
    node('alone', 'core.map'),
  ],
  edges: ['handled', 'other', 'post', 'each'].map((to) => ({ from: 'hook', to })),
};

function failed(nodeId: string, key = ''): Step {
  return { nodeId, key, status: 'failed' } as Step;
}

function run(steps: Step[], more: Partial<Run> = {}): Run {
  const error = { kind: 'transient', code: 'x', message: '', nodeId: 'post' } as const;
  return { status: 'failed', document: DOCUMENT, steps, error, compensation: null, ...more } as Run;
}

import { describe, expect, test } from 'vitest';

import { explainError } from '#components/runs/explain-error.ts';
import { durationOf, nodeStates, stepKey, stepToShow } from '#components/runs/node-states.ts';
import { fromLocalField, resolveWindow, toLocalField } from '#components/runs/time-range.ts';
import { runListQuery } from '#components/api/run-filter.ts';
import type { Step } from '#core/api/runs.ts';
import type { ErrorKind } from '#core/step-failure.ts';
import { sampleStep } from '#test/support/sample-step.ts';

const START = Date.parse('2026-07-27T10:00:00.000Z');

function step(nodeId: string, status: Step['status'], more: Partial<Step> = {}): Step {
  const startedAt = new Date(START).toISOString();
  return sampleStep(nodeId, { status, startedAt, finishedAt: new Date(START + 500).toISOString(), ...more });
}

describe('nodeStates', () => {
  test('of the rounds of a loop the worst is shown', () => {
    const rounds = [
      step('post', 'succeeded', { key: '0' }),
      step('post', 'failed', { key: '1' }),
      step('post', 'skipped', { key: '2' }),
    ];
    expect(nodeStates(rounds, START).get('post')).toMatchObject({ status: 'failed', durationMs: 500 });
  });

  test('ports are known only when the step is over', () => {
    const states = nodeStates(
      [step('if', 'succeeded', { ports: ['true'] }), step('post', 'running', { finishedAt: null })],
      START + 900,
    );
    expect(states.get('if')?.ports).toEqual(['true']);
    expect(states.get('post')).toMatchObject({ ports: undefined, durationMs: 900 });
  });

  test('a step that a replay took over took no time here, and says so', () => {
    const state = nodeStates([step('map', 'succeeded', { isReused: true })], START).get('map');
    expect(state).toMatchObject({ isReused: true, durationMs: null });
    expect(nodeStates([step('map', 'succeeded')], START).get('map')?.isReused).toBe(false);
  });

  test('a skipped step took no time', () => {
    expect(durationOf(step('post', 'skipped'), START)).toBeNull();
  });
});

describe('stepToShow', () => {
  const steps = [step('hook', 'succeeded'), step('a', 'failed'), step('b', 'failed', { key: '3' })];

  test('is the step that failed the run', () => {
    expect(stepToShow(steps, 'b')).toBe('b:3');
  });

  test('is any failed step where the run names none', () => {
    expect(stepToShow(steps, undefined)).toBe('a');
  });

  test('is one in doubt where none failed', () => {
    expect(stepToShow([step('hook', 'succeeded'), step('a', 'in_doubt')], undefined)).toBe('a');
  });

  test('is one that waits where nothing went wrong', () => {
    expect(stepToShow([step('hook', 'succeeded'), step('a', 'waiting')], undefined)).toBe('a');
  });

  test('is none where all went well', () => {
    expect(stepToShow([step('hook', 'succeeded')], undefined)).toBeNull();
    expect(stepKey({ nodeId: 'a', key: '' })).toBe('a');
  });
});

describe('explainError', () => {
  const kinds: readonly ErrorKind[] = [
    'transient',
    'throttled',
    'auth',
    'invalid',
    'uncertain',
    'cancelled',
    'bug',
  ];

  test.each(kinds)('every kind has a headline, a meaning and a remedy: %s', (kind) => {
    const { headline, meaning, remedies } = explainError({ kind, code: 'never_seen', message: 'x' });
    expect(headline.length).toBeGreaterThan(5);
    expect(meaning).toMatch(/\.$/);
    expect(remedies.length).toBeGreaterThan(0);
  });

  test.each([
    [401, 'auth', 'open_connections'],
    [404, 'invalid', 'edit_node'],
    [422, 'invalid', 'edit_node'],
    [503, 'transient', 'go_on'],
  ] as const)('an answer of %d leads to %s, %s first', (status, kind, remedy) => {
    const explained = explainError({ kind, code: 'http_status', message: 'x', detail: { status } });
    expect(explained.remedies[0]).toBe(remedy);
  });

  test('a code of its own goes before the kind', () => {
    expect(explainError({ kind: 'invalid', code: 'egress_denied', message: 'x' }).remedies[0]).toBe(
      'ask_admin',
    );
    expect(explainError({ kind: 'bug', code: 'constructor', message: 'x' }).headline).toBe(
      'Patchbay itself failed',
    );
  });

  test.each(['connection_reconnect', 'connection_pending'])('leads from %s to the consent', (code) => {
    expect(explainError({ kind: 'auth', code, message: 'x' }).remedies).toEqual(['reconnect']);
  });
});

describe('the window of time', () => {
  test('a range counts back from the moment of reading', () => {
    const window = resolveWindow({ range: '1h', from: '2020-01-01T00:00:00.000Z', to: null });
    expect(window).toEqual({ withinMs: 3_600_000 });
    expect(runListQuery({ flow: 'orders', ...window }, START)).toEqual({
      flow: 'orders',
      from: '2026-07-27T09:00:00.000Z',
      to: undefined,
    });
  });

  test('from and to stand as they are; what is no time is left out', () => {
    const window = resolveWindow({ range: null, from: '2026-07-27T10:00:00Z', to: 'yesterday' });
    expect(window).toEqual({ from: '2026-07-27T10:00:00.000Z', to: undefined });
  });

  test('a local field and the ISO time are each other’s inverse', () => {
    expect(fromLocalField(toLocalField('2026-07-27T10:05:00.000Z'))).toBe('2026-07-27T10:05:00.000Z');
    expect(toLocalField(null)).toBe('');
    expect(toLocalField('never')).toBe('');
    expect(fromLocalField('')).toBeNull();
  });
});

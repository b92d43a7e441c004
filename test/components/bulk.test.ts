import { describe, expect, test } from 'vitest';

import { percentOf, sharesOf, standingOf, titleOf } from '#components/bulk/bulk-words.ts';
import { problemOfRate, readPace } from '#components/bulk/pace.ts';
import {
  EVERYTHING,
  isEmpty,
  isSelected,
  kept,
  NOTHING,
  stateOf,
  toggled,
  toggledAll,
} from '#components/bulk/selection.ts';
import { isMoving } from '#components/api/bulk-actions.ts';
import type { BulkAction } from '#core/api/bulk-actions.ts';

const SHOWN = ['a', 'b', 'c'];
const RESULTS = { queued: 0, running: 0, waiting: 0, in_doubt: 0, succeeded: 0, failed: 0, cancelled: 0 };

function action(more: Partial<BulkAction> = {}): BulkAction {
  return {
    id: '0197c0de-0000-7000-8000-000000000000',
    kind: 'redrive',
    status: 'running',
    isSample: false,
    filter: {},
    options: {},
    ratePerSecond: null,
    sampleSize: null,
    total: 200,
    counts: { pending: 100, done: 90, skipped: 4, failed: 6 },
    results: RESULTS,
    createdAt: '2026-07-27T10:00:00.000Z',
    createdBy: 'owner@example.com',
    finishedAt: null,
    ...more,
  };
}

describe('a selection', () => {
  test('takes one more and one less', () => {
    const one = toggled(NOTHING, 'b', SHOWN);
    expect([...one.ids]).toEqual(['b']);
    expect(stateOf(one, SHOWN)).toBe('some');
    expect(isEmpty(toggled(one, 'b', SHOWN))).toBe(true);
  });

  test('takes all that is shown, then nothing', () => {
    const all = toggledAll(toggled(NOTHING, 'a', SHOWN), SHOWN);
    expect(stateOf(all, SHOWN)).toBe('all');
    expect(all.isAll).toBe(false);
    expect(toggledAll(all, SHOWN)).toEqual(NOTHING);
  });

  test('of everything holds what is not shown, too; less of it is the rest of what is shown', () => {
    expect(isSelected(EVERYTHING, 'not loaded')).toBe(true);
    const rest = toggled(EVERYTHING, 'a', SHOWN);
    expect([...rest.ids]).toEqual(['b', 'c']);
    expect(rest.isAll).toBe(false);
  });

  test('forgets what is no longer there', () => {
    const all = toggledAll(NOTHING, SHOWN);
    expect([...kept(all, ['b', 'd']).ids]).toEqual(['b']);
    expect(kept(all, SHOWN)).toBe(all);
    expect(kept(EVERYTHING, [])).toBe(EVERYTHING);
  });
});

describe('a pace', () => {
  test('is a sample and a rate, each only where it is wanted', () => {
    expect(readPace({ sample: '5', rate: '0.5' }).pace).toEqual({ sampleSize: 5, ratePerSecond: 0.5 });
    expect(readPace({ sample: null, rate: ' ' }).pace).toEqual({});
  });

  test.each(['0', '1.5', '1001', 'many', ''])('a sample of “%s” is none', (sample) => {
    expect(readPace({ sample, rate: '' })).toMatchObject({ pace: null, rateProblem: null });
  });

  test.each(['0', '-1', '1001', 'fast'])('“%s” a second is no rate', (rate) => {
    expect(problemOfRate(rate)).not.toBeNull();
    expect(readPace({ sample: null, rate }).pace).toBeNull();
  });
});

describe('a bulk action in words', () => {
  test('says how it stands, after its sample too', () => {
    expect(titleOf(action())).toBe('Redrive of 200 runs');
    expect(standingOf(action()).label).toBe('Running');
    expect(titleOf(action({ kind: 'release', total: 1 }))).toBe('Replay of 1 event in quarantine');
    expect(standingOf(action({ kind: 'release' })).meaning).toContain('the events in order');
    const sample = standingOf(action({ status: 'paused', isSample: true, sampleSize: 5 }));
    expect(sample).toMatchObject({ label: 'Look at the sample', tone: 'warning' });
    expect(sample.meaning).toContain('The first 5 went.');
    expect(standingOf(action({ status: 'paused' })).label).toBe('Paused');
  });

  test('is green at its end only when all could be done', () => {
    const counts = { pending: 0, done: 200, skipped: 0, failed: 0 };
    expect(standingOf(action({ status: 'done', counts })).tone).toBe('success');
    const some = { ...counts, done: 199, failed: 1 };
    expect(standingOf(action({ status: 'done', counts: some }))).toMatchObject({
      tone: 'danger',
      meaning: 'One could not be done; they are listed below.',
    });
  });

  test('shares out its bar, and is not at 100 before the end', () => {
    expect(sharesOf(action())).toEqual({ done: 45, failed: 3, skipped: 2, pending: 50 });
    expect(percentOf(action())).toBe(50);
    expect(percentOf({ total: 1_000, counts: { pending: 1, done: 999, skipped: 0, failed: 0 } })).toBe(99);
    expect(percentOf({ total: 0, counts: { pending: 0, done: 0, skipped: 0, failed: 0 } })).toBe(100);
  });

  test('moves while its runs do', () => {
    expect(isMoving(action({ status: 'done' }))).toBe(false);
    expect(isMoving(action({ status: 'done', results: { ...RESULTS, waiting: 1 } }))).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';

import {
  about,
  daysInWords,
  goingCount,
  goingInWords,
  undecidedInWords,
} from '#components/settings/retention-words.ts';

const PREVIEW = {
  ...{ succeededRuns: 12_345, failedRuns: 1, auditEntries: 0, openDeadLetters: 1_234_567 },
  ...{ undecidedEvents: 1, discardedEvents: 0 },
};
const SET = { succeededDays: 30, failedDays: 365, quarantineDays: 90, auditDays: 730 };

describe('what would go', () => {
  test('is said for each part that is not kept for ever', () => {
    expect(goingInWords('succeededDays', SET, PREVIEW)).toBe(
      'About 12,300 runs older than 30 days will be removed.',
    );
    expect(goingInWords('failedDays', SET, PREVIEW)).toBe(
      '1 run older than 1 year will be removed. About 1,230,000 are open dead letters and stay.',
    );
    expect(goingInWords('failedDays', SET, { ...PREVIEW, discardedEvents: 1_234, openDeadLetters: 0 })).toBe(
      '1 run older than 1 year will be removed. So will about 1,230 discarded events.',
    );
    expect(goingInWords('quarantineDays', SET, PREVIEW)).toBe('1 event older than 90 days will be removed.');
    expect(goingInWords('auditDays', SET, PREVIEW)).toBe('No entries are older than 2 years.');
    expect(goingInWords('auditDays', { ...SET, auditDays: null }, PREVIEW)).toBe('');
  });

  test('is asked about where anything goes, and said of what went undecided', () => {
    expect(goingCount(PREVIEW)).toBe(12_347);
    expect(undecidedInWords(1)).toBe('1 event that nobody had decided on was removed so far, the last');
    expect(undecidedInWords(1_200)).toMatch(/^1,200 events that nobody had decided on were removed/);
  });

  test('is exact up to a thousand', () => {
    expect([0, 999, 1_000, 1_004, 1_006, 98_765].map(about)).toEqual([
      '0',
      '999',
      'About 1,000',
      'About 1,000',
      'About 1,010',
      'About 98,800',
    ]);
    expect([1, 30, 365, 1_095].map(daysInWords)).toEqual(['1 day', '30 days', '1 year', '3 years']);
  });
});

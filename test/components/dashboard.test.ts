import { expect, it } from 'vitest';

import {
  changeInWords,
  endedPerMinute,
  errorRate,
  formatRates,
  formatShare,
  runsHref,
} from '#components/dashboard/dashboard-words.ts';
import { pathOf } from '#components/dashboard/time-path.ts';

const span = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T11:00:00.000Z' };
const none = { p50: null, p95: null, p99: null };
const stats = { accepted: 0, failed: 0, cancelled: 0, retries: 0, toFirstStepMs: none, runTimeMs: none };

it('leads to exactly the runs that were counted', () => {
  expect(runsHref(span, { flow: 'orders', status: 'failed' }, 'ended')).toBe(
    '/runs?from=2026-03-01T10%3A00%3A00.000Z&to=2026-03-01T11%3A00%3A00.000Z&by=ended&flow=orders&status=failed',
  );
  expect(runsHref(span, { flow: null }, 'accepted')).not.toContain('by=');
});

it('has no error rate where nothing succeeded or failed', () => {
  expect(errorRate({ succeeded: 0, failed: 0 })).toBeNull();
  expect(formatShare(errorRate({ succeeded: 999, failed: 1 }))).toBe('0.1 %');
  expect(formatShare(errorRate({ succeeded: 99_999, failed: 1 }))).toBe('<0.1 %');
  expect(formatShare(0)).toBe('0 %');
  expect(formatShare(null)).toBe('–');
});

it('counts the runs of a minute, of a time under way up to now', () => {
  const at = Date.parse(span.to);
  expect(endedPerMinute({ ...stats, succeeded: 120 }, span, at)).toBe(2);
  expect(endedPerMinute({ ...stats, succeeded: 120 }, span, at - 30 * 60_000)).toBe(4);
});

it.each([
  [120, 60, '2 / s', '1 / s'],
  [2, 0.5, '2 / min', '0.5 / min'],
  [31 / 60, 0, '31 / h', '0 / h'],
  [31 / 60, 200, '31 / h', '12,000 / h'],
  [600, 0.01, '10 / s', '<0.1 / s'],
  [0, 0.1, '0 / h', '6 / h'],
  [0, 0, '0 / min', '0 / min'],
])('says rates of %d and before of %d in one unit: %s, %s', (now, before, words, wordsBefore) => {
  expect(formatRates(now, before)).toEqual([words, wordsBefore]);
});

it('compares with the time before only where there is something to compare with', () => {
  expect(changeInWords(112, 100)).toBe('+12 %');
  expect(changeInWords(88, 100)).toBe('−12 %');
  expect(changeInWords(100, 100)).toBe('as before');
  expect(changeInWords(5_000, 100)).toBe('over 10 times');
  expect(changeInWords(5, 0)).toBe('');
  expect(changeInWords(null, 3)).toBe('');
});

it('breaks a line where nothing was measured', () => {
  expect(pathOf([1, 2, null, 4, null], 4)).toBe('M0.5 0.7500L1.5 0.5000M3.25 0.0000H3.75');
});

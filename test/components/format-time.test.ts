import { describe, expect, test } from 'vitest';

import { formatClock, formatExact, formatRelative } from '#components/ui/format-time.ts';

const now = new Date(2026, 6, 27, 14, 3, 22, 184).getTime();
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('formatRelative', () => {
  test.each([
    [now - 3 * SECOND, 'just now'],
    [now + 3 * SECOND, 'in a moment'],
    [now - 42 * SECOND, '42 s ago'],
    [now + 42 * SECOND, 'in 42 s'],
    [now - 5 * MINUTE, '5 min ago'],
    [now - 3 * HOUR - MINUTE, '3 h ago'],
    [now - DAY, '1 day ago'],
    [now - 6 * DAY, '6 days ago'],
    [now - 8 * DAY, '19 Jul'],
    [now - 400 * DAY, '22 Jun 2025'],
  ])('%d is %s', (at, text) => {
    expect(formatRelative(at, now)).toBe(text);
  });
});

test('formatExact goes to the millisecond', () => {
  expect(formatExact(now)).toBe('27 Jul 2026, 14:03:22.184');
});

test('formatClock leaves today out', () => {
  expect(formatClock(now - HOUR, now)).toBe('13:03:22');
  expect(formatClock(now - DAY, now)).toBe('26 Jul, 14:03:22');
});

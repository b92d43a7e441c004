import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { afterQuiet, noticeTime } from '#core/alerts/notice-time.ts';

const NIGHT = { timezone: 'Europe/Berlin', from: '22:00', to: '07:00' };
const at = (text: string) => new Date(text);

describe('quiet hours', () => {
  test.each([
    ['over midnight, before it', NIGHT, '2026-01-10T21:30:00Z', '2026-01-11T06:00:00Z'],
    ['over midnight, after it', NIGHT, '2026-01-11T02:00:00Z', '2026-01-11T06:00:00Z'],
    ['begin on the minute', NIGHT, '2026-01-10T21:00:00Z', '2026-01-11T06:00:00Z'],
    ['end on the minute', NIGHT, '2026-01-11T06:00:00Z', '2026-01-11T06:00:00Z'],
    ['are over by day', NIGHT, '2026-01-10T12:00:00Z', '2026-01-10T12:00:00Z'],
    [
      'within a day',
      { ...NIGHT, from: '12:00', to: '13:00' },
      '2026-01-10T11:30:00Z',
      '2026-01-10T12:00:00Z',
    ],
    // The clocks go forward at 01:00 UTC on 29 March, and back on 25 October.
    ['are an hour shorter in spring', NIGHT, '2026-03-28T21:30:00Z', '2026-03-29T05:00:00Z'],
    ['are an hour longer in autumn', NIGHT, '2026-10-24T20:30:00Z', '2026-10-25T06:00:00Z'],
    [
      'end at the first moment after a gap',
      { ...NIGHT, to: '02:30' },
      '2026-03-29T00:30:00Z',
      '2026-03-29T01:00:00Z',
    ],
  ])('%s', (_, quiet, from, until) => {
    expect(afterQuiet(quiet, at(from)).toISOString()).toBe(at(until).toISOString());
  });

  test('never hold anything for more than a day and an hour, and let go at their end', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    const clock = (n: number) =>
      `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`;
    const time = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) });
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
    );
    fc.assert(
      fc.property(zone, minute, minute, time, (timezone, from, to, ms) => {
        fc.pre(from !== to);
        const quiet = { timezone, from: clock(from), to: clock(to) };
        const end = afterQuiet(quiet, new Date(ms));
        expect(end.getTime()).toBeGreaterThanOrEqual(ms);
        expect(end.getTime() - ms).toBeLessThanOrEqual(25 * 3_600_000);
        expect(afterQuiet(quiet, end).getTime()).toBe(end.getTime());
      }),
      { numRuns: 200 },
    );
  });
});

describe('a notice', () => {
  const now = at('2026-01-10T23:00:00Z');
  const base = { now, lastDueAt: null, groupSeconds: 300, quietHours: null, isUrgent: false };

  test('goes at once, and after another one when that has collected', () => {
    expect(noticeTime(base)).toEqual(now);
    expect(noticeTime({ ...base, lastDueAt: at('2026-01-10T22:58:00Z') })).toEqual(
      at('2026-01-10T23:03:00Z'),
    );
    expect(noticeTime({ ...base, lastDueAt: at('2026-01-10T20:00:00Z') })).toEqual(now);
  });

  test('waits for the end of quiet hours, unless it is urgent', () => {
    expect(noticeTime({ ...base, quietHours: NIGHT })).toEqual(at('2026-01-11T06:00:00Z'));
    expect(noticeTime({ ...base, quietHours: NIGHT, isUrgent: true })).toEqual(now);
  });
});

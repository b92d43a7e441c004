import fc from 'fast-check';
import { expect, it } from 'vitest';

import { spanBefore, STATS_RANGE_NAMES, timePoints } from '#core/stats/time-points.ts';

const HOUR = 3_600_000;

function hoursOf(points: readonly { from: number; to: number }[]): number[] {
  return points.map(({ from, to }) => (to - from) / HOUR);
}

it('gives the day on which clocks go forward 23 hours, and the one on which they go back 25', () => {
  const march = timePoints('30d', Date.parse('2026-04-10T10:00:00Z'), 'Europe/Berlin');
  const forward = march.find(({ from }) => from === Date.parse('2026-03-28T23:00:00Z'));
  expect(forward).toEqual({
    from: Date.parse('2026-03-28T23:00:00Z'),
    to: Date.parse('2026-03-29T22:00:00Z'),
  });
  const back = timePoints('30d', Date.parse('2026-11-10T10:00:00Z'), 'America/New_York');
  expect(back).toContainEqual({
    from: Date.parse('2026-11-01T04:00:00Z'),
    to: Date.parse('2026-11-02T05:00:00Z'),
  });
  expect(hoursOf(back).filter((hours) => hours !== 24)).toEqual([25, 5.25]);
});

it('begins days at midnight of zones that are no whole hours from UTC, and of those whose clocks skip midnight', () => {
  expect(timePoints('7d', Date.parse('2026-06-10T10:00:00Z'), 'Asia/Kathmandu')[0]?.from).toBe(
    Date.parse('2026-06-03T18:15:00Z'),
  );
  // Cairo's clocks went from 00:00 to 01:00 on this day: it began at 22:00 UTC.
  expect(
    timePoints('30d', Date.parse('2026-05-10T10:00:00Z'), 'Africa/Cairo').map(({ from }) => from),
  ).toContain(Date.parse('2026-04-23T22:00:00Z'));
  // Lord Howe's clocks change by half an hour.
  const howe = timePoints('30d', Date.parse('2026-10-20T00:00:00Z'), 'Australia/Lord_Howe');
  expect(hoursOf(howe)).toContain(23.5);
});

it('cuts every range into parts without gaps that end now, the first one whole', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Asia/Kolkata',
    'Pacific/Apia',
    'Africa/Cairo',
  );
  const now = fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2030-01-01') });
  fc.assert(
    fc.property(fc.constantFrom(...STATS_RANGE_NAMES), now, zones, (range, at, zone) => {
      const points = timePoints(range, at, zone);
      points.forEach(({ from, to }, index) => {
        expect(to).toBeGreaterThan(from);
        expect(from % 60_000).toBe(0);
        if (index > 0) expect(from).toBe(points[index - 1]!.to);
      });
      const end = points.at(-1)!.to;
      expect(end).toBeGreaterThan(at);
      expect(end - at).toBeLessThanOrEqual(15 * 60_000);
      const before = spanBefore({ from: points[0]!.from, to: end });
      expect(before.to - before.from).toBe(end - points[0]!.from);
    }),
    { numRuns: 200 },
  );
});

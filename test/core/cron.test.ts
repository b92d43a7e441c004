import { describe, expect, test } from 'vitest';

import { checkCron, isTimeZone } from '#core/check-cron.ts';
import { lastTick, nextTicks } from '#core/cron.ts';

function ticks(cron: string, timezone: string, span: { after: string; count: number }): string[] {
  const found = nextTicks(cron, timezone, { after: new Date(span.after), count: span.count });
  return found.map((at) => at.toISOString().replace(':00.000Z', 'Z'));
}

/** Every tick around both changes of a year. `until` is not met by the next tick, which is asked for, too. */
const TABLE: readonly { zone: string; what: string; cron: string; after: string; ticks: string[] }[] = [
  {
    zone: 'America/New_York',
    what: 'a time in the gap is met when the gap ends',
    cron: '30 2 * * *',
    after: '2026-03-07T00:00:00Z',
    ticks: ['2026-03-07T07:30Z', '2026-03-08T07:00Z', '2026-03-09T06:30Z'],
  },
  {
    zone: 'America/New_York',
    what: 'two times that meet where the gap ends are one',
    cron: '0 2,3 * * *',
    after: '2026-03-08T00:00:00Z',
    ticks: ['2026-03-08T07:00Z', '2026-03-09T06:00Z', '2026-03-09T07:00Z'],
  },
  {
    zone: 'America/New_York',
    what: 'an interval keeps its pace over the gap',
    cron: '*/30 * * * *',
    after: '2026-03-08T06:00:00Z',
    ticks: ['2026-03-08T06:30Z', '2026-03-08T07:00Z', '2026-03-08T07:30Z'],
  },
  {
    zone: 'America/New_York',
    what: 'a time that comes twice is met once',
    cron: '30 1 * * *',
    after: '2026-10-31T06:00:00Z',
    ticks: ['2026-11-01T05:30Z', '2026-11-02T06:30Z'],
  },
  {
    zone: 'America/New_York',
    what: 'a list of times that come twice is met once',
    cron: '0,30 1 * * *',
    after: '2026-11-01T00:00:00Z',
    ticks: ['2026-11-01T05:00Z', '2026-11-01T05:30Z', '2026-11-02T06:00Z'],
  },
  {
    zone: 'America/New_York',
    what: 'an interval keeps its pace through the hour that comes twice',
    cron: '30 * * * *',
    after: '2026-11-01T04:00:00Z',
    ticks: ['2026-11-01T04:30Z', '2026-11-01T05:30Z', '2026-11-01T06:30Z', '2026-11-01T07:30Z'],
  },
  {
    zone: 'Europe/Berlin',
    what: 'a time in the gap is met when the gap ends',
    cron: '30 2 * * *',
    after: '2026-03-28T12:00:00Z',
    ticks: ['2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  },
  {
    zone: 'Europe/Berlin',
    what: 'a time that comes twice is met once',
    cron: '30 2 * * *',
    after: '2026-10-24T12:00:00Z',
    ticks: ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  },
  {
    zone: 'Europe/Berlin',
    what: 'a time of day stays itself, whatever UTC says',
    cron: '0 9 * * *',
    after: '2026-03-28T00:00:00Z',
    ticks: ['2026-03-28T08:00Z', '2026-03-29T07:00Z', '2026-03-30T07:00Z'],
  },
  {
    zone: 'Australia/Lord_Howe',
    what: 'a gap of half an hour',
    cron: '15 2 * * *',
    after: '2026-10-03T00:00:00Z',
    ticks: ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
  },
  {
    zone: 'Australia/Lord_Howe',
    what: 'an interval over the gap of half an hour',
    cron: '*/15 * * * *',
    after: '2026-10-03T15:00:00Z',
    ticks: ['2026-10-03T15:15Z', '2026-10-03T15:30Z', '2026-10-03T15:45Z'],
  },
  {
    zone: 'Australia/Lord_Howe',
    what: 'half an hour that comes twice',
    cron: '45 1 * * *',
    after: '2026-04-04T00:00:00Z',
    ticks: ['2026-04-04T14:45Z', '2026-04-05T15:15Z'],
  },
  {
    zone: 'Australia/Lord_Howe',
    what: 'an interval through the half hour that comes twice',
    cron: '*/15 * * * *',
    after: '2026-04-04T14:30:00Z',
    ticks: ['2026-04-04T14:45Z', '2026-04-04T15:00Z', '2026-04-04T15:15Z', '2026-04-04T15:30Z'],
  },
  {
    zone: 'America/Sao_Paulo',
    what: 'no change of the clocks any more',
    cron: '0 0 * * *',
    after: '2026-11-01T00:00:00Z',
    ticks: ['2026-11-01T03:00Z', '2026-11-02T03:00Z', '2026-11-03T03:00Z'],
  },
  {
    zone: 'America/Sao_Paulo',
    what: 'midnight in the gap, as it was in 2018',
    cron: '0 0 * * *',
    after: '2018-11-03T12:00:00Z',
    ticks: ['2018-11-04T03:00Z', '2018-11-05T02:00Z'],
  },
  {
    zone: 'Asia/Kathmandu',
    what: 'an offset of 5:45',
    cron: '0 */6 * * *',
    after: '2026-03-29T00:00:00Z',
    ticks: ['2026-03-29T00:15Z', '2026-03-29T06:15Z', '2026-03-29T12:15Z', '2026-03-29T18:15Z'],
  },
  {
    zone: 'Africa/Casablanca',
    what: 'the clocks go back for Ramadan',
    cron: '30 2 * * *',
    after: '2026-02-14T12:00:00Z',
    ticks: ['2026-02-15T01:30Z', '2026-02-16T02:30Z'],
  },
];

describe('nextTicks', () => {
  test.each(TABLE)('$zone, $cron: $what', ({ zone, cron, after, ticks: expected }) => {
    expect(ticks(cron, zone, { after, count: expected.length })).toEqual(expected);
  });

  test('is strictly after, whatever the milliseconds', () => {
    expect(ticks('* * * * *', 'UTC', { after: '2026-01-01T09:00:00.000Z', count: 1 })).toEqual([
      '2026-01-01T09:01Z',
    ]);
    expect(ticks('* * * * *', 'UTC', { after: '2026-01-01T08:59:59.999Z', count: 1 })).toEqual([
      '2026-01-01T09:00Z',
    ]);
  });

  test('knows the last day of a month, weekdays by name, and Sunday as 0 and 7', () => {
    expect(ticks('0 0 L * *', 'UTC', { after: '2028-02-01T00:00:00Z', count: 1 })).toEqual([
      '2028-02-29T00:00Z',
    ]);
    expect(ticks('0 9 * * MON-FRI', 'UTC', { after: '2026-01-02T10:00:00Z', count: 1 })).toEqual([
      '2026-01-05T09:00Z',
    ]);
    expect(ticks('0 9 * * 7', 'UTC', { after: '2026-01-01T00:00:00Z', count: 1 })).toEqual(
      ticks('0 9 * * 0', 'UTC', { after: '2026-01-01T00:00:00Z', count: 1 }),
    );
  });
});

describe('against a year counted minute by minute', () => {
  const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Casablanca'];
  const crons = ['*/20 * * * *', '30 * * * *', '0 */2 * * *', '30 2 * * *', '45 1 * * *', '15,45 0-3 * * *'];

  test.each(zones)('%s', (zone) => {
    const clock = localClock(zone);
    const changes = changesOf(clock);
    expect(changes.length).toBeGreaterThanOrEqual(2);
    for (const change of changes) {
      for (const cron of crons) {
        const from = change - 86_400_000;
        const expected = countedTicks(cron, { clock, from, change });
        const found = nextTicks(cron, zone, { after: new Date(from), count: expected.length + 1 });
        const until = from + 2 * 86_400_000;
        expect(
          found.map((at) => at.getTime()).filter((at) => at <= until),
          cron,
        ).toEqual(expected);
      }
    }
  });

  test('in 60 zones no time of day is met twice or left out on any day of the year', () => {
    const every = Intl.supportedValuesOf('timeZone').filter((_, index) => index % 7 === 0);
    expect(every.length).toBeGreaterThan(50);
    for (const zone of every) {
      const found = nextTicks('30 2 * * *', zone, { after: new Date('2026-01-01T12:00:00Z'), count: 364 });
      const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
      const days = found.map((at) => format.format(at));
      expect(new Set(days).size, zone).toBe(364);
    }
  });
});

describe('lastTick', () => {
  const last = (cron: string, after: string, until: string) =>
    lastTick(cron, 'Europe/Berlin', { after: new Date(after), until: new Date(until) })?.toISOString();

  test('finds the last one in a span, its end included and its start not', () => {
    expect(last('*/10 * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:35:00Z')).toBe(
      '2026-01-01T00:30:00.000Z',
    );
    expect(last('*/10 * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:30:00Z')).toBe(
      '2026-01-01T00:30:00.000Z',
    );
    expect(last('*/10 * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:09:59Z')).toBeUndefined();
    expect(last('*/10 * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:10:00Z')).toBe(
      '2026-01-01T00:10:00.000Z',
    );
  });

  test('is the same as counting, over both changes of the clocks', () => {
    const crons = [
      ['* * * * *', 2_200],
      ['30 2 * * *', 30],
      ['0 9 * * MON', 30],
      ['7,8,9 1-3 25,29 * *', 30],
      ['* * 1 1 *', 2_200],
    ] as const;
    for (const [cron, count] of crons) {
      for (const after of ['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z', '2025-12-31T12:00:00Z']) {
        const until = new Date(Date.parse(after) + 36 * 3_600_000 + 4_321);
        const counted = nextTicks(cron, 'Europe/Berlin', { after: new Date(after), count });
        expect(counted.at(-1)! > until).toBe(true);
        expect(last(cron, after, until.toISOString()), `${cron} ${after}`).toBe(
          counted.findLast((at) => at <= until)?.toISOString(),
        );
      }
    }
  });

  test('takes no longer over years', () => {
    const before = performance.now();
    expect(last('* * * * *', '2016-01-01T00:00:00Z', '2026-01-01T00:00:30Z')).toBe(
      '2026-01-01T00:00:00.000Z',
    );
    expect(performance.now() - before).toBeLessThan(200);
  });
});

describe('checkCron', () => {
  test.each(['* * * * *', '*/5 * * * *', '0 9 * * MON-FRI', ' 0  0 1,15 * * ', '0 0 L * *', '0 0 29 2 *'])(
    'takes %j',
    (cron) => expect(checkCron(cron)).toBeUndefined(),
  );

  test.each([
    ['', 'write five fields'],
    ['@daily', 'write five fields'],
    ['* * * *', 'write five fields'],
    ['0 * * * * *', 'write five fields'],
    ['60 * * * *', 'the minute cannot be "60": write 0 to 59'],
    ['0 24 * * *', 'the hour cannot be "24": write 0 to 23'],
    ['0 0 0 * *', 'the day cannot be "0"'],
    ['0 0 * 13 *', 'the month cannot be "13"'],
    ['0 0 * * 8', 'the weekday cannot be "8"'],
    ['0 0 * * MOO', 'the weekday cannot be "MOO"'],
    ['*/0 * * * *', 'the minute cannot be "*/0"'],
    ['5-1 * * * *', 'the minute cannot be "5-1"'],
    ['0 0 30 2 *', 'this time never comes'],
    ['0 0 31 4,6,9,11 *', 'this time never comes'],
  ])('refuses %j: %s', (cron, message) => expect(checkCron(cron)).toContain(message));
});

test('isTimeZone takes names alone', () => {
  expect(['Europe/Berlin', 'UTC', 'America/Argentina/Ushuaia', 'Etc/GMT+2'].every(isTimeZone)).toBe(true);
  expect(['', '+02:00', 'Berlin', 'Europe/Nowhere', 'GMT+2', ' UTC'].some(isTimeZone)).toBe(false);
});

type LocalClock = (ms: number) => { readonly local: number; readonly hour: number; readonly minute: number };

/** Reads the time of day from `Intl`, which shares nothing with what is tested but the zones' data. */
function localClock(timeZone: string): LocalClock {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  // Every cron asks for the same minutes, and `Intl` is slow.
  const known = new Map<number, ReturnType<LocalClock>>();
  const read: LocalClock = (ms) => {
    const local = Date.parse(`${format.format(ms).replace(', ', 'T')}:00Z`);
    const at = new Date(local);
    return { local, hour: at.getUTCHours(), minute: at.getUTCMinutes() };
  };
  return (ms) => {
    const time = known.get(ms) ?? read(ms);
    known.set(ms, time);
    return time;
  };
}

/** The moments of 2026 at which the clocks change. */
function changesOf(clock: LocalClock): number[] {
  const changes: number[] = [];
  const offset = (ms: number) => clock(ms).local - ms;
  for (let ms = Date.UTC(2026, 0, 2); ms < Date.UTC(2026, 11, 31); ms += 1_800_000)
    if (offset(ms) !== offset(ms - 1_800_000)) changes.push(ms);
  return changes;
}

/** The law of `nextTicks`, minute by minute over two days; for crons whose day, month and weekday are `*`. */
function countedTicks(cron: string, around: { clock: LocalClock; from: number; change: number }): number[] {
  const [minutes = '', hours = ''] = cron.split(' ');
  const matches = ({ hour, minute }: { hour: number; minute: number }) =>
    fits(minutes, minute) && fits(hours, hour);
  const isInterval = /[*/]/.test(minutes + hours);
  const { clock, from, change } = around;
  const met = new Set<number>();
  const found = new Set<number>();
  for (let ms = from; ms <= from + 2 * 86_400_000; ms += 60_000) {
    const now = clock(ms);
    if (!matches(now) || (!isInterval && met.has(now.local))) continue;
    met.add(now.local);
    if (ms > from) found.add(ms);
  }
  if (isInterval) return [...found];
  for (let local = clock(change - 60_000).local + 60_000; local < clock(change).local; local += 60_000) {
    const at = new Date(local);
    if (matches({ hour: at.getUTCHours(), minute: at.getUTCMinutes() })) found.add(change);
  }
  return [...found].sort((a, b) => a - b);
}

function fits(field: string, value: number): boolean {
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [low, high] = range === '*' ? [0, 59] : range.split('-').map(Number);
    return value >= low! && value <= (high ?? low!) && (value - low!) % Number(step) === 0;
  });
}

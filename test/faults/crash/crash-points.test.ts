import { expect, test } from 'vitest';

import { CRASH_POINTS } from '#server/crash-points.ts';

import { CRASH_CASES } from './cases.ts';
import { playCases } from './play-cases.ts';

test('every crash point has a case', () => {
  expect([...new Set(CRASH_CASES.map(({ point }) => point))].sort()).toEqual(
    Object.keys(CRASH_POINTS).sort(),
  );
});

test('a process that dies at any of them leaves what is promised', async () => {
  // The first case of each; `npm run crash-points` plays them all, and each twenty times.
  const cases = [...Map.groupBy(CRASH_CASES, ({ point }) => point).values()].map(([first]) => first!);
  const reports = await playCases(cases, { times: 1, stages: 8 });
  expect(reports.filter(({ faults }) => faults.length > 0)).toEqual([]);
  expect(reports.map(({ crashes }) => crashes)).toEqual(cases.map(() => 1));
}, 600_000);

/**
 * npm run crash-points: kills a process at every named point, and holds what comes of it against what is promised.
 * Prints a JSON line for each point and one for all. Exits 1 when a promise was broken or a point not reached.
 *
 * --times N (default 20)   crashes at each point
 * --point TEXT             only points whose name begins so
 * --stages N (6)           databases side by side
 */
import { parseArgs } from 'node:util';

import startPostgres from '#test/support/global-setup.ts';

import { CRASH_CASES } from './cases.ts';
import { playCases } from './play-cases.ts';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '20' },
    point: { type: 'string', default: '' },
    stages: { type: 'string', default: '6' },
  },
});

const stopPostgres = await startPostgres();
try {
  const startedAt = performance.now();
  const cases = CRASH_CASES.filter(({ point }) => point.startsWith(values.point));
  const times = Number(values.times);
  const reports = await playCases(cases, {
    times,
    stages: Number(values.stages),
    onReport: (report) => process.stdout.write(`${JSON.stringify(report)}\n`),
  });
  const crashes = reports.reduce((sum, report) => sum + report.crashes, 0);
  const faults = reports.reduce((sum, report) => sum + report.faults.length, 0);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const points = new Set(cases.map(({ point }) => point)).size;
  process.stdout.write(
    `${JSON.stringify({ points, cases: cases.length, planned: cases.length * times, crashes, faults, seconds })}\n`,
  );
  process.exitCode = faults > 0 || crashes < cases.length * times ? 1 : 0;
} finally {
  await stopPostgres();
}

/**
 * npm run faults -- <name>: breaks the world around real processes, and prints JSON lines of what came of it. Exits 1 when a
 * promise was broken.
 *
 * zombies [--count 100]              workers stopped for 20 s in the middle of a step
 * liveness [--kills 20] [--cuts 2]   workers killed, or cut off from the database
 * outages                            Postgres stopped, killed, hanging
 * clocks                             web and worker whose clocks are wrong by a day, either way
 */
import { parseArgs } from 'node:util';

import startPostgres from '#test/support/global-setup.ts';

import { runClocks } from './clocks.ts';
import { runLiveness } from './liveness.ts';
import { runOutages } from './outages.ts';
import { runZombies } from './zombies.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '100' },
    kills: { type: 'string', default: '20' },
    cuts: { type: 'string', default: '2' },
  },
});

const DAY_MS = 86_400_000;
const ELSEWHERE_MS = 5_000;
const CUT_OFF_MS = 15_000;
const BACK_MS = 3_000;

const FAULTS: Readonly<Record<string, () => Promise<void>>> = {
  zombies: async () => {
    const report = await runZombies(Number(values.count));
    say(report, report.staleWrites === 0 && report.repeated === 0 && report.faults.length === 0);
  },
  liveness: async () => {
    const report = await runLiveness(Number(values.kills), Number(values.cuts));
    say(report, report.elsewhereMs.p95 <= ELSEWHERE_MS && !(report.cutOffMs.max > CUT_OFF_MS));
  },
  outages: () =>
    runOutages((report) => {
      const isBack = report.acceptedAfterMs <= BACK_MS && report.calledAfterMs <= BACK_MS;
      const isRefused = report.refused > 0 && report.otherwise.length === 0 && report.unadvised === 0;
      say(report, isBack && isRefused && report.lost === 0 && report.faults.length === 0);
    }),
  clocks: async () => {
    for (const shiftMs of [DAY_MS, -DAY_MS]) {
      const report = await runClocks(shiftMs);
      say(report, report.early === 0 && report.lost === 0 && report.faults.length === 0);
    }
  },
};

const run = FAULTS[positionals[0] ?? ''];
if (!run) {
  process.stderr.write(`Name one of: ${Object.keys(FAULTS).join(', ')}\n`);
  process.exit(1);
}
const stopPostgres = await startPostgres();
try {
  await run();
} finally {
  await stopPostgres();
}

function say(report: object, isKept: boolean): void {
  process.stdout.write(`${JSON.stringify({ ...report, isKept })}\n`);
  if (!isKept) process.exitCode = 1;
}

/**
 * npm run token-storm: many processes want the token of one connection that has ended, at a provider that takes each refresh token
 * once; then processes are killed between the provider's answer and its note. Prints a JSON line for each part and one for all. Exits 1
 * when a promise was broken.
 *
 * --rounds N (default 10)   tokens of two seconds, one after the other
 * --processes N (5), --callers N (10)   processes, and calls side by side in each
 * --kills N (50)   connections over each of which a process is killed
 */
import { parseArgs } from 'node:util';

import { openStage } from '#test/faults/stage.ts';
import startPostgres from '#test/support/global-setup.ts';
import { startOAuthProvider } from '#test/support/oauth/provider.ts';

import { kills } from './kills.ts';
import { race } from './race.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    processes: { type: 'string', default: '5' },
    callers: { type: 'string', default: '10' },
    kills: { type: 'string', default: '50' },
  },
});
const [rounds, processes, callers, count] = [
  values.rounds,
  values.processes,
  values.callers,
  values.kills,
].map(Number) as [number, number, number, number];

const stopPostgres = await startPostgres();
const startedAt = performance.now();
const provider = await startOAuthProvider();
const stage = await openStage();
const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
try {
  const alone = await race(stage, provider, { rounds, processes, callers, hasWorker: false });
  print({ part: 'race', processes, callers, ...alone });
  const beside = await race(stage, provider, { rounds, processes, callers, hasWorker: true });
  print({ part: 'race beside a worker', processes, callers, ...beside });
  const killed = await kills(stage, provider, { count, isHurried: false });
  print({ part: 'kills', ...killed });
  const faults = [alone, beside, killed].reduce((sum, report) => sum + report.faults.length, 0);
  print({ part: 'all', faults, seconds: Math.round((performance.now() - startedAt) / 1_000) });
  process.exitCode = faults > 0 ? 1 : 0;
} finally {
  await stage.close();
  await provider.stop();
  await stopPostgres();
}

/**
 * npm run history: fills a database of its own with runs that are over, with their events, steps and attempts, counts the statistics
 * as an upgrade would, and measures what people wait for. JSON lines: the filling, the counting, and of each question p50 and p95
 * over `--asks` askings, held against 100 ms (`isWithin`).
 *
 * --runs N (default 1000000), --days N (60), --flows N (20), --asks N (40)
 * --data-dir path   keeps the database there, and goes on with what is there. Default: a passing one.
 * --for-seconds N   stops filling after so long and says how many are still to come. Default: does not stop.
 */
import { parseArgs } from 'node:util';

import { historyDatabase } from './history-database.ts';
import { measureHistory } from './measure-history.ts';
import { prepareHistory } from './prepare-history.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '60' },
    flows: { type: 'string', default: '20' },
    asks: { type: 'string', default: '40' },
    'data-dir': { type: 'string' },
    'for-seconds': { type: 'string', default: 'Infinity' },
  },
});

const database = await historyDatabase(values['data-dir']);
try {
  const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const size = { runs: Number(values.runs), days: Number(values.days), flows: Number(values.flows) };
  const history = await prepareHistory(size, { forSeconds: Number(values['for-seconds']), say });
  if (history !== null) await measureHistory(history, { asks: Number(values.asks), say });
} finally {
  await database.stop();
}

/**
 * npm run model: random flows on real workers, some of which are killed, against the reference interpreter.
 * Prints one JSON line; for each flow that differs, its document, what was expected and what was found. Exits 1 then.
 *
 * --flows N (default 1000)   how many flows
 * --seed N (1)               the same seed draws the same flows
 * --kills N (flows / 50)     how many workers are killed
 * --from N (0)               number of the first flow, to run a single one again: --from 17 --flows 1
 */
import { parseArgs } from 'node:util';

import startPostgres from '#test/support/global-setup.ts';

import { type Mismatch, runModel } from './run-model.ts';

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    kills: { type: 'string' },
    from: { type: 'string', default: '0' },
  },
});
const SHOWN = 5;

await main();

async function main(): Promise<void> {
  const flows = Number(values.flows);
  const stopPostgres = await startPostgres();
  try {
    const { mismatches, ...report } = await runModel({
      flows,
      seed: Number(values.seed),
      kills: Number(values.kills ?? Math.round(flows / 50)),
      from: Number(values.from),
    });
    for (const mismatch of mismatches.slice(0, SHOWN)) process.stdout.write(describe(mismatch));
    process.stdout.write(`${JSON.stringify({ ...report, mismatches: mismatches.length })}\n`);
    process.exitCode = mismatches.length > 0 ? 1 : 0;
  } finally {
    await stopPostgres();
  }
}

function describe({ number, faults, evidence, verdict }: Mismatch): string {
  const { document, input, found, deaths, calls } = evidence;
  const parts = {
    document,
    input,
    expected: { ...verdict.prediction, ...plain(verdict.prediction) },
    found: { ...found, deaths, steps: Object.fromEntries(found.steps) },
    calls,
  };
  const lines = Object.entries(parts).map(([name, part]) => `${name}: ${JSON.stringify(part)}`);
  return [
    `flow ${number} of seed ${values.seed}:`,
    ...faults.map((fault) => `- ${fault}`),
    ...lines,
    '',
    '',
  ].join('\n');
}

function plain({ steps, undone }: Mismatch['verdict']['prediction']) {
  return { steps: Object.fromEntries(steps), undone: Object.fromEntries(undone) };
}

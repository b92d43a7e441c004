/**
 * npm run chaos: the real product with its own Postgres and two workers, in trouble; then the records of sender, far ends and
 * database are held against each other. Prints each violation, then one JSON line; exits 1 when there is a violation.
 *
 * --scenario storm (default)  events come in while web, workers and Postgres are killed and calls meet broken connections
 *            queue            events come in while pg-boss loses jobs and its whole schema
 *            duplicates       each event is sent 1 to 50 times over 8 sockets while the web process is killed
 * --seconds N (600)           how long (storm, queue)
 * --rate N (34; queue: 100)   events a second (storm, queue)
 * --events N (5000)           how many (duplicates)
 * --kills N                   how many processes are killed (storm: one every 2.8 s; duplicates: 20, web alone)
 * --seed N (1)                which events, kills and faults
 * --records DIR               where the records go (default: a folder in the system's temporary one)
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { loseQueue } from './lose-queue.ts';
import { repeatEvents } from './repeat-events.ts';
import { startRig, type Rig } from './rig.ts';
import { storm } from './storm.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'storm' },
    seconds: { type: 'string', default: '600' },
    rate: { type: 'string' },
    events: { type: 'string', default: '5000' },
    kills: { type: 'string' },
    seed: { type: 'string', default: '1' },
    records: { type: 'string' },
  },
});
const SHOWN = 20;
const seed = Number(values.seed);

interface Scenario {
  run(rig: Rig): Promise<{
    readonly figures: object;
    readonly violations: readonly { readonly kind: string; readonly about: string }[];
  }>;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  storm: {
    run: (rig) =>
      storm(rig, { ...load(34), kills: Number(values.kills ?? Math.ceil(load(34).seconds / 2.8)) }),
  },
  queue: { run: (rig) => loseQueue(rig, load(100)) },
  duplicates: {
    run: (rig) =>
      repeatEvents(rig, { seed, events: Number(values.events), kills: Number(values.kills ?? 20) }),
  },
};

await main();

async function main(): Promise<void> {
  const scenario = SCENARIOS[values.scenario];
  if (!scenario) throw new Error(`There is no scenario ${values.scenario}: storm, queue or duplicates.`);
  const folder = values.records ?? join(tmpdir(), `patchbay-chaos-${values.scenario}-${seed}-${Date.now()}`);
  const rig = await startRig({ folder, seed });
  try {
    const { figures, violations } = await scenario.run(rig);
    for (const { kind, about } of violations.slice(0, SHOWN)) process.stdout.write(`${kind}: ${about}\n`);
    await writeFile(rig.fileOf('violations.json'), JSON.stringify(violations, null, 2));
    const summary = { ...figures, violations: violations.length, records: folder };
    process.stdout.write(`${JSON.stringify({ scenario: values.scenario, ...summary })}\n`);
    process.exitCode = violations.length > 0 ? 1 : 0;
  } finally {
    await rig.stop();
  }
}

function load(defaultRate: number) {
  return { seconds: Number(values.seconds), seed, ratePerSecond: Number(values.rate ?? defaultRate) };
}

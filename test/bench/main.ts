/**
 * npm run bench: events through flows of the product, end to end on this machine, with the load generator and the far end
 * beside it. One JSON line a scenario and round; exit code 1 when the product lost or doubled an event, 2 when a peer cannot be had here.
 *
 * --scenario NAME[,NAME]     closed, open-200, open-1000, ten-steps, fan-out, loop (default: all)
 * --seconds N (20)           length of each scenario; of the longer flows 10 at most
 * --connections N (32)       connections of the closed loops
 * --rounds N (1)             rounds of each scenario
 * --peer node-red|n8n        another product in turn with this one, installed from npm into a temporary folder; prints ratios
 *
 * --scenario idle            what the product costs while nothing happens, over --seconds (60): --flows N (1000), --waiting N (100000)
 * --scenario workers         1, 2 and 3 worker processes that work off --events N (4000) at a slow far end
 * --scenario history         the closed loop on a database with --runs N (1000000) of --days N (60), beside an empty one;
 *                            --data-dir path uses what is there, and fills in what is not
 *
 * npm run bench -- canvas: the flow editor with many nodes in Chromium (PATCHBAY_CHROMIUM names it) instead.
 *
 * --nodes N (300)
 *
 * npm run bench -- pages: the first visit of pages in Chromium: compressed JavaScript, and the time until they can be used.
 */
import { parseArgs } from 'node:util';

import { measureCanvas } from './canvas/measure-canvas.ts';
import { compareSystems } from './compare-systems.ts';
import { measureIdle } from './idle/measure-idle.ts';
import { measureBesideHistory } from './history/measure-beside.ts';
import { isUnharmed, measureInTurn } from './measure-in-turn.ts';
import { measureWorkers } from './measure-workers.ts';
import { measurePages } from './pages/measure-pages.ts';
import { type Load, type Measured, type Scenario, SCENARIOS, warmUp } from './scenarios.ts';
import { PeerError } from './systems/install-peer.ts';
import { startN8n } from './systems/n8n.ts';
import { startNodeRed } from './systems/node-red.ts';
import { startPatchbay } from './systems/patchbay.ts';
import type { System } from './systems/system.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '300' },
    flows: { type: 'string' },
    waiting: { type: 'string', default: '100000' },
    scenario: { type: 'string', default: SCENARIOS.map(({ name }) => name).join(',') },
    seconds: { type: 'string' },
    connections: { type: 'string', default: '32' },
    rounds: { type: 'string' },
    runs: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '60' },
    'data-dir': { type: 'string' },
    events: { type: 'string', default: '4000' },
    peer: { type: 'string' },
  },
});

const SECONDS = 20;
const load = (): Load => ({
  seconds: Number(values.seconds ?? SECONDS),
  connections: Number(values.connections),
});

/** Scenarios that start products of their own. They resolve to false when an event was lost or doubled. */
const ALONE: Readonly<Record<string, () => Promise<boolean>>> = {
  idle: () =>
    measureIdle(
      {
        flows: Number(values.flows ?? 1_000),
        waiting: Number(values.waiting),
        seconds: Number(values.seconds ?? 60),
      },
      print,
    ),
  workers: () =>
    measureWorkers({ events: Number(values.events), connections: Number(values.connections) }, print),
  history: () =>
    measureBesideHistory(
      {
        runs: Number(values.runs),
        days: Number(values.days),
        flows: Number(values.flows ?? 20),
        dataDir: values['data-dir'],
        load: load(),
        rounds: Number(values.rounds ?? 3),
      },
      print,
    ),
};

const PEERS: Readonly<Record<string, () => Promise<System>>> = {
  n8n: startN8n,
  'node-red': startNodeRed,
};

if (positionals[0] === 'canvas') await measureCanvas(Number(values.nodes));
else if (positionals[0] === 'pages') await measurePages();
else if (values.scenario in ALONE) process.exitCode = (await ALONE[values.scenario]!()) ? 0 : 1;
else await main();

async function main(): Promise<void> {
  const scenarios = chosenScenarios(values.scenario.split(','));
  const startPeer = chosenPeer(values.peer);
  const systems = [await startPatchbay()];
  try {
    if (startPeer) systems.push(await startPeer());
    for (const system of systems) await warmUp(system);
    const measured: Measured[] = [];
    const rounds = Number(values.rounds ?? 1);
    for (const scenario of scenarios) {
      measured.push(...(await measureInTurn(systems, scenario, { load: load(), rounds, say: print })));
      const [own, peer] = systems;
      if (own && peer) print(compareSystems(scenario, measured, [own.name, peer.name]));
    }
    process.exitCode = isUnharmed(measured.filter(({ system }) => system === 'patchbay')) ? 0 : 1;
  } catch (cause) {
    if (!(cause instanceof PeerError)) throw cause;
    process.stderr.write(`${cause.message}\n`);
    process.exitCode = 2;
  } finally {
    for (const system of systems) await system.stop();
  }
}

function chosenScenarios(names: readonly string[]): readonly Scenario[] {
  return names.map((name) => {
    const scenario = SCENARIOS.find((each) => each.name === name);
    if (!scenario)
      throw new Error(
        `There is no scenario ${name}: choose of ${SCENARIOS.map((each) => each.name).join(', ')}.`,
      );
    return scenario;
  });
}

function chosenPeer(name: string | undefined): (() => Promise<System>) | undefined {
  if (name === undefined) return undefined;
  const start = PEERS[name];
  if (!start) throw new Error(`There is no peer ${name}: choose of ${Object.keys(PEERS).join(', ')}.`);
  return start;
}

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

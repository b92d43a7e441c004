import { mkdir } from 'node:fs/promises';

import { parseEnv } from '#server/env.ts';
import { prepareKeys } from '#server/vault/key-files.ts';
import { makeApiKey } from '#test/support/people.ts';
import { temporaryFolder } from '#test/support/product.ts';

import { compareSystems } from '../compare-systems.ts';
import { isUnharmed, measureInTurn } from '../measure-in-turn.ts';
import { SCENARIOS, warmUp, type Load } from '../scenarios.ts';
import { startPatchbay } from '../systems/patchbay.ts';
import type { System } from '../systems/system.ts';
import { historyDatabase } from './history-database.ts';
import { prepareHistory } from './prepare-history.ts';

/** Of the rate on an empty database. */
const AIM = 0.9;

export interface BesideOptions {
  readonly runs: number;
  readonly days: number;
  readonly flows: number;
  /** Where the filled database is kept. Undefined: a folder of its own, which stays. */
  readonly dataDir: string | undefined;
  readonly load: Load;
  readonly rounds: number;
}

/** The closed loop on a database full of runs, beside an empty one. Resolves to true when nothing was lost or doubled. */
export async function measureBesideHistory(
  { load, rounds, ...filling }: BesideOptions,
  say: (line: object) => void,
): Promise<boolean> {
  const filled = await fill(filling, say);
  const systems: System[] = [];
  try {
    systems.push(await startPatchbay({ ...filled, name: 'filled' }));
    systems.push(await startPatchbay({ name: 'empty' }));
    for (const system of systems) await warmUp(system);
    const scenario = SCENARIOS.find(({ name }) => name === 'closed')!;
    const measured = await measureInTurn(systems, scenario, { load, rounds, say });
    const ratio = compareSystems(scenario, measured, ['filled', 'empty']);
    say({ ...ratio, scenario: 'history', runs: filling.runs, aim: AIM, isWithin: ratio.value >= AIM });
    return isUnharmed(measured);
  } finally {
    for (const system of systems) await system.stop();
  }
}

async function fill(
  { runs, days, flows, dataDir: wanted }: Omit<BesideOptions, 'load' | 'rounds'>,
  say: (line: object) => void,
): Promise<{ readonly dataDir: string; readonly apiKey: string }> {
  const dataDir = wanted ?? (await temporaryFolder());
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  say({ history: 'kept', dataDir });
  // A product makes its key before its database, and takes none that came without.
  await prepareKeys(parseEnv({ PATCHBAY_DATA_DIR: dataDir }));
  const database = await historyDatabase(dataDir);
  try {
    const history = await prepareHistory({ runs, days, flows }, { forSeconds: Infinity, say });
    return { dataDir, apiKey: await makeApiKey(history!.workspaceId, 'owner') };
  } finally {
    await database.stop();
  }
}

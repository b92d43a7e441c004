import { setTimeout as sleep } from 'node:timers/promises';

import { diceFor } from './chance.ts';
import { openRecordFile } from './record-file.ts';
import type { Kill } from './records.ts';

/** The pids of the product under test, as they are now; none while a process is away, or, for web, does not serve yet. */
export interface Victims {
  web(): Promise<readonly number[]>;
  worker(): Promise<readonly number[]>;
  postgres(): Promise<readonly number[]>;
}

interface PlannedKill {
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly targets: readonly Kill['target'][];
}

const WEIGHTS = { web: 30, worker: 40, postgres: 30 } as const;
/** How often two die at once. */
const PAIR_SHARE = 0.15;
/** A victim that is away at its time is waited for so long; then another one dies. */
const PATIENCE_MS = 1_500;
/** Nobody dies at the very end, so that what was sent in time can be acknowledged in time. */
const CALM_MS = 5_000;

/** When who dies: one or two at a time, evenly but for some chance; the same for the same seed. */
export function planKills(plan: {
  readonly seed: number;
  readonly seconds: number;
  readonly kills: number;
}): readonly PlannedKill[] {
  const dice = diceFor(plan.seed, 'kills');
  const targets: Kill['target'][][] = [];
  for (let left = plan.kills; left > 0; left -= targets.at(-1)?.length ?? 1) {
    const count = Math.min(left, dice.chance(PAIR_SHARE) ? 2 : 1);
    targets.push(Array.from({ length: count }, () => dice.weighted(WEIGHTS)));
  }
  const pauseMs = (plan.seconds * 1_000 - CALM_MS) / targets.length;
  return targets.map((those, index) => ({ atMs: (index + 0.5 + dice.next() / 2) * pauseMs, targets: those }));
}

/** Ends processes of the product by `kill -9`, as planned. Resolves when the last is dead. */
export async function killProcesses(options: {
  readonly file: string;
  readonly plan: readonly PlannedKill[];
  readonly victims: Victims;
}): Promise<void> {
  const record = await openRecordFile<Kill>(options.file);
  const startedAt = performance.now();
  const dead = new Set<number>();
  let round = 0;

  async function kill(wanted: Kill['target']): Promise<void> {
    const patientUntil = performance.now() + PATIENCE_MS;
    for (;;) {
      const isLate = performance.now() > patientUntil;
      for (const target of isLate ? ([wanted, 'worker', 'postgres'] as const) : [wanted]) {
        const alive = (await options.victims[target]()).filter((pid) => !dead.has(pid));
        const pid = alive[(round += 1) % Math.max(alive.length, 1)];
        if (pid === undefined) continue;
        dead.add(pid);
        process.kill(pid, 'SIGKILL');
        return record.append({ at: Date.now(), target, pid });
      }
      await sleep(50);
    }
  }

  for (const { atMs, targets } of options.plan) {
    const earlyMs = startedAt + atMs - performance.now();
    if (earlyMs > 0) await sleep(earlyMs);
    await Promise.all(targets.map(kill));
  }
  await record.close();
}

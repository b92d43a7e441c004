import { setTimeout as sleep } from 'node:timers/promises';

import { query } from '#test/support/query.ts';
import { openRecordFile } from './record-file.ts';
import type { Kill } from './records.ts';
import type { Rig } from './rig.ts';
import { trial, type TrialPlan, type TrialResult } from './storm.ts';

/** What happens to pg-boss, at which part of the time. */
const LOSSES: readonly { readonly part: number; readonly sql: string; readonly restarts?: true }[] = [
  { part: 0.15, sql: 'truncate pgboss.job' },
  { part: 0.3, sql: 'delete from pgboss.job where random() < 0.3' },
  { part: 0.45, sql: 'truncate pgboss.job' },
  { part: 0.6, sql: 'drop schema pgboss cascade', restarts: true },
];

/**
 * Events go on coming while the queue loses all its jobs, some, and at last everything that it has in the database, after
 * which web process and workers start anew.
 */
export async function loseQueue(rig: Rig, plan: TrialPlan): Promise<TrialResult> {
  const victims = async () => [...(await rig.victims.web()), ...(await rig.victims.worker())];
  return trial(rig, plan, {
    kills: (await victims()).length,
    cause: async () => {
      const record = await openRecordFile<Kill>(rig.fileOf('kills.jsonl'));
      const startedAt = performance.now();
      for (const { part, sql, restarts } of LOSSES) {
        await sleep(Math.max(0, startedAt + part * plan.seconds * 1_000 - performance.now()));
        await query(rig.product.databaseUrl, sql);
        if (restarts) await killAll(rig, record.append);
      }
      await record.close();
    },
  });
}

async function killAll(rig: Rig, note: (kill: Kill) => Promise<void>): Promise<void> {
  for (const target of ['web', 'worker'] as const) {
    for (const pid of await rig.victims[target]()) {
      process.kill(pid, 'SIGKILL');
      await note({ at: Date.now(), target, pid });
    }
  }
}

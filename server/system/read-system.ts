import { resolve, sep } from 'node:path';

import type { System } from '#core/api/system.ts';
import { clockSkewSeconds } from '#server/db/clock-watch.ts';
import { pool } from '#server/db/pool.ts';
import { env } from '#server/env.ts';
import { selectCounts, selectRunCounts } from '#server/sql/metric-counts.ts';
import {
  LAST_BACKUP,
  selectAppliedMigrations,
  selectDatabase,
  selectDataDirectory,
  selectNote,
  selectTableSizes,
  selectWorkers,
  type MigrationRow,
} from '#server/sql/system-rows.ts';
import packageJson from '../../package.json' with { type: 'json' };

/** How the installation is, all workspaces together: for owners alone. */
export async function readSystem(): Promise<System> {
  const [database, counts, runs, workers, tables, migrations, folder, backup] = await Promise.all([
    selectDatabase(pool()),
    selectCounts(pool()),
    selectRunCounts(pool()),
    selectWorkers(pool()),
    selectTableSizes(pool()),
    selectAppliedMigrations(pool()),
    selectDataDirectory(pool()),
    selectNote(pool(), LAST_BACKUP),
  ]);
  const { at, version, startedAt, ...figures } = database;
  const runsOf = (status: string) => runs.find(({ of }) => of === status)?.count ?? 0;
  return {
    at: at.toISOString(),
    versions: { patchbay: packageJson.version, node: process.versions.node, postgres: version },
    clockSkewSeconds: clockSkewSeconds(),
    queue: {
      due: counts['queue_due'] ?? 0,
      oldestSeconds: counts['queue_oldest_seconds'] ?? 0,
      running: runsOf('running'),
      waiting: runsOf('waiting'),
      inDoubt: runsOf('in_doubt'),
      mails: counts['mails_waiting'] ?? 0,
    },
    workers: workers.map(({ startedAt: began, heartbeatAt, ...worker }) => ({
      ...worker,
      startedAt: began.toISOString(),
      heartbeatAt: heartbeatAt.toISOString(),
    })),
    database: {
      ...figures,
      isEmbedded: isOurs(folder),
      startedAt: startedAt.toISOString(),
      migrations: summaryOf(migrations),
      tables: tables.map(({ vacuumedAt, analyzedAt, ...table }) => ({
        ...table,
        vacuumedAt: vacuumedAt?.toISOString() ?? null,
        analyzedAt: analyzedAt?.toISOString() ?? null,
      })),
    },
    lastBackup: backup && { at: backup.at.toISOString(), detail: backup.detail },
  };
}

/** Another server's role seldom may know its folder; the embedded one's does. */
function isOurs(folder: string | null): boolean {
  return folder !== null && folder.startsWith(resolve(env().PATCHBAY_DATA_DIR) + sep);
}

function summaryOf(migrations: readonly MigrationRow[]): System['database']['migrations'] {
  const applied = migrations.filter(({ isApplied }) => isApplied);
  const failed = migrations.filter(({ isApplied }) => !isApplied);
  return {
    applied: applied.length,
    last: applied.at(-1)?.name ?? '',
    failed: failed.map(({ name }) => name),
  };
}

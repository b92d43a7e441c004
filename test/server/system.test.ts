import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { backupDatabase } from '#server/backup/backup-database.ts';
import { pool } from '#server/db/pool.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { parseEnv } from '#server/env.ts';
import { readSystem } from '#server/system/read-system.ts';
import { useApi } from '#test/support/use-api.ts';
import { publishFlow, storeRuns } from '#test/worker/test-flow.ts';

const api = useApi();

test('the system is told as it is: workers with what they hold, queue, tables, migrations', async () => {
  const place = { db: pool(), workspaceId: api.workspaceId };
  const flow = await publishFlow(place, { nodes: [], edges: '' });
  const [first] = await storeRuns(place, flow, [1, 2]);
  const [alive, silent] = [uuidv7(), uuidv7()];
  await pool().query(
    `INSERT INTO worker (id, lock_key, host, pid, slots, heartbeat_at)
     VALUES ($1, 1, 'box', 7, 64, now()), ($2, 2, 'box', 8, 64, now() - interval '7 seconds')`,
    [alive, silent],
  );
  await pool().query('UPDATE run SET lease_worker_id = $2, wake_at = NULL WHERE id = $1', [first, alive]);
  const system = await readSystem();
  expect(system.workers).toMatchObject([
    { id: alive, host: 'box', pid: 7, slots: 64, leases: 1, isSilent: false },
    { id: silent, leases: 0, isSilent: true },
  ]);
  expect(system.queue).toMatchObject({ due: 1, inDoubt: 0 });
  expect(system.database.isEmbedded).toBe(false);
  // The tests' server trades durability for speed, and the page says so.
  expect(system.database.isDurable).toBe(false);
  expect(system.database.migrations).toMatchObject({ failed: [] });
  expect(system.database.tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['run', 'step', 'event']),
  );
  expect(system.versions.postgres).toMatch(/^\d+/);
  expect(system.lastBackup).toBeNull();
});

test('a backup is known afterwards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-system-'));
  const env = parseEnv({ DATABASE_URL: process.env['DATABASE_URL'] });
  const { bytes, format } = await backupDatabase(env, join(folder, 'one.backup'));
  await rm(folder, { recursive: true });
  expect((await readSystem()).lastBackup).toMatchObject({ detail: { file: 'one.backup', bytes, format } });
});

import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { startEmbeddedPostgres } from '#server/db/embedded.ts';
import { applyMigrations } from '#server/db/migrate.ts';
import { createPool } from '#server/db/pool.ts';
import { findDeadWorkers } from '#server/sql/worker-rows.ts';
import { waitFor } from '#test/support/wait-for.ts';

test(
  'a worker is not taken for dead because Postgres was: it gets five seconds to come back',
  { timeout: 120_000 },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-restart-'));
    await chmod(dataDir, 0o711);
    const postgres = await startEmbeddedPostgres({ dataDir });
    const pool = createPool(postgres.url, { max: 1 });
    onTestFinished(async () => {
      await pool.end();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    });
    await applyMigrations(postgres.url);
    const silent = randomUUID();
    await pool.query(
      "insert into worker (id, lock_key, heartbeat_at) values ($1, 7, now() - interval '1 minute')",
      [silent],
    );

    const killed = await postmaster();
    process.kill(killed, 'SIGKILL');
    await waitFor(
      'another Postgres',
      async () => {
        await postgres.revive().catch(() => undefined);
        return (await postmaster().catch(() => killed)) !== killed;
      },
      60_000,
    );
    const age = await waitFor('the worker to be found dead', async () => {
      const dead = await findDeadWorkers(pool, randomUUID()).catch(() => []);
      return dead.length > 0 && (await ageOfPostgres());
    });
    expect(age).toBeGreaterThanOrEqual(5);

    async function postmaster(): Promise<number> {
      return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    }

    async function ageOfPostgres(): Promise<number> {
      const { rows } = await pool.query<{ age: number }>(
        'select extract(epoch from now() - pg_postmaster_start_time())::float as age',
      );
      return rows[0]?.age ?? 0;
    }
  },
);

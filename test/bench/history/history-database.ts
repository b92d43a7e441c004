import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmbeddedPostgres } from '#server/db/embedded.ts';
import { applyMigrations } from '#server/db/migrate.ts';
import { closePool } from '#server/db/pool.ts';
import { closePrisma } from '#server/db/prisma.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';

/** Starts the embedded Postgres with its own durability settings, migrated, and names it in the environment. */
export async function historyDatabase(kept: string | undefined): Promise<{ stop(): Promise<void> }> {
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), 'patchbay-history-')));
  const server = await startEmbeddedPostgres({ dataDir });
  await applyMigrations(server.url);
  process.env['DATABASE_URL'] = server.url;
  process.env['PATCHBAY_URL'] = PUBLIC_URL;
  process.env['PATCHBAY_SECRET_KEY'] ??= randomBytes(32).toString('base64');
  return {
    stop: async () => {
      await closePrisma();
      await closePool();
      await server.stop();
      if (kept === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmbeddedPostgres } from '#server/db/embedded.ts';

/** Starts the Postgres of the tests, unless PATCHBAY_TEST_POSTGRES names one (an administrator's URL). */
export default async function setUp(): Promise<() => Promise<void>> {
  if (process.env['PATCHBAY_TEST_POSTGRES']) return async () => undefined;
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-test-'));
  const server = await startEmbeddedPostgres({
    dataDir,
    // The tests' data may go with the machine; tests of durability start a server of their own.
    settings: { fsync: 'off', max_connections: '400' },
  });
  process.env['PATCHBAY_TEST_POSTGRES'] = server.url;
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

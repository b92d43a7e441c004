/**
 * npm run redrive-proof: runs fail at a real far end, are found by their group and redriven at a rate, through a pause and the
 * death of the worker. One JSON line: how many of them were accounted for, the measured rates, what was called twice, and
 * what is wrong (`faults`). Uses the server in PATCHBAY_TEST_POSTGRES, else starts one of its own.
 *
 * --count N (default 5000)   dead letters
 * --rate N (50)              redrives a second
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

import { closePool, pool } from '#server/db/pool.ts';
import { closePrisma } from '#server/db/prisma.ts';
import { flushNotices } from '#server/live/outbox.ts';
import { stopQueue } from '#server/queue/boss.ts';
import { createTestDatabase } from '#test/support/database.ts';
import setUp from '#test/support/global-setup.ts';
import { makeApiKey, makeWorkspace } from '#test/support/people.ts';
import { endChild, spawnWorker } from '#test/worker/worker-process.ts';
import { startOrderDesk } from './order-desk.ts';
import { proveRedrive } from './prove-redrive.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '5000' }, rate: { type: 'string', default: '50' } },
});

await main(Number(values.count), Number(values.rate));

async function main(count: number, ratePerSecond: number): Promise<void> {
  const tearDown = await setUp();
  const database = await createTestDatabase();
  const secretKey = randomBytes(32).toString('base64');
  process.env['DATABASE_URL'] = database.url;
  process.env['PATCHBAY_SECRET_KEY'] = secretKey;
  const children = new Set<ChildProcess>();
  const desk = await startOrderDesk();
  try {
    const workspaceId = await makeWorkspace();
    const key = await makeApiKey(workspaceId, 'operator');
    const startWorker = () =>
      spawnWorker({ databaseUrl: database.url, secretKey }, { env: { LOG_LEVEL: 'warn' }, children });
    const began = performance.now();
    const report = await proveRedrive({
      db: pool(),
      workspaceId,
      key,
      desk,
      count,
      ratePerSecond,
      startWorker,
    });
    const seconds = Math.round((performance.now() - began) / 1_000);
    process.stdout.write(`${JSON.stringify({ ...report, seconds })}\n`);
    process.exitCode = report.faults.length === 0 ? 0 : 1;
  } finally {
    await Promise.all([...children].map(endChild));
    desk.stop();
    await flushNotices();
    await stopQueue();
    await closePrisma();
    await closePool();
    await database.drop();
    await tearDown();
  }
}

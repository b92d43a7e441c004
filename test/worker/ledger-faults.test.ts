import { expect, it } from 'vitest';

import type { LedgerFault } from '#core/api/ledger.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { findFaults } from '#server/sql/ledger-faults.ts';
import { publishForCalls } from './published.ts';
import { post, START, useWorkers, whenAllEnded } from './worker-fixture.ts';

const fixture = useWorkers();

const faults = (): Promise<LedgerFault[]> =>
  inClientTransaction((client) => findFaults(client, fixture.workspaceId), fixture.db);

it('finds no fault in any snapshot while runs wait, call, stand in line, fail, and lose their worker', async () => {
  const { url } = fixture.sink;
  fixture.sink.reply('/flaky', (_, before) => ({ status: before % 3 === 0 ? 503 : 200 }));
  fixture.sink.reply('/broken', { status: 400 });
  const called = await publishForCalls(fixture, {
    nodes: [START, { id: 'wait', type: 'core.wait', config: { seconds: 0.2 } }],
    edges: 'start>wait',
  });
  const calling = await fixture.publish({
    nodes: [
      START,
      { id: 'call', type: 'core.call', config: { flow: called.slug, input: {} } },
      post('flaky', `${url}/flaky`, { retry: { attempts: 5, baseSeconds: 0.1, maxSeconds: 1 } }),
    ],
    edges: 'start>call call>flaky',
  });
  const failing = await fixture.publish({
    nodes: [START, post('broken', `${url}/broken`)],
    edges: 'start>broken',
  });
  const worker = await fixture.startWorker();
  await fixture.startWorker();
  const seen: LedgerFault[] = [];
  let isOver = false;
  let looks = 0;
  const watch = (async () => {
    while (!isOver) {
      seen.push(...(await faults()));
      looks += 1;
    }
  })();
  for (let round = 0; round < 5; round += 1) {
    await fixture.start(calling, [1, 2, 3, 4]);
    const inLine = await fixture.startQuietly(failing, [1, 2, 3]);
    await fixture.db.query(
      `UPDATE run SET concurrency_key = 'k', concurrency_limit = 1 WHERE id = ANY ($1::uuid[]) AND started_at IS NULL AND lease_worker_id IS NULL`,
      [inLine],
    );
    if (round === 2) worker.signal('SIGKILL');
  }
  await whenAllEnded(fixture);
  isOver = true;
  await watch;
  expect(seen).toEqual([]);
  expect(looks).toBeGreaterThan(5);
}, 240_000);

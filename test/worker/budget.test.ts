import { expect, test } from 'vitest';

import { makeConnection } from '#test/support/hook-fixture.ts';
import { post, readAttempts, START, useWorkers, whenRun } from './worker-fixture.ts';

const fixture = useWorkers();

test('no second has more calls than the budget allows, over two workers, and nobody makes an attempt in vain', async () => {
  const workers = await Promise.all([fixture.startWorker(), fixture.startWorker()]);
  const slug = await makeConnection(fixture.workspaceId, { token: 'secret' }, 'bearer_token');
  await fixture.db.query(`update connection set budget_calls = 5, budget_seconds = 1 where slug = $1`, [
    slug,
  ]);
  const flow = await fixture.publish({
    nodes: [START, post('post', `${fixture.sink.url}/metered`, { connection: slug })],
    edges: 'start>post',
  });
  const runs = await fixture.start(
    flow,
    Array.from({ length: 25 }, (_, n) => ({ n })),
  );
  for (const id of runs) {
    expect(await whenRun(fixture, id, { timeoutMs: 30_000 })).toMatchObject({ status: 'succeeded' });
    expect(await readAttempts(fixture, id)).toMatchObject([{ number: 1, error: null }]);
  }
  const { rows } = await fixture.db.query<{ at: number }>(
    `select extract(epoch from a.started_at)::float8 * 1000 as at from attempt a join run r on r.id = a.run_id
     where r.flow_id = $1 order by 1`,
    [flow.id],
  );
  expect(rows).toHaveLength(25);
  const at = fixture.sink.at('/metered').map((call) => call.at);
  expect(at).toHaveLength(25);
  // What left in time may arrive late on a busy machine: windows are counted at the far end, less that.
  const within = at.map((from) => at.filter((other) => other >= from && other < from + 1_000 - 100).length);
  expect(Math.max(...within)).toBeLessThanOrEqual(5);
  for (const worker of workers) worker.signal('SIGTERM');
  await Promise.all(workers.map(({ ended }) => ended));
}, 240_000);

import { expect, test } from 'vitest';

import { waitFor } from '#test/support/wait-for.ts';
import { post, readSteps, useWorkers, type PublishedFlow } from '#test/worker/worker-fixture.ts';

const fixture = useWorkers();

async function scheduleAt(flow: PublishedFlow, nextAt: Date): Promise<void> {
  const { db, workspaceId } = fixture;
  await db.query('update flow set published_version = 1 where id = $1', [flow.id]);
  await db.query(
    `insert into schedule (flow_id, workspace_id, node_id, cron, timezone, missed, next_at)
     values ($1, $2, 'clock', '* * * * *', 'UTC', 'once', $3)`,
    [flow.id, workspaceId, nextAt],
  );
}

async function pollNow(flow: PublishedFlow): Promise<void> {
  const { db, workspaceId } = fixture;
  await db.query('update flow set published_version = 1 where id = $1', [flow.id]);
  await db.query(
    `insert into poll (flow_id, workspace_id, node_id, next_at) values ($1, $2, 'poll', now())`,
    [flow.id, workspaceId],
  );
}

const deliver = (path: string, trigger: string) =>
  post('post', `${fixture.sink.url}${path}`, {
    body: { body: { $expr: 'trigger.body' }, output: { $expr: `steps.${trigger}` } },
  });

async function runsOf(flow: PublishedFlow) {
  const { rows } = await fixture.db.query<{ id: string; status: string; created_at: Date }>(
    'select id, status, created_at from run where flow_id = $1 order by id',
    [flow.id],
  );
  return rows;
}

test('two workers meet a planned time within a second, once, and run the flow', async () => {
  const clock = { id: 'clock', type: 'core.schedule', config: { cron: '* * * * *' } };
  const flow = await fixture.publish({ nodes: [clock, deliver('/tick', 'clock')], edges: 'clock>post' });
  const workers = await Promise.all([fixture.startWorker(), fixture.startWorker()]);
  // Any moment will do for a planned time; a whole minute would be long in coming.
  const plannedAt = new Date(Date.now() + 2_000);
  await scheduleAt(flow, plannedAt);
  const [request] = await fixture.sink.waitFor('/tick', 1);
  const [run, ...more] = await runsOf(flow);
  expect(more).toEqual([]);
  const lateMs = run!.created_at.getTime() - plannedAt.getTime();
  expect(lateMs).toBeGreaterThanOrEqual(-20);
  expect(lateMs).toBeLessThan(1_500);
  const planned = { plannedAt: plannedAt.toISOString() };
  expect(request!.json()).toEqual({ body: planned, output: planned });
  const step = await waitFor('the trigger step', async () => (await readSteps(fixture, run!.id))['clock']);
  // What it puts out is its event, which is on record.
  expect(step).toMatchObject({ status: 'succeeded', output: null });
  for (const worker of workers) worker.signal('SIGTERM');
  expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0]);
});

test('a worker killed while it asks leaves the poll to another, which loses and doubles nothing', async () => {
  const { sink, db } = fixture;
  const poll = {
    id: 'poll',
    type: 'core.poll',
    timeoutSeconds: 1,
    config: {
      request: { url: `${sink.url}/items` },
      key: { $expr: 'item.id' },
      first: 'run',
      everySeconds: 10,
    },
  };
  const flow = await fixture.publish({ nodes: [poll, deliver('/item', 'poll')], edges: 'poll>post' });
  sink.reply('/items', (_, before) =>
    before === 0 ? { delayMs: 60_000 } : { body: [{ id: 'a' }, { id: 'b' }] },
  );
  const first = await fixture.startWorker();
  await pollNow(flow);
  await sink.waitFor('/items', 1);
  first.signal('SIGKILL');
  await first.ended;
  const { rows } = await db.query<{ ahead: boolean }>('select next_at > now() as ahead from poll');
  expect(rows).toEqual([{ ahead: true }]);
  // Time goes by until the lease is over.
  await db.query('update poll set next_at = now()');
  const second = await fixture.startWorker();
  const requests = await sink.waitFor('/item', 2);
  const bodies = requests.map((request) => request.json());
  expect(bodies).toEqual(expect.arrayContaining(['a', 'b'].map((id) => ({ body: { id }, output: { id } }))));
  // Another turn finds both known.
  await db.query('update poll set next_at = now()');
  await sink.waitFor('/items', 3);
  await waitFor('the third reply', async () => {
    const { rowCount } = await db.query('select from poll where answered_at >= asked_at and next_at > now()');
    return rowCount === 1;
  });
  expect(await runsOf(flow)).toHaveLength(2);
  second.signal('SIGTERM');
  expect(await second.ended).toBe(0);
});

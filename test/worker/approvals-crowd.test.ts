import { expect, test } from 'vitest';

import { decide, type Decided } from '#server/approvals/decide.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { START, useWorkers, whenAllEnded } from './worker-fixture.ts';

const fixture = useWorkers();

const CROWD = 1_000;
const SLOTS = 16;

/** Two people who decide the same approval at the same moment, each their own way. */
async function decideTwice(approvalId: string): Promise<readonly [Decided, Decided]> {
  const say = (name: string, decision: 'approved' | 'rejected') =>
    decide(
      approvalId,
      { decision, comment: null },
      { actor: { kind: 'link', id: name, name, workspaceId: fixture.workspaceId, address: '' } },
    );
  return Promise.all([say('ada@example.com', 'approved'), say('bob@example.com', 'rejected')]);
}

async function count(text: string): Promise<number> {
  const { rows } = await fixture.db.query<{ count: number }>(`select count(*)::int as count from ${text}`);
  return rows[0]!.count;
}

test('a thousand open approvals hold no worker, outlive a crash of all, and each is decided once', async () => {
  const asking = await fixture.publish({
    nodes: [
      START,
      {
        id: 'ask',
        type: 'core.approval',
        config: { question: 'Go on?', approvers: { role: 'operator' } },
      },
      { id: 'yes', type: 'core.map', config: { output: 'approved' } },
      { id: 'no', type: 'core.map', config: { output: 'rejected' } },
    ],
    edges: 'start>ask ask:approved>yes ask:rejected>no',
  });
  const quick = await fixture.publish({
    nodes: [START, { id: 'echo', type: 'core.map', config: { output: { $expr: 'trigger.body' } } }],
    edges: 'start>echo',
  });
  const worker = await fixture.startWorker({ PATCHBAY_CONCURRENCY: String(SLOTS) });
  const numbers = Array.from({ length: CROWD }, (_, n) => n);
  const asked = await fixture.start(asking, numbers);
  await waitFor('all to ask', async () => (await count(`run where status = 'waiting'`)) === CROWD, 60_000);

  await fixture.start(quick, numbers);
  const isDone = async () => (await count(`run where status = 'succeeded'`)) === CROWD;
  await waitFor('the other flow to run past them', isDone, 60_000);
  expect(await count(`run where lease_worker_id is not null`)).toBe(0);

  worker.signal('SIGKILL');
  await worker.ended;
  await fixture.startWorker();
  const { rows } = await fixture.db.query<{ id: string; run_id: string }>('select id, run_id from approval');
  expect(new Set(rows.map(({ run_id: id }) => id))).toEqual(new Set(asked));

  const expected = new Map<string, string>();
  for (let first = 0; first < rows.length; first += 8) {
    const verdicts = rows.slice(first, first + 8).map(async ({ id, run_id: runId }) => {
      const [approved, rejected] = await decideTwice(id);
      expect([approved.kind, rejected.kind].sort()).toEqual(['closed', 'decided']);
      expected.set(runId, approved.kind === 'decided' ? 'approved' : 'rejected');
    });
    await Promise.all(verdicts);
  }
  await whenAllEnded(fixture);
  const ended = await fixture.db.query<{ id: string; status: string; output: string }>(
    'select id, status, output from run where id = any($1)',
    [asked],
  );
  expect(new Map(ended.rows.map(({ id, output }) => [id, output]))).toEqual(expected);
  expect(await count(`step where node_id in ('yes', 'no') and status = 'succeeded'`)).toBe(CROWD);
}, 240_000);

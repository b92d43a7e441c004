import { beforeAll, describe, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { decide } from '#server/approvals/decide.ts';
import { waitFor } from '#test/support/wait-for.ts';
import {
  readSteps,
  START,
  useWorkers,
  whenRun,
  type PublishedFlow,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();
let worker: WorkerProcess;

beforeAll(async () => {
  worker = await fixture.startWorker();
});

function asking(config: Record<string, Json> = {}): Promise<PublishedFlow> {
  const ends = ['approved', 'rejected', 'expired'].map((port) => ({
    id: port,
    type: 'core.map',
    config: { output: { port, answer: { $expr: 'steps.ask' } } },
  }));
  return fixture.publish({
    nodes: [
      START,
      {
        id: 'ask',
        type: 'core.approval',
        config: {
          question: { $tpl: 'Ship {{ trigger.body.n }}?' },
          approvers: { role: 'operator' },
          ...config,
        },
      },
      ...ends,
    ],
    edges: 'start>ask ask:approved>approved ask:rejected>rejected ask:expired>expired',
  });
}

async function approvalOf(runId: string) {
  return waitFor('the question', async () => {
    const { rows } = await fixture.db.query<{ id: string; question: string; decision: string | null }>(
      'select * from approval where run_id = $1',
      [runId],
    );
    return rows[0];
  });
}

function say(id: string, decision: 'approved' | 'rejected', comment: string | null = null) {
  const actor = {
    kind: 'link',
    id: 'ada@example.com',
    name: 'ada@example.com',
    workspaceId: fixture.workspaceId,
    address: '',
  } as const;
  return decide(id, { decision, comment }, { actor });
}

describe('a flow that asks', () => {
  test.each(['approved', 'rejected'] as const)(
    'goes on by the port %s with who, when and the comment',
    async (decision) => {
      const [runId] = await fixture.start(await asking(), [{ n: 7 }]);
      const approval = await approvalOf(runId!);
      expect(approval.question).toBe('Ship 7?');
      await whenRun(fixture, runId!, { status: ['waiting'] });
      expect(await say(approval.id, decision, 'So be it.')).toEqual({ kind: 'decided' });
      const run = await whenRun(fixture, runId!);
      const answer = {
        decision,
        by: 'ada@example.com',
        comment: 'So be it.',
        at: expect.any(String) as string,
      };
      expect(run).toMatchObject({ status: 'succeeded', output: { port: decision, answer } });
      const steps = await readSteps(fixture, runId!);
      expect(steps['ask']).toMatchObject({ status: 'succeeded', attempts: 1, ports: [decision] });
    },
  );

  test('hears an answer that comes before it waits', async () => {
    for (let round = 0; round < 5; round++) {
      const [runId] = await fixture.start(await asking(), [{ n: round }]);
      const { id } = await approvalOf(runId!);
      await say(id, 'approved');
      expect(await whenRun(fixture, runId!)).toMatchObject({
        status: 'succeeded',
        output: { port: 'approved' },
      });
    }
  });

  test('goes on by the port expired when its time is up', async () => {
    const [runId] = await fixture.start(await asking({ timeoutSeconds: 0.6 }), [{ n: 1 }]);
    const run = await whenRun(fixture, runId!);
    expect(run).toMatchObject({ status: 'succeeded', output: { port: 'expired', answer: { by: null } } });
    expect(await approvalOf(runId!)).toMatchObject({ decision: 'expired' });
  });

  test('follows the port that its row shows, when an answer races with the end of its time', async () => {
    const flow = await asking({ timeoutSeconds: 0.5 });
    const runIds = await fixture.start(
      flow,
      Array.from({ length: 12 }, (_, n) => ({ n })),
    );
    const approvals = await Promise.all(runIds.map(approvalOf));
    const { rows } = await fixture.db.query<{ id: string; ms: number }>(
      `select id, extract(epoch from expires_at - clock_timestamp())::float8 * 1000 as ms from approval where id = any($1)`,
      [approvals.map(({ id }) => id)],
    );
    await Promise.all(
      rows.map(async ({ id, ms }, index) => {
        await new Promise((done) => setTimeout(done, ms - 6 + index));
        await say(id, 'approved');
      }),
    );
    for (const id of runIds) {
      const run = await whenRun(fixture, id);
      const row = await approvalOf(id);
      expect((run.output as { port: string }).port).toBe(row.decision);
    }
  });

  test('goes on after its worker was killed while it waited', async () => {
    const [runId] = await fixture.start(await asking(), [{ n: 1 }]);
    const { id } = await approvalOf(runId!);
    await whenRun(fixture, runId!, { status: ['waiting'] });
    worker.signal('SIGKILL');
    await worker.ended;
    await say(id, 'rejected');
    worker = await fixture.startWorker();
    expect(await whenRun(fixture, runId!)).toMatchObject({ output: { port: 'rejected' } });
  });

  test('closes its question when it is cancelled', async () => {
    const [runId] = await fixture.start(await asking(), [{ n: 1 }]);
    const { id } = await approvalOf(runId!);
    await whenRun(fixture, runId!, { status: ['waiting'] });
    await fixture.db.query('update run set cancel_requested_at = now(), wake_at = now() where id = $1', [
      runId,
    ]);
    await whenRun(fixture, runId!);
    await waitFor('the question to close', async () => (await approvalOf(runId!)).decision === 'cancelled');
    expect(await say(id, 'approved')).toMatchObject({ kind: 'closed', outcome: 'cancelled' });
  });
});

test('settings that ask nobody are refused', async () => {
  const [runId] = await fixture.start(await asking({ approvers: { emails: ['nobody'] } }), [{ n: 1 }]);
  expect((await whenRun(fixture, runId!)).error).toMatchObject({ code: 'invalid_approver', nodeId: 'ask' });
});

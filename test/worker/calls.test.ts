import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { publishForCalls } from './published.ts';
import {
  post,
  readRun,
  readSteps,
  START,
  useWorkers,
  whenRun,
  type PublishedFlow,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();
let worker: WorkerProcess;
const map = (id: string, output: Json) => ({ id, type: 'core.map', config: { output } });

beforeAll(async () => {
  worker = await fixture.startWorker();
});

function caller(flow: string, config: Record<string, Json> = {}): Promise<PublishedFlow> {
  return publishForCalls(fixture, {
    nodes: [
      START,
      { id: 'call', type: 'core.call', config: { flow, input: { $expr: 'trigger.body' }, ...config } },
      map('after', { got: { $expr: 'steps.call' } }),
    ],
    edges: 'start>call call>after',
  });
}

async function runsCalledBy(runId: string) {
  const { rows } = await fixture.db.query<{
    id: string;
    status: string;
    call_depth: number;
    started_by: string;
    is_end_due: boolean;
  }>('select * from run where parent_run_id = $1 order by id', [runId]);
  return rows;
}

describe('a call', () => {
  test('passes the input on and goes on with the output of the called run', async () => {
    const called = await publishForCalls(fixture, {
      nodes: [
        START,
        map('double', { twice: { $expr: 'trigger.body.n * 2' }, input: { $expr: 'steps.start' } }),
      ],
      edges: 'start>double',
    });
    const flow = await caller(called.slug);
    const [runId] = await fixture.start(flow, [{ n: 21 }]);
    const run = await whenRun(fixture, runId!);
    expect(run).toMatchObject({ status: 'succeeded', output: { got: { twice: 42, input: { n: 21 } } } });
    const [child, ...others] = await runsCalledBy(runId!);
    expect(others).toEqual([]);
    expect(child).toMatchObject({ status: 'succeeded', call_depth: 1, started_by: 'call' });
    await waitFor('the end to be told', async () => !(await runsCalledBy(runId!))[0]!.is_end_due);
  });

  test('without wait goes on at once with the id of the run', async () => {
    const called = await publishForCalls(fixture, {
      nodes: [START, { id: 'wait', type: 'core.wait', config: { seconds: 30 } }],
      edges: 'start>wait',
    });
    const flow = await caller(called.slug, { wait: false });
    const [runId] = await fixture.start(flow, [{}]);
    const run = await whenRun(fixture, runId!);
    const [child] = await runsCalledBy(runId!);
    expect(run.output).toEqual({ got: { runId: child!.id } });
    expect(['queued', 'running', 'waiting']).toContain(child!.status);
  });

  test('fails with the called run, once, saying why and which run', async () => {
    const called = await publishForCalls(fixture, {
      nodes: [START, { id: 'stop', type: 'core.stop', config: { status: 'failed', message: 'No stock.' } }],
      edges: 'start>stop',
    });
    const [runId] = await fixture.start(await caller(called.slug), [{}]);
    const run = await whenRun(fixture, runId!);
    expect(run.status).toBe('failed');
    const { call } = await readSteps(fixture, runId!);
    expect(call).toMatchObject({ status: 'failed', attempts: 1 });
    expect(call!.error).toMatchObject({ kind: 'invalid', code: 'called_run_failed' });
    expect(call!.error!.message).toContain('No stock.');
    expect(await runsCalledBy(runId!)).toHaveLength(1);
  });

  test('of a cancelled run fails, too', async () => {
    const called = await publishForCalls(fixture, {
      nodes: [START, { id: 'wait', type: 'core.wait', config: { seconds: 60 } }],
      edges: 'start>wait',
    });
    const [runId] = await fixture.start(await caller(called.slug), [{}]);
    const child = await waitFor('the called run to wait', async () =>
      (await runsCalledBy(runId!)).find(({ status }) => status === 'waiting'),
    );
    await fixture.db.query('update run set cancel_requested_at = now(), wake_at = now() where id = $1', [
      child.id,
    ]);
    const run = await whenRun(fixture, runId!);
    expect(run.error).toMatchObject({ code: 'called_run_failed', nodeId: 'call' });
    expect(run.error!.message).toContain('cancelled');
  });

  test.each([
    ['no-such-flow', 'flow_not_found', 'no-such-flow'],
    ['unpublished', 'flow_unpublished', 'not published'],
    ['webhook', 'flow_not_callable', 'Webhook'],
  ])('of a flow that cannot be called (%s) says so', async (kind, code, words) => {
    let slug = kind;
    if (kind === 'unpublished') slug = (await fixture.publish({ nodes: [START], edges: '' })).slug;
    if (kind === 'webhook')
      slug = (await publishForCalls(fixture, { nodes: [{ id: 'hook', type: 'core.webhook' }], edges: '' }))
        .slug;
    const [runId] = await fixture.start(await caller(slug), [{}]);
    const run = await whenRun(fixture, runId!);
    expect(run.error).toMatchObject({ kind: 'invalid', code });
    expect(run.error!.message).toContain(words);
  });

  test('checks the input against the schema of the called flow', async () => {
    const schema = { type: 'object', required: ['order'] };
    const called = await publishForCalls(fixture, { nodes: [{ ...START, config: { schema } }], edges: '' });
    const [runId] = await fixture.start(await caller(called.slug), [{ n: 1 }]);
    const run = await whenRun(fixture, runId!);
    expect(run.error).toMatchObject({ code: 'invalid_input' });
    expect(run.error!.message).toContain('order');
  });

  test('of itself ends at the tenth level', async () => {
    const flow = await publishForCalls(fixture, {
      nodes: [START, { id: 'call', type: 'core.call', config: { flow: 'to-be-set' } }],
      edges: 'start>call',
    });
    await fixture.db.query(
      `update flow_version set document = replace(document::text, 'to-be-set', $2)::json where flow_id = $1`,
      [flow.id, flow.slug],
    );
    const [runId] = await fixture.start(flow, [{}]);
    expect(await whenRun(fixture, runId!)).toMatchObject({ status: 'failed' });
    const { rows } = await fixture.db.query<{ depth: number; runs: number; code: string }>(
      `select max(call_depth) as depth, count(*)::int as runs,
         (array_agg(error ->> 'code' order by call_depth desc))[1] as code from run where flow_id = $1`,
      [flow.id],
    );
    expect(rows[0]).toEqual({ depth: 10, runs: 11, code: 'call_too_deep' });
  });

  test('that would wait for its own turn is refused', async () => {
    const flow = await publishForCalls(fixture, {
      nodes: [START, { id: 'call', type: 'core.call', config: { flow: 'to-be-set' } }],
      edges: 'start>call',
      settings: { concurrency: { limit: 1 } },
    });
    await fixture.db.query(
      `update flow_version set document = replace(document::text, 'to-be-set', $2)::json where flow_id = $1`,
      [flow.id, flow.slug],
    );
    const [runId] = await fixture.startQuietly(flow, [{}]);
    await fixture.db.query(`update run set concurrency_key = '', concurrency_limit = 1 where id = $1`, [
      runId,
    ]);
    const run = await whenRun(fixture, runId!);
    expect(run.error).toMatchObject({ code: 'call_waits_for_itself' });
  });
});

describe('SIGKILL between the call and the end of the called run', () => {
  test('the caller goes on with it; every step calls one run', async () => {
    const { sink } = fixture;
    sink.reply('/slow', { delayMs: 600 });
    const called = await publishForCalls(fixture, {
      nodes: [START, post('slow', `${sink.url}/slow`), map('out', { n: { $expr: 'trigger.body.n' } })],
      edges: 'start>slow slow>out',
    });
    const flow = await caller(called.slug);
    const runIds = await fixture.start(
      flow,
      Array.from({ length: 20 }, (_, n) => ({ n })),
    );
    for (const requests of [3, 12]) {
      await waitFor(`${requests} calls`, () => sink.at('/slow').length >= requests);
      worker.signal('SIGKILL');
      await worker.ended;
      await sleep(50);
      worker = await fixture.startWorker();
    }
    for (const [n, id] of runIds.entries()) {
      const run = await whenRun(fixture, id, { timeoutMs: 40_000 });
      expect(run).toMatchObject({ status: 'succeeded', output: { got: { n } } });
      expect(await runsCalledBy(id)).toHaveLength(1);
    }
    await waitFor('all ends to be told', async () => {
      const { rows } = await fixture.db.query('select 1 from run where is_end_due');
      return rows.length === 0;
    });
  }, 240_000);
});

test('a run that was started once more for a step is the same run', async () => {
  const { callFlow } = await import('#server/runs/call-flow.ts');
  const called = await publishForCalls(fixture, { nodes: [START], edges: '' });
  const parent = await fixture.publish({ nodes: [START], edges: '' });
  const [runId] = await fixture.startQuietly(parent, [{}]);
  const step = { workspaceId: fixture.workspaceId, runId: runId!, nodeId: 'call', key: '3' };
  const call = { flow: called.slug, input: { a: 1 }, isAwaited: true };
  const answers = await Promise.all(Array.from({ length: 8 }, () => callFlow(step, call)));
  expect(new Set(answers.map((answer) => answer.runId)).size).toBe(1);
  expect(await readRun(fixture, answers[0]!.runId)).toMatchObject({ status: expect.any(String) as string });
  expect(await runsCalledBy(runId!)).toHaveLength(1);
});

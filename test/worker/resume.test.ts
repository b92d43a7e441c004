import { beforeAll, describe, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { ProblemError } from '#server/problem.ts';
import { resumeRunIn } from '#server/recovery/resume-run.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import { ledgerOf } from './ledger.ts';
import { publishForCalls } from './published.ts';
import {
  post,
  readAttempts,
  readKeyedSteps,
  readRun,
  START,
  useWorkers,
  whenRun,
  type TestFlow,
  type WorkerProcess,
} from './worker-fixture.ts';

const fixture = useWorkers();
let worker: WorkerProcess;
beforeAll(async () => {
  worker = await fixture.startWorker();
});

const resume = (runId: string, rest: { nodeId?: string; input?: Json } = {}) =>
  inClientTransaction((client) => resumeRunIn(client, { workspaceId: fixture.workspaceId, runId, ...rest }));

/** Why a resume is refused. */
async function refusal(runId: string, rest: { nodeId?: string; input?: Json } = {}): Promise<string> {
  const error: unknown = await resume(runId, rest).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return error.errors?.[0]?.code ?? error.code;
  throw new Error('The resume was not refused.', { cause: error });
}

async function failed(flow: TestFlow, input: Json = {}): Promise<string> {
  const [id] = await fixture.start(await fixture.publish(flow), [input]);
  expect(await whenRun(fixture, id!)).toMatchObject({ status: 'failed' });
  return id!;
}

/** A call that fails for good the first `times` times. */
function failing(path: string, times = 1) {
  fixture.sink.reply(path, (_, before) => (before < times ? { status: 400 } : {}));
  return `${fixture.sink.url}${path}`;
}

const deadLetter = async (runId: string) =>
  (await fixture.db.query('select * from dead_letter where run_id = $1', [runId])).rows[0] as Record<
    string,
    unknown
  >;

describe('a resumed run', () => {
  test('goes on from the failed step, with the same key; what was done is not done again', async () => {
    const { sink } = fixture;
    const id = await failed({
      nodes: [
        START,
        post('first', `${sink.url}/first`),
        post('second', failing('/second')),
        post('third', `${sink.url}/third`, { body: { $expr: 'steps.first.status' } }),
      ],
      edges: 'start>first first>second second>third',
    });
    expect(await deadLetter(id)).toMatchObject({ redriven_at: null });
    await resume(id);
    expect(await deadLetter(id)).toMatchObject({ redriven_at: expect.any(Date) as Date });
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded', error: null, resumes: 1 });
    expect(sink.at('/first')).toHaveLength(1);
    expect(sink.at('/third').map((call) => call.json())).toEqual([200]);
    expect(ledgerOf(sink).get(idempotencyKey(id, 'second', ''))).toHaveLength(2);
    expect((await readAttempts(fixture, id)).filter((each) => each.node_id === 'second')).toMatchObject([
      { number: 1, error: { code: 'http_status' } },
      { number: 2, error: null },
    ]);
    expect(await refusal(id)).toBe('not_failed');
  });

  test('has all attempts of its law again, and is a dead letter again when they fail', async () => {
    const { sink } = fixture;
    sink.reply('/law', { status: 503 });
    const call = post('call', `${sink.url}/law`, { retry: { attempts: 2, baseSeconds: 0 } });
    const id = await failed({ nodes: [START, call], edges: 'start>call' });
    await fixture.db.query('update dead_letter set discarded_at = now() where run_id = $1', [id]);
    await resume(id);
    await whenRun(fixture, id);
    expect(sink.at('/law')).toHaveLength(4);
    expect(await deadLetter(id)).toMatchObject({ redriven_at: null, discarded_at: null });
  });

  test('takes settings from a person; they are held to the schema of the operation', async () => {
    const { sink } = fixture;
    const id = await failed({
      nodes: [START, post('call', failing('/typo', 9)), post('next', `${sink.url}/next`)],
      edges: 'start>call call>next',
    });
    expect(await refusal(id, { input: { method: 'POST', url: 'nowhere' } })).toBe('invalid_format');
    expect(await refusal(id, { nodeId: 'next', input: {} })).toBe('not_resumed');
    expect(await refusal(id, { nodeId: 'call' })).toBe('no_input');
    await resume(id, { input: { method: 'PUT', url: `${sink.url}/right`, body: { n: 2 } } });
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(sink.at('/right')).toMatchObject([{ method: 'PUT' }]);
    expect(sink.at('/right')[0]!.headers['idempotency-key']).toBe(idempotencyKey(id, 'call', ''));
    expect((await readKeyedSteps(fixture, id))['call']).toMatchObject({
      input: { method: 'PUT', body: { n: 2 } },
    });
  });

  test('of two people, one has it go on', async () => {
    const id = await failed({ nodes: [START, post('call', failing('/two'))], edges: 'start>call' });
    const outcomes = await Promise.allSettled([resume(id), resume(id), resume(id)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded', resumes: 1 });
    expect(fixture.sink.at('/two')).toHaveLength(2);
  });

  test('counts its deadline from then, and does again what the deadline cancelled', async () => {
    const { sink } = fixture;
    sink.reply('/slow', (_, before) => (before === 0 ? { delayMs: 60_000 } : {}));
    const id = await failed({
      nodes: [START, post('slow', `${sink.url}/slow`)],
      edges: 'start>slow',
      settings: { timeoutSeconds: 1 },
    });
    expect(await readRun(fixture, id)).toMatchObject({ error: { code: 'run_timeout' } });
    await resume(id);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(sink.at('/slow')).toHaveLength(2);
  });

  test('does not repeat a call unasked that must not be repeated: it is in doubt', async () => {
    const { sink } = fixture;
    sink.reply('/pay', { delayMs: 60_000 });
    const id = await failed({
      nodes: [START, post('pay', `${sink.url}/pay`, { effect: 'once' })],
      edges: 'start>pay',
      settings: { timeoutSeconds: 1 },
    });
    await resume(id);
    await whenRun(fixture, id, { status: ['in_doubt'] });
    expect((await readKeyedSteps(fixture, id))['pay']).toMatchObject({
      status: 'in_doubt',
      error: { code: 'run_stopped' },
    });
    expect(sink.at('/pay')).toHaveLength(1);
  });

  test('starts its failure flow again when it fails again', async () => {
    const handler = await publishForCalls(fixture, {
      nodes: [START, post('tell', `${fixture.sink.url}/told`)],
      edges: 'start>tell',
    });
    const id = await failed({
      nodes: [START, post('call', failing('/twice', 2))],
      edges: 'start>call',
      settings: { onFailure: handler.slug },
    });
    await resume(id);
    await fixture.sink.waitFor('/told', 2);
    await whenRun(fixture, id);
    await resume(id);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(fixture.sink.at('/told')).toHaveLength(2);
  });

  test('goes on while its worker dies', async () => {
    const { sink } = fixture;
    sink.reply('/dying', (_, before) =>
      before === 0 ? { status: 400 } : before === 1 ? { delayMs: 60_000 } : {},
    );
    const id = await failed({
      nodes: [START, post('done', `${sink.url}/done-before`), post('call', `${sink.url}/dying`)],
      edges: 'start>done done>call',
    });
    await resume(id);
    await sink.waitFor('/dying', 2);
    worker.signal('SIGKILL');
    worker = await fixture.startWorker();
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(sink.at('/done-before')).toHaveLength(1);
    expect(ledgerOf(sink).get(idempotencyKey(id, 'call', ''))).toHaveLength(3);
  });
});

describe('a resumed loop', () => {
  const loop = (config: Record<string, Json>) => ({ id: 'each', type: 'core.each', config });
  const item = (path: string, parent = 'each') => ({
    ...post('item', `${fixture.sink.url}${path}`, { body: { $expr: 'item' } }),
    parent,
  });

  test('keeps finished items; those that failed or were cancelled go on with their list', async () => {
    const { sink } = fixture;
    let isDown = true;
    sink.reply('/items', (request) => (isDown && request.json() === 3 ? { status: 400 } : {}));
    const id = await failed({
      nodes: [START, loop({ items: [1, 2, 3, 4], concurrency: 1 }), item('/items')],
      edges: 'start>each',
    });
    isDown = false;
    await resume(id);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(sink.at('/items').map((call) => call.json())).toEqual([1, 2, 3, 3, 4]);
    expect(await refusal(id)).toBe('not_failed');
  });

  test('keeps items that the loop goes on without, where something else failed', async () => {
    const { sink } = fixture;
    sink.reply('/some', (request) => (request.json() === 2 ? { status: 400 } : {}));
    const id = await failed({
      nodes: [
        START,
        loop({ items: [1, 2, 3], onItemError: 'continue' }),
        item('/some'),
        post('after', failing('/after')),
      ],
      edges: 'start>each each>after',
    });
    await resume(id);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(sink.at('/some')).toHaveLength(3);
  });

  test('in a loop does the same', async () => {
    const { sink } = fixture;
    let isDown = true;
    sink.reply('/nested', (request) => (isDown && request.json() === 4 ? { status: 400 } : {}));
    const id = await failed({
      nodes: [
        START,
        loop({ items: [[1, 2], [3, 4], [5]] }),
        { ...loop({ items: { $expr: 'item' } }), id: 'inner', parent: 'each' },
        item('/nested', 'inner'),
      ],
      edges: 'start>each',
    });
    expect(await refusal(id, { nodeId: 'inner', input: { items: [] } })).toBe('not_resumed');
    isDown = false;
    await resume(id);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded' });
    expect(sink.at('/nested').map((call) => call.json())).toEqual([1, 2, 3, 4, 4, 5]);
  });
});

describe('what a resumed run waited for', () => {
  test('a called run that failed goes on, too, and its output arrives', async () => {
    const called = await publishForCalls(fixture, {
      nodes: [START, post('deep', failing('/deep')), { id: 'out', type: 'core.map', config: { output: 7 } }],
      edges: 'start>deep deep>out',
    });
    const id = await failed({
      nodes: [START, { id: 'call', type: 'core.call', config: { flow: called.slug } }],
      edges: 'start>call',
    });
    await resume(id);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded', output: 7 });
    expect(fixture.sink.at('/deep')).toHaveLength(2);
    const { rows } = await fixture.db.query(
      'select redriven_at from dead_letter d join run r on r.id = d.run_id where r.parent_run_id = $1',
      [id],
    );
    expect(rows).toEqual([{ redriven_at: expect.any(Date) as Date }]);
  });

  test('a called run that was resumed by itself meanwhile is not called again', async () => {
    const called = await publishForCalls(fixture, {
      nodes: [START, post('deep', failing('/alone')), { id: 'out', type: 'core.map', config: { output: 8 } }],
      edges: 'start>deep deep>out',
    });
    const id = await failed({
      nodes: [START, { id: 'call', type: 'core.call', config: { flow: called.slug } }],
      edges: 'start>call',
    });
    const { rows } = await fixture.db.query<{ id: string }>('select id from run where parent_run_id = $1', [
      id,
    ]);
    await resume(rows[0]!.id);
    await whenRun(fixture, rows[0]!.id, { status: ['succeeded'] });
    await resume(id);
    expect(await whenRun(fixture, id)).toMatchObject({ status: 'succeeded', output: 8 });
    expect(fixture.sink.at('/alone')).toHaveLength(2);
  });

  test('an approval that the failure closed is asked again', async () => {
    const ask = {
      id: 'ask',
      type: 'core.approval',
      config: { question: 'Go on?', approvers: { role: 'operator' } },
    };
    const id = await failed({
      nodes: [
        START,
        ask,
        { id: 'wait', type: 'core.wait', config: { seconds: 0.3 } },
        post('call', failing('/beside')),
      ],
      edges: 'start>ask start>wait wait>call',
    });
    const questions = async () =>
      (
        await fixture.db.query<{ id: string; decision: string | null }>(
          'select id, decision from approval where run_id = $1',
          [id],
        )
      ).rows;
    const [closed] = await waitFor('the question to be closed', async () => {
      const rows = await questions();
      return rows[0]?.decision === 'cancelled' && rows;
    });
    await resume(id);
    const [open] = await waitFor('the question to be asked again', async () => {
      const rows = await questions();
      return rows[0]?.decision === null && rows;
    });
    expect(open!.id).not.toBe(closed!.id);
    await whenRun(fixture, id, { status: ['waiting'] });
  });
});

describe('a resume is refused', () => {
  const stop = { id: 'stop', type: 'core.stop', config: { status: 'failed', message: 'No stock.' } };

  test('where the flow ended the run itself', async () => {
    expect(await refusal(await failed({ nodes: [START, stop], edges: 'start>stop' }))).toBe(
      'run_stopped_itself',
    );
  });

  test('where what was done was undone', async () => {
    const { sink } = fixture;
    const id = await failed({
      nodes: [
        START,
        post('reserve', `${sink.url}/reserve`, { compensate: 'release' }),
        post('call', failing('/undone')),
        post('release', `${sink.url}/release`),
      ],
      edges: 'start>reserve reserve>call',
    });
    expect(await refusal(id)).toBe('run_undone');
  });
});

test('a resumed run takes its place in line: no more of its key go on than the limit says', async () => {
  const { sink, db } = fixture;
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((done) => (letGo = done));
  sink.reply('/line', (_, before) => (before === 0 ? { status: 400 } : before === 1 ? { until: held } : {}));
  const flow = await fixture.publish({
    nodes: [START, post('call', `${sink.url}/line`)],
    edges: 'start>call',
  });
  const inLine = async () => {
    const [id] = await fixture.startQuietly(flow, [{}]);
    await db.query("update run set concurrency_key = '', concurrency_limit = 1 where id = $1", [id]);
    return id!;
  };
  const first = await inLine();
  await whenRun(fixture, first);
  const second = await inLine();
  await sink.waitFor('/line', 2);
  await resume(first);
  await waitFor('it to be parked', async () => (await readRun(fixture, first)).wake_at === null);
  expect(await readRun(fixture, first)).toMatchObject({ status: 'queued' });
  letGo();
  await whenRun(fixture, second);
  expect(await whenRun(fixture, first)).toMatchObject({ status: 'succeeded' });
});

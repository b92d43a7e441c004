import { beforeAll, describe, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import { makeConnection } from '#test/support/hook-fixture.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { startSink } from '#test/support/sink.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import {
  post,
  readAttempts,
  readSteps,
  START,
  useWorkers,
  whenRun,
  type RunRow,
  type TestFlow,
} from './worker-fixture.ts';

const fixture = useWorkers();
beforeAll(async () => {
  await fixture.startWorker();
});

/** Publishes, starts one run and waits for its end. */
async function run(flow: TestFlow, input: Json = {}, timeoutMs?: number): Promise<RunRow> {
  const [id] = await fixture.start(await fixture.publish(flow), [input]);
  return whenRun(fixture, id!, timeoutMs === undefined ? {} : { timeoutMs });
}

const map = (id: string, output: Json) => ({ id, type: 'core.map', config: { output } });

describe('a run from start to end', () => {
  test('keeps every step, and the output of the last', async () => {
    const { url } = fixture.sink;
    fixture.sink.reply('/orders', { status: 201, body: { id: 9 } });
    const ended = await run(
      {
        nodes: [
          START,
          map('map', { title: { $tpl: 'Order {{ trigger.body.number }}' } }),
          post('post', `${url}/orders`, { body: { $expr: 'steps.map' } }),
        ],
        edges: 'start>map map>post',
      },
      { number: 'A-7' },
    );
    expect(ended).toMatchObject({
      status: 'succeeded',
      output: { status: 201, body: { id: 9 } },
      error: null,
      wake_at: null,
      lease_worker_id: null,
    });
    expect(ended.finished_at).not.toBeNull();
    expect(fixture.sink.at('/orders')[0]?.json()).toEqual({ title: 'Order A-7' });

    const steps = await readSteps(fixture, ended.id);
    // What a trigger puts out is its event, which is on record.
    expect(steps['start']).toMatchObject({ status: 'succeeded', output: null, attempts: 1 });
    expect(steps['map']).toMatchObject({
      status: 'succeeded',
      input: { output: { title: 'Order A-7' } },
      output: { title: 'Order A-7' },
      ports: ['out'],
    });
    expect(steps['post']).toMatchObject({
      status: 'succeeded',
      input: { method: 'POST', url: `${url}/orders`, body: { title: 'Order A-7' } },
      attempts: 1,
    });
    // Pure steps spare the row.
    expect(await readAttempts(fixture, ended.id)).toMatchObject([
      { node_id: 'post', number: 1, error: null },
    ]);
  });

  test('every call that changes something carries the key of its run and step', async () => {
    const ended = await run({
      nodes: [START, post('one', `${fixture.sink.url}/keys`), post('two', `${fixture.sink.url}/keys`)],
      edges: 'start>one one>two',
    });
    const sent = fixture.sink.at('/keys').map(({ headers }) => headers['idempotency-key']);
    expect(sent).toEqual([idempotencyKey(ended.id, 'one', ''), idempotencyKey(ended.id, 'two', '')]);
    expect(sent[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('a branch that is not taken is skipped', async () => {
    const ended = await run(
      {
        nodes: [
          START,
          { id: 'check', type: 'core.if', config: { condition: { $expr: 'trigger.body.total > 100' } } },
          map('big', 'big'),
          map('small', 'small'),
        ],
        edges: 'start>check check:true>big check:false>small',
      },
      { total: 7 },
    );
    expect(ended).toMatchObject({ status: 'succeeded', output: 'small' });
    const steps = await readSteps(fixture, ended.id);
    expect(steps['check']).toMatchObject({ output: false, ports: ['false'] });
    expect(steps['big']).toMatchObject({ status: 'skipped', attempts: 0, started_at: null });
  });

  test('a filter that holds back ends the run, succeeded', async () => {
    const ended = await run({
      nodes: [START, { id: 'only', type: 'core.filter', config: { condition: false } }, map('after', 1)],
      edges: 'start>only only>after',
    });
    expect(ended.status).toBe('succeeded');
    expect((await readSteps(fixture, ended.id))['after']).toMatchObject({ status: 'skipped' });
  });

  test('a response is the reply and the output; the flow goes on', async () => {
    const ended = await run({
      nodes: [
        START,
        { id: 'answer', type: 'core.respond', config: { status: 201, body: { done: true } } },
        map('after', 'later'),
      ],
      edges: 'start>answer answer>after',
    });
    expect(ended).toMatchObject({
      status: 'succeeded',
      output: { done: true },
      reply: { status: 201, body: { done: true } },
    });
    expect((await readSteps(fixture, ended.id))['after']).toMatchObject({ status: 'succeeded' });
  });

  test('a response is there while the flow still runs', async () => {
    fixture.sink.reply('/slow-after', { delayMs: 1_500 });
    const flow = await fixture.publish({
      nodes: [
        START,
        { id: 'answer', type: 'core.respond', config: { body: 'early' } },
        post('slow', `${fixture.sink.url}/slow-after`),
      ],
      edges: 'start>answer answer>slow',
    });
    const [id] = await fixture.start(flow, [{}]);
    await fixture.sink.waitFor('/slow-after', 1);
    const running = await whenRun(fixture, id!, { status: ['running'] });
    await expect
      .poll(async () => (await whenRun(fixture, id!, { status: ['running'] })).reply)
      .toMatchObject({ body: 'early' });
    expect(running.finished_at).toBeNull();
    expect(await whenRun(fixture, id!)).toMatchObject({ status: 'succeeded', output: 'early' });
  });

  test('stop as failed leaves a dead letter', async () => {
    const ended = await run({
      nodes: [
        START,
        { id: 'end', type: 'core.stop', config: { status: 'failed', message: 'Out of stock.' } },
      ],
      edges: 'start>end',
    });
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'stopped', message: 'Out of stock.', nodeId: 'end' },
    });
    const letters = await fixture.db.query('select * from dead_letter where run_id = $1', [ended.id]);
    expect(letters.rows).toMatchObject([{ node_id: 'end', error_kind: 'invalid', error_code: 'stopped' }]);
  });
});

describe('side by side', () => {
  test('parallel branches overlap: each of two calls is answered only once both have arrived', async () => {
    const { sink } = fixture;
    let release: () => void = () => undefined;
    const both = new Promise<void>((done) => (release = done));
    sink.reply('/barrier', (_, before) => {
      if (before === 1) release();
      return { until: both };
    });
    const ended = await run({
      nodes: [
        START,
        post('left', `${sink.url}/barrier`, { timeoutSeconds: 5 }),
        post('right', `${sink.url}/barrier`, { timeoutSeconds: 5 }),
        map('join', { $expr: '[steps.left.status, steps.right.status]' }),
      ],
      edges: 'start>left start>right left>join right>join',
    });
    expect(ended).toMatchObject({ status: 'succeeded', output: [200, 200] });
    const steps = await readSteps(fixture, ended.id);
    expect(steps['left']!.started_at!.getTime()).toBeLessThan(steps['right']!.finished_at!.getTime());
    expect(steps['right']!.started_at!.getTime()).toBeLessThan(steps['left']!.finished_at!.getTime());
  });
});

describe('errors', () => {
  test('a 404 is not tried again; the run fails with the step named', async () => {
    fixture.sink.reply('/missing', { status: 404, body: { error: 'no such order' } });
    const ended = await run({
      nodes: [START, post('post', `${fixture.sink.url}/missing`)],
      edges: 'start>post',
    });
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'http_status', nodeId: 'post' } });
    expect(fixture.sink.at('/missing')).toHaveLength(1);
    const letters = await fixture.db.query('select * from dead_letter where run_id = $1', [ended.id]);
    expect(letters.rows).toMatchObject([{ node_id: 'post', error_code: 'http_status', redriven_at: null }]);
  });

  test('continue and branch go on with the error', async () => {
    fixture.sink.reply('/gone', { status: 410 });
    const url = `${fixture.sink.url}/gone`;
    const seen = { $expr: 'steps.post.error.code' };
    const goesOn = await run({
      nodes: [START, post('post', url, { onError: 'continue' }), map('after', seen)],
      edges: 'start>post post>after',
    });
    expect(goesOn).toMatchObject({ status: 'succeeded', output: 'http_status' });
    const branches = await run({
      nodes: [START, post('post', url, { onError: 'branch' }), map('good', 1), map('bad', seen)],
      edges: 'start>post post>good post:error>bad',
    });
    expect(branches).toMatchObject({ status: 'succeeded', output: 'http_status' });
    const steps = await readSteps(fixture, branches.id);
    expect(steps['post']).toMatchObject({ status: 'failed', ports: ['error'] });
    expect(steps['good']).toMatchObject({ status: 'skipped' });
  });

  test('an expression that fails names the field and the place', async () => {
    const ended = await run({
      nodes: [START, map('map', { total: { $expr: '1 + "a"' } })],
      edges: 'start>map',
    });
    expect(ended).toMatchObject({ status: 'failed', error: { kind: 'invalid', code: 'expression_failed' } });
    expect((await readSteps(fixture, ended.id))['map']?.error).toMatchObject({
      pointer: '/config/output/total',
    });
  });

  test('settings that expressions made wrong are refused before the call', async () => {
    const ended = await run(
      {
        nodes: [START, post('post', '', { config: { url: { $expr: 'trigger.body.url' } } })],
        edges: 'start>post',
      },
      { url: 'no address' },
    );
    expect(ended).toMatchObject({ status: 'failed', error: { kind: 'invalid', code: 'invalid_settings' } });
    expect((await readSteps(fixture, ended.id))['post']?.error).toMatchObject({ pointer: '/config/url' });
  });

  test('an address that flows may not call is refused, once', async () => {
    const ended = await run({ nodes: [START, post('post', 'http://169.254.169.254/')], edges: 'start>post' });
    expect(ended).toMatchObject({ status: 'failed', error: { kind: 'invalid', code: 'egress_denied' } });
    expect(await readAttempts(fixture, ended.id)).toHaveLength(1);
  });

  test('a version that cannot run ends its runs', async () => {
    const ended = await run({ nodes: [START, { id: 'odd', type: 'core.unknown' }], edges: 'start>odd' });
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'flow_invalid' } });
  });
});

describe('time', () => {
  test('a step that takes too long is stopped', async () => {
    fixture.sink.reply('/slow', { delayMs: 5_000 });
    const ended = await run({
      nodes: [
        START,
        post('post', `${fixture.sink.url}/slow`, { timeoutSeconds: 0.3, retry: { attempts: 1 } }),
      ],
      edges: 'start>post',
    });
    expect(ended).toMatchObject({ status: 'failed', error: { kind: 'transient', code: 'timeout' } });
  });

  test('a run that takes too long is stopped, in the middle of a call and while it waits', async () => {
    fixture.sink.reply('/hang', { delayMs: 5_000 });
    const hanging = await run({
      nodes: [START, post('post', `${fixture.sink.url}/hang`)],
      edges: 'start>post',
      settings: { timeoutSeconds: 0.5 },
    });
    expect(hanging).toMatchObject({ status: 'failed', error: { kind: 'cancelled', code: 'run_timeout' } });
    expect((await readSteps(fixture, hanging.id))['post']).toMatchObject({ status: 'cancelled' });
    // One that asks for a pause gets it from every step: it is nobody else's far end.
    const busy = await startSink();
    busy.reply('/later', { status: 429, headers: { 'retry-after': '60' } });
    const waiting = await run({
      nodes: [START, post('post', `${busy.url}/later`)],
      edges: 'start>post',
      settings: { timeoutSeconds: 1 },
    });
    await busy.stop();
    expect(waiting).toMatchObject({ status: 'failed', error: { code: 'run_timeout' } });
    const letters = await fixture.db.query('select * from dead_letter where run_id = $1', [waiting.id]);
    expect(letters.rows).toMatchObject([{ error_kind: 'cancelled', error_code: 'run_timeout' }]);
  });

  test('what takes a while is shown as running', async () => {
    fixture.sink.reply('/while', { delayMs: 1_500 });
    const flow = await fixture.publish({
      nodes: [START, post('post', `${fixture.sink.url}/while`)],
      edges: 'start>post',
    });
    const [id] = await fixture.start(flow, [{}]);
    await expect.poll(async () => (await readSteps(fixture, id!))['post']?.status).toBe('running');
    expect(await readAttempts(fixture, id!)).toMatchObject([{ number: 1, finished_at: null }]);
    await whenRun(fixture, id!);
    expect(await readAttempts(fixture, id!)).toMatchObject([{ number: 1, error: null }]);
    expect((await readAttempts(fixture, id!))[0]!.finished_at).not.toBeNull();
  });
});

describe('data of every kind', () => {
  test('NUL characters and halves of surrogate pairs pass through and are stored', async () => {
    const nasty = { 'a\0b': 'x\0y', half: '\ud800', whole: '😀', mark: '\ufdd0' };
    const ended = await run(
      {
        nodes: [START, map('map', { $expr: 'trigger.body' }), post('post', `${fixture.sink.url}/nul`)],
        edges: 'start>map map>post',
      },
      nasty,
    );
    expect(ended.status).toBe('succeeded');
    const steps = await readSteps(fixture, ended.id);
    expect(fromStoredJson(steps['map']!.output)).toEqual(nasty);
    expect(fixture.sink.at('/nul')[0]?.json()).toEqual(nasty);
  });

  test('an output of more than 5 MiB fails its step and nothing else', async () => {
    fixture.sink.reply('/huge', { body: { text: 'x'.repeat(6 * 1_048_576) } });
    fixture.sink.reply('/large', { body: { text: 'x'.repeat(4 * 1_048_576) } });
    const flow = (path: string): TestFlow => ({
      nodes: [START, post('post', fixture.sink.url + path)],
      edges: 'start>post',
    });
    const [huge, large] = await Promise.all([run(flow('/huge')), run(flow('/large'))]);
    expect(huge).toMatchObject({ status: 'failed', error: { kind: 'invalid', code: 'output_too_large' } });
    expect(huge?.error?.message).toContain('6.0 MiB');
    expect(large?.status).toBe('succeeded');
  });

  test('a value nested without end fails its step and nothing else', async () => {
    fixture.sink.reply('/deep', {
      headers: { 'content-type': 'application/json' },
      body: '['.repeat(5_000) + ']'.repeat(5_000),
    });
    const ended = await run({
      nodes: [START, post('post', `${fixture.sink.url}/deep`)],
      edges: 'start>post',
    });
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'output_too_deep' } });
  });
});

describe('secrets', () => {
  test('what the far end echoes of a credential is stored nowhere, and no later step sees it', async () => {
    const token = 'tok_9f8e7d6c5b4a39281706';
    const connection = await makeConnection(fixture.workspaceId, { token }, 'bearer_token');
    fixture.sink.reply('/echo', (request) => ({
      body: { auth: request.headers.authorization, packed: Buffer.from(token).toString('base64') },
    }));
    fixture.sink.reply('/echo-error', (request) => ({
      status: 400,
      body: `bad token ${String(request.headers.authorization)}`,
    }));
    const url = fixture.sink.url;
    const ended = await run({
      nodes: [
        START,
        post('echo', `${url}/echo`, { connection }),
        map('map', { seen: { $expr: 'steps.echo.body' } }),
        post('echoError', `${url}/echo-error`, { connection }),
      ],
      edges: 'start>echo echo>map map>echoError',
    });
    expect(fixture.sink.at('/echo')[0]?.headers.authorization).toBe(`Bearer ${token}`);
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'http_status' } });
    const stored = JSON.stringify([
      ended,
      await readSteps(fixture, ended.id),
      await readAttempts(fixture, ended.id),
    ]);
    expect(stored).toContain('[secret]');
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(Buffer.from(token).toString('base64'));
  });

  test('a connection of another workspace is none', async () => {
    const other = await makeWorkspace();
    const connection = await makeConnection(other, { token: 'of-another-workspace' }, 'bearer_token');
    const ended = await run({
      nodes: [START, post('post', `${fixture.sink.url}/foreign`, { connection })],
      edges: 'start>post',
    });
    expect(ended).toMatchObject({ status: 'failed', error: { kind: 'auth', code: 'connection_missing' } });
    expect(fixture.sink.at('/foreign')).toEqual([]);
  });

  test('a connection that does not exist fails the step by name', async () => {
    const ended = await run({
      nodes: [START, post('post', `${fixture.sink.url}/x`, { connection: 'no-such' })],
      edges: 'start>post',
    });
    expect(ended).toMatchObject({ status: 'failed', error: { kind: 'auth', code: 'connection_missing' } });
  });
});

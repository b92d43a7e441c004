import { afterAll, beforeAll, expect, test } from 'vitest';

import type { FlowTest, FlowTestRun } from '#core/api/flow-tests.ts';
import { startApiServer, type ApiServer } from '#test/support/api-server.ts';
import { runCli } from '#test/support/run-cli.ts';
import { useApiAndWorker } from './api-and-worker.ts';
import { post } from './worker-fixture.ts';

const { fixture, owner, call } = useApiAndWorker();
let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server.stop());

const patchbay = (...args: string[]) =>
  runCli(args, { env: { PATCHBAY_URL: server.url, PATCHBAY_API_KEY: owner.key } });

/** A webhook flow with a choice, code, a loop that calls, a wait of an hour, an approval, and a call at the end. */
async function putFlow(slug: string, title = 'Order {{ trigger.body.number }}'): Promise<void> {
  const { url } = fixture.sink;
  const node = (id: string, type: string, config: object, rest: object = {}) => ({
    id,
    type,
    version: 1,
    config,
    ...rest,
  });
  const { body } = await call(`PUT /flows/${slug}`, {
    format: 1,
    name: slug,
    slug,
    nodes: [
      node('hook', 'core.webhook', { verify: { scheme: 'none' } }),
      node('map', 'core.map', {
        output: {
          title: { $tpl: title },
          at: { $expr: 'trigger.receivedAt' },
          now: { $expr: '$now()' },
          run: { $expr: 'run.id' },
          dice: { $expr: '$random()' },
        },
      }),
      node('code', 'core.code', {
        code: 'export default (input) => ({ twice: input.n * 2 })',
        input: { n: { $expr: 'trigger.body.n' } },
      }),
      node('check', 'core.if', { condition: { $expr: 'steps.code.twice > 10' } }),
      node('each', 'core.each', { items: { $expr: 'trigger.body.lines' } }),
      { ...post('line', `${url}/${slug}/line`, { body: { $expr: 'item' } }), parent: 'each' },
      node('wait', 'core.wait', { seconds: 0.05 }),
      post('small', `${url}/${slug}/small`, { body: { $expr: 'steps.map' } }),
    ],
    edges: [
      { from: 'hook', to: 'map' },
      { from: 'map', to: 'code' },
      { from: 'code', to: 'check' },
      { from: 'check', port: 'true', to: 'each' },
      { from: 'check', port: 'false', to: 'wait' },
      { from: 'wait', to: 'small' },
    ],
  });
  expect(body.errors).toBeUndefined();
}

async function record(slug: string, body: object): Promise<string> {
  const reply = await call(`POST /flows/${slug}/runs`, { version: 'draft', wait: 20, input: { body } });
  expect(reply.body.status).toBe('succeeded');
  return reply.body.id as string;
}

async function addTest(slug: string, request: object): Promise<FlowTest> {
  const { status, body } = await call(`POST /flows/${slug}/tests`, { name: 'One', ...request });
  expect([status, body.detail]).toEqual([201, undefined]);
  return body as FlowTest;
}

async function runTests(slug: string, request: object = {}): Promise<FlowTestRun> {
  const { status, body } = await call(`POST /flows/${slug}/tests/run`, request);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body as FlowTestRun;
}

async function countRows(): Promise<unknown> {
  const { rows } = await fixture.db.query(
    `select (select count(*) from run) as runs, (select count(*) from event) as events, (select count(*) from step) as steps,
       (select count(*) from dead_letter) as letters, (select sum(accepted) from ledger_count) as accepted`,
  );
  return rows[0];
}

const expects = (nodeId: string | null, path: string, value: unknown) => ({
  nodeId,
  path,
  op: 'equals',
  value,
});

test('a run becomes a test that passes without a call or a row, says what differs, and counts the ways taken', async () => {
  await putFlow('orders');
  fixture.sink.reply('/orders/line', (_, before) => ({ body: { id: before } }));
  const many = await record('orders', { number: 7, n: 6, lines: ['a', 'b'] });
  const few = await record('orders', { number: 8, n: 1, lines: [] });
  const { body: run } = await call(`GET /runs/${many}`);
  const mapped = run.steps.find(({ nodeId }: { nodeId: string }) => nodeId === 'map').output;
  const [sentBefore, rowsBefore] = [fixture.sink.requests.length, await countRows()];
  const first = await addTest('orders', {
    name: 'Many',
    runId: many,
    expectations: [
      expects(null, '/status', 'succeeded'),
      expects('map', '/output', mapped),
      { nodeId: 'line', key: '1', path: '/input/body', op: 'equals', value: 'b' },
      expects('each', '/output/results/1/body', { id: 1 }),
      { nodeId: 'small', path: '/status', op: 'absent' },
    ],
  });
  expect(first).toMatchObject({
    input: { body: { number: 7 }, method: 'POST' },
    pins: { line: { items: { '0': {}, '1': {} } } },
  });
  await addTest('orders', {
    name: 'Few',
    runId: few,
    expectations: [expects('small', '/input/body/title', 'Order 8')],
  });

  const green = await runTests('orders');
  expect(green.results.flatMap(({ differences }) => differences)).toEqual([]);
  expect(green).toMatchObject({ status: 'done', passed: 2, failed: 0, coverage: { takenEdges: 6 } });
  expect(green.coverage?.edges.map(({ from, port, taken }) => `${from}:${port} ${taken}`)).toEqual([
    'hook:out 2',
    'map:out 2',
    'code:out 2',
    'check:true 1',
    'check:false 1',
    'wait:out 1',
  ]);

  await putFlow('orders', 'Bestellung {{ trigger.body.number }}');
  const red = await runTests('orders');
  expect(red).toMatchObject({ passed: 0, failed: 2 });
  expect(red.results[1]?.differences.map(({ message }) => message)).toEqual([
    'small › input.body.title: expected "Order 8", is "Bestellung 8"',
  ]);
  expect(await runTests('orders', { ids: [first.id] })).toMatchObject({ passed: 0, failed: 1 });
  expect(fixture.sink.requests).toHaveLength(sentBefore);
  expect(await countRows()).toEqual(rowsBefore);
});

test('a call that a test has no answer for is not made, and fails the test by name', async () => {
  await putFlow('open');
  const { id } = await addTest('open', {
    input: { body: { number: 1, n: 1 } },
    expectations: [expects('map', '/output/title', 'Order 1')],
  });
  const run = await runTests('open');
  expect(run.results[0]).toMatchObject({ passed: false, differences: [{ expectation: null }] });
  expect(run.results[0]?.differences[0]?.message).toContain('“small”');
  const changed = await call(`PATCH /flows/open/tests/${id}`, {
    pins: { small: { error: { message: 'Far end down' } } },
  });
  expect(changed.body.expectations).toHaveLength(1);
  expect((await runTests('open')).results[0]).toMatchObject({
    passed: true,
    status: 'failed',
    error: { message: 'Far end down' },
  });
  expect(fixture.sink.requests.filter(({ path }) => path.startsWith('/open/'))).toEqual([]);
  expect((await call(`DELETE /flows/open/tests/${id}`)).status).toBe(204);
  expect((await call('GET /flows/open/tests')).body.data).toEqual([]);
});

test('the command runs them for CI: it fails with what differs, and says which ways were never taken', async () => {
  await putFlow('ci');
  const { id } = await addTest('ci', {
    name: 'Title',
    input: { body: { number: 1, n: 1 } },
    pins: { small: { output: null } },
    expectations: [expects('map', '/output/title', 'Order 2')],
  });
  const red = await patchbay('flow', 'test', 'ci');
  expect(red.code).toBe(1);
  expect(red.stdout).toContain('FAIL  Title');
  expect(red.stdout).toContain('map › output.title: expected "Order 2", is "Order 1"');
  expect(red.stdout).toContain('never: check [true] > each');
  expect(red.stderr).toContain('One test of ci failed.');
  await call(`PATCH /flows/ci/tests/${id}`, { expectations: [expects('map', '/output/title', 'Order 1')] });
  expect(await patchbay('flow', 'test', 'ci')).toMatchObject({ code: 0, stderr: '' });
  await call('POST /flows/ci/publish', {});
  await putFlow('ci', 'Other');
  expect((await patchbay('flow', 'test', 'ci', '--json')).code).toBe(1);
  const published = await patchbay('flow', 'test', 'ci', '--version', '1', '--json');
  expect(published.code).toBe(0);
  expect(JSON.parse(published.stdout)).toMatchObject({ version: 1, passed: 1, failed: 0 });
});

test('a draft that cannot run is refused with its faults; a connection is not missed, for nothing is called', async () => {
  await putFlow('rough');
  const { body: draft } = await call('GET /flows/rough');
  const nodes = (change: object) =>
    draft.nodes.map((node: { id: string }) => (node.id === 'small' ? { ...node, ...change } : node));
  await addTest('rough', { input: { body: { number: 1, n: 1 } }, pins: { small: { output: 1 } } });
  await call('PUT /flows/rough', { ...draft, nodes: nodes({ connection: 'nowhere' }) });
  expect(await runTests('rough')).toMatchObject({ passed: 1 });
  await call('PUT /flows/rough', { ...draft, nodes: nodes({ config: {} }) });
  expect((await call('POST /flows/rough/tests/run', {})).status).toBe(422);
});

test('tests are of their flow alone', async () => {
  await putFlow('mine');
  await putFlow('other');
  const { id } = await addTest('mine', {});
  expect((await call(`PATCH /flows/other/tests/${id}`, { name: 'x' })).status).toBe(404);
  expect((await call('POST /flows/other/tests/run', { ids: [id] })).status).toBe(422);
  const run = await record('mine', { number: 1, n: 1, lines: [] });
  expect((await call('POST /flows/other/tests', { name: 'x', runId: run })).status).toBe(404);
});

import { expect, test } from 'vitest';

import { manualFlow } from '#test/support/sample-flows.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { useApiAndWorker } from '#test/worker/api-and-worker.ts';

const { call } = useApiAndWorker();

test('a flow is put, published and started, and the reply is the finished run', async () => {
  await call('PUT /flows/whole', manualFlow('whole'));
  await call('POST /flows/whole/publish');
  const { status, body } = await call('POST /flows/whole/runs', { input: { id: 7, odd: 'a b' }, wait: 15 });
  expect([status, body.status, body.output]).toEqual([200, 'succeeded', { echo: { id: 7, odd: 'a b' } }]);
  const steps = body.steps.map((step: { nodeId: string; status: string; attempts: unknown[] }) => [
    step.nodeId,
    step.status,
    step.attempts.length,
  ]);
  expect(steps).toEqual([
    ['start', 'succeeded', 1],
    ['map', 'succeeded', 1],
  ]);
  const { body: stats } = await call('GET /flows/whole/stats');
  expect(stats).toMatchObject({ accepted: 1, deduplicated: 0, runs: { succeeded: 1 }, successRate: 1 });
  expect(stats.toFirstStepMs.p50).toBeGreaterThanOrEqual(0);
  expect(stats.runTimeMs.p99).toBeGreaterThanOrEqual(0);
});

test('a draft runs as it stands, without being published', async () => {
  const draft = manualFlow('rough');
  await call('PUT /flows/rough', draft);
  const first = (await call('POST /flows/rough/runs', { input: 1, version: 'draft', wait: 15 })).body;
  const output = { echo: 'changed' };
  const nodes = draft.nodes.map((node) => (node.id === 'map' ? { ...node, config: { output } } : node));
  await call('PUT /flows/rough', { ...draft, nodes });
  const second = (await call('POST /flows/rough/runs', { input: 1, version: 'draft', wait: 15 })).body;
  expect([first.output, second.output]).toEqual([{ echo: 1 }, output]);
  expect((await call(`GET /runs/${first.id}`)).body.document).toEqual(draft);
});

test('a run that fails is a dead letter, and its error can be searched for', async () => {
  const flow = manualFlow('doomed');
  const stop = {
    id: 'stop',
    type: 'core.stop',
    version: 1,
    config: { status: 'failed', message: 'No stock left' },
  };
  await call('PUT /flows/doomed', {
    ...flow,
    nodes: [flow.nodes[0], stop],
    edges: [{ from: 'start', to: 'stop' }],
  });
  await call('POST /flows/doomed/publish');
  const { body } = await call('POST /flows/doomed/runs', { wait: 15 });
  expect(body).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('No stock left') },
  });
  const letters = (await call('GET /dead-letters?flow=doomed')).body.data;
  expect(letters).toMatchObject([{ runId: body.id, flow: 'doomed', error: body.error }]);
  const found = (await call('GET /runs?q=NO%20STOCK')).body.data;
  expect(found.map((run: { id: string }) => run.id)).toEqual([body.id]);
  expect((await call(`POST /runs/${body.id}/cancel`)).status).toBe(409);
});

test('a flow deleted right after its start does not take the run with it', async () => {
  await call('PUT /flows/brief', manualFlow('brief'));
  await call('POST /flows/brief/publish');
  const { id } = (await call('POST /flows/brief/runs', { input: 1 })).body;
  expect((await call('DELETE /flows/brief')).status).toBe(204);
  const run = await waitFor('the run to end', async () => {
    const { body } = await call(`GET /runs/${id}`);
    return body.finishedAt !== null && body;
  });
  expect(run).toMatchObject({ status: 'succeeded', output: { echo: 1 }, flow: 'brief', version: 1 });
});

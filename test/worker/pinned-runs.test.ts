import { describe, expect, test } from 'vitest';

import type { Run } from '#core/api/runs.ts';
import { useApiAndWorker } from './api-and-worker.ts';
import { post } from './worker-fixture.ts';

const { fixture, call } = useApiAndWorker();

/** start → read → each (send) → sum → post; `undo` undoes `read`. */
async function putFlow(slug: string): Promise<void> {
  const { url } = fixture.sink;
  const node = (id: string, type: string, config: object, rest: object = {}) => ({
    id,
    type,
    version: 1,
    config,
    ...rest,
  });
  const { status } = await call(`PUT /flows/${slug}`, {
    format: 1,
    name: slug,
    slug,
    nodes: [
      node('start', 'core.manual', {}),
      { ...post('read', `${url}/${slug}/read`), compensate: 'undo' },
      post('undo', `${url}/${slug}/undo`),
      node('each', 'core.each', { items: { $expr: 'steps.read.body.items' } }),
      { ...post('send', `${url}/${slug}/send`, { body: { $expr: 'item' } }), parent: 'each' },
      node('sum', 'core.map', { output: { n: { $expr: '$count(steps.each.results)' } } }),
      post('post', `${url}/${slug}/post`, { body: { $expr: 'steps.sum' } }),
    ],
    edges: ['start>read', 'read>each', 'each>sum', 'sum>post'].map((edge) => {
      const [from, to] = edge.split('>');
      return { from, to };
    }),
  });
  expect(status).toBe(201);
}

const ITEMS = { output: { status: 200, headers: {}, body: { items: [1, 2] } } };
const pathsCalled = (slug: string) =>
  fixture.sink.requests
    .filter(({ path }) => path.startsWith(`/${slug}/`))
    .map(({ path }) => path.split('/')[2]);
const statuses = ({ steps }: Run) =>
  Object.fromEntries(
    steps.map(({ nodeId, key: path, status, isPinned }) => [
      `${nodeId}${path && ` ${path}`}`,
      isPinned ? `${status}, pinned` : status,
    ]),
  );

async function start(slug: string, request: object): Promise<Run> {
  const { status, body } = await call(`POST /flows/${slug}/runs`, { version: 'draft', wait: 20, ...request });
  expect([status, body.detail]).toEqual([200, undefined]);
  return body as Run;
}

test('a pinned step answers with its pin and is not called; the others are', async () => {
  await putFlow('some');
  const run = await start('some', {
    pins: { read: ITEMS, send: { items: { '0': { output: 'a' }, '1': { output: 'b' } } } },
  });
  expect(run.status).toBe('succeeded');
  expect(pathsCalled('some')).toEqual(['post']);
  expect(statuses(run)).toEqual({
    start: 'succeeded',
    read: 'succeeded, pinned',
    each: 'succeeded',
    'send 0': 'succeeded, pinned',
    'send 1': 'succeeded, pinned',
    sum: 'succeeded',
    post: 'succeeded',
  });
  expect(run.steps.find(({ nodeId }) => nodeId === 'send')).toMatchObject({
    output: 'a',
    input: { body: 1 },
  });
});

test('a replay of it is a real run, and its plan says so', async () => {
  await putFlow('again');
  const run = await start('again', {
    pins: { read: ITEMS, send: { items: { '0': { output: 'a' }, '1': { output: 'b' } } } },
  });
  const { body: plan } = await call(`POST /runs/${run.id}/replay`, { dryRun: true });
  expect(plan.warnings).toContainEqual(
    'Answered with a pin in the original run, and really called in the replay: HTTP request, HTTP request.',
  );
  expect(
    plan.effects.map((each: { nodeId: string; repeats: boolean }) => [each.nodeId, each.repeats]),
  ).toEqual(
    expect.arrayContaining([
      ['read', false],
      ['post', true],
    ]),
  );
});

test('a pinned loop is not opened, and a pinned error fails the step at once, without another attempt', async () => {
  await putFlow('loop');
  const error = { kind: 'transient' as const, code: 'http_status', message: 'The far end said 503.' };
  const run = await start('loop', {
    pins: { read: ITEMS, each: { output: { results: [1, 2, 3], errors: [] } }, post: { error } },
  });
  expect(run).toMatchObject({ status: 'failed', error: { ...error, nodeId: 'post' } });
  expect(run.steps.find(({ nodeId }) => nodeId === 'sum')?.output).toEqual({ n: 3 });
  expect(run.steps.find(({ nodeId }) => nodeId === 'post')?.attempts).toHaveLength(1);
  // What was pinned never happened, so nothing undoes it.
  expect(pathsCalled('loop')).toEqual([]);
  expect(run.compensation).toBeNull();
});

test('an item that its pin has no answer for fails; it is not called', async () => {
  await putFlow('items');
  const run = await start('items', {
    pins: { read: ITEMS, send: { items: { '0': { output: 'a' } } }, undo: { output: 1 } },
  });
  expect(run).toMatchObject({ status: 'failed', error: { code: 'no_answer' } });
  expect(pathsCalled('items')).toEqual([]);
});

describe('a part of the draft', () => {
  test('up to a node runs that and what leads to it', async () => {
    await putFlow('part');
    fixture.sink.reply('/part/read', { body: { items: [5] } });
    const run = await start('part', { upTo: 'send' });
    expect(statuses(run)).toEqual({
      start: 'succeeded',
      read: 'succeeded',
      each: 'succeeded',
      'send 0': 'succeeded',
    });
    expect(pathsCalled('part')).toEqual(['read', 'send']);
  });

  test('one node alone runs on the data of a run', async () => {
    await putFlow('alone');
    fixture.sink.reply('/alone/read', { body: { items: [5, 6, 7] } });
    const whole = await start('alone', {});
    const before = pathsCalled('alone').length;
    const run = await start('alone', { only: 'post', dataOf: whole.id });
    expect(run.status).toBe('succeeded');
    expect(pathsCalled('alone').slice(before)).toEqual(['post']);
    expect(fixture.sink.at('/alone/post').at(-1)?.json()).toEqual({ n: 3 });
    const idle = await call('POST /flows/alone/runs', { version: 'draft', only: 'post' });
    expect(idle).toMatchObject({ status: 422, body: { errors: [{ pointer: '/only', code: 'no_answer' }] } });
    expect(idle.body.detail).toContain('“read”');
  });

  test('faults behind the node do not stand in its way', async () => {
    await putFlow('faulty');
    const { body: draft } = await call('GET /flows/faulty');
    const nodes = draft.nodes.map((node: { id: string }) =>
      node.id === 'post' ? { ...node, config: {} } : node,
    );
    await call('PUT /flows/faulty', { ...draft, nodes });
    expect((await call('POST /flows/faulty/runs', { version: 'draft' })).status).toBe(422);
    expect((await start('faulty', { upTo: 'read' })).status).toBe('succeeded');
  });
});

test('pins are for drafts alone: a version is started with none', async () => {
  await putFlow('live');
  await call('POST /flows/live/publish', {});
  const refused = await call('POST /flows/live/runs', { pins: { read: ITEMS } });
  expect(refused).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/version', code: 'not_draft' }] },
  });
  const { body: draft } = await call('GET /flows/live');
  await call('PUT /flows/live', { ...draft, pins: { read: ITEMS.output } });
  await call('POST /flows/live/publish', {});
  fixture.sink.reply('/live/read', { body: { items: [] } });
  const { body } = await call('POST /flows/live/runs', { wait: 20 });
  expect(body.status).toBe('succeeded');
  expect(pathsCalled('live')).toEqual(['read', 'post']);
});

test.each([
  [{ upTo: 'nowhere' }, '/upTo'],
  [{ only: 'post', upTo: 'post' }, '/only'],
  [{ dataOf: '0197c0de-0000-7000-8000-000000000000' }, '/dataOf'],
])('%j is refused at its place', async (request, pointer) => {
  await putFlow(`no-${pointer.slice(1).toLowerCase()}`);
  const reply = await call(`POST /flows/no-${pointer.slice(1).toLowerCase()}/runs`, {
    version: 'draft',
    ...request,
  });
  expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
});

import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import type { FlowNode } from '#core/flow-document.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { WAKE_QUEUE } from '#server/queue/boss.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import { emptyFlow, manualFlow, webhookFlow } from '#test/support/sample-flows.ts';
import { makeApiWorkspace, useApi } from '#test/support/use-api.ts';

const api = useApi();

async function publish(slug: string, document: object = manualFlow(slug)): Promise<void> {
  await api.call(`PUT /flows/${slug}`, document);
  expect((await api.call(`POST /flows/${slug}/publish`)).status).toBe(200);
}

/** Plays the worker's part: ends a run as the engine would. */
async function endRun(id: string, status: 'succeeded' | 'failed', output: unknown = null): Promise<void> {
  const error =
    status === 'failed' ? { kind: 'invalid', code: 'boom', message: 'It broke', nodeId: 'map' } : undefined;
  await prisma().run.update({
    where: { id },
    data: {
      status,
      wakeAt: null,
      startedAt: new Date(),
      finishedAt: new Date(),
      output: output as never,
      error,
    },
  });
}

describe('a start by hand', () => {
  test('stores the event, a run that a worker may claim, its wake-up and an audit entry', async () => {
    await publish('hand');
    const { status, headers, body } = await api.call('POST /flows/hand/runs', { input: { order: 7 } });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/api/v1/runs/${body.id}`);
    expect(body).toMatchObject({
      flow: 'hand',
      flowName: 'Flow hand',
      version: 1,
      status: 'queued',
      startedBy: 'manual',
      startedAt: null,
      error: null,
      replayOf: null,
      trigger: { body: { order: 7 }, headers: {}, query: {}, method: '' },
      output: null,
      steps: [],
      document: manualFlow('hand'),
    });
    const run = await prisma().run.findUniqueOrThrow({ where: { id: body.id }, include: { event: true } });
    expect(run.wakeAt).toBeInstanceOf(Date);
    expect([run.event?.kind, Buffer.from(run.event?.body ?? []).toString()]).toEqual([
      'manual',
      '{"order":7}',
    ]);
    const jobs = await pool().query('SELECT data FROM pgboss.job WHERE name = $1', [WAKE_QUEUE]);
    expect(jobs.rows).toContainEqual({ data: { runIds: [body.id] } });
    const entry = await prisma().auditEntry.findFirst({ where: { resource: `run:${body.id}` } });
    expect(entry).toMatchObject({ action: 'run.start', detail: { flow: 'hand', version: 1 } });
  });

  test.each([[null], [0], [''], [[1, 2]], [{ deep: { list: [{}] } }]])(
    'takes the input %j',
    async (input) => {
      await publish('any-input');
      const { status, body } = await api.call('POST /flows/any-input/runs', { input });
      expect([status, body.trigger.body]).toEqual([202, input]);
    },
  );

  test('runs the published version, a numbered one, or a snapshot of the draft that equal drafts share', async () => {
    await publish('pinned');
    await publish('pinned', { ...manualFlow('pinned'), name: 'Two' });
    await api.call('PUT /flows/pinned', { ...manualFlow('pinned'), name: 'Draft' });
    const start = async (version?: unknown) => (await api.call('POST /flows/pinned/runs', { version })).body;
    expect(await start()).toMatchObject({ version: 2, document: { name: 'Two' } });
    expect(await start(1)).toMatchObject({ version: 1, document: { name: 'Flow pinned' } });
    const drafts = await Promise.all(Array.from({ length: 8 }, () => start('draft')));
    for (const run of drafts) expect(run).toMatchObject({ version: null, document: { name: 'Draft' } });
    const snapshots = await prisma().flowVersion.count({ where: { flow: { slug: 'pinned' }, number: null } });
    expect(snapshots).toBe(1);
    expect((await api.call('GET /flows/pinned/versions')).body.data).toHaveLength(2);
  });

  test.each([
    ['a flow that is not published', undefined, 409, 'not_published'],
    ['a version that does not exist', 9, 422, 'invalid_request'],
    ['a draft with faults', 'draft', 422, 'invalid_flow'],
    ['a version of another kind', 'newest', 400, 'invalid_request'],
    ['a version beyond counting', 99_999_999_999, 400, 'invalid_request'],
  ])('refuses %s', async (_, version, status, code) => {
    await api.call('PUT /flows/unready', emptyFlow('unready'));
    const reply = await api.call('POST /flows/unready/runs', { version });
    expect([reply.status, reply.body.type]).toEqual([status, `/problems/${code}`]);
    expect((await api.call('GET /runs?flow=unready')).body.data).toEqual([]);
  });

  test('checks the input against the schema of the trigger, and lists every mismatch', async () => {
    const schema = {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'integer' }, at: { format: 'date' } },
    };
    const flow = manualFlow('checked');
    flow.nodes[0] = { ...(flow.nodes[0] as FlowNode), config: { schema } };
    await publish('checked', flow);
    expect((await api.call('POST /flows/checked/runs', { input: { id: 1 } })).status).toBe(202);
    const { status, body } = await api.call('POST /flows/checked/runs', { input: { id: 'x', at: 'soon' } });
    expect([status, body.errors.map((error: { pointer: string }) => error.pointer).sort()]).toEqual([
      422,
      ['/input/at', '/input/id'],
    ]);
    expect((await api.call('POST /flows/checked/runs', {})).body.errors).toMatchObject([
      { pointer: '/input', code: 'required' },
    ]);
  });

  test('of a webhook flow makes the event out of body, headers, query and method', async () => {
    await publish('hooked', webhookFlow('hooked', { config: { method: 'PUT' } }));
    const start = async (input: unknown) => (await api.call('POST /flows/hooked/runs', { input })).body;
    const full = await start({
      body: { id: 1 },
      headers: { 'X-Shop': 'a', 'Content-Encoding': 'gzip', Authorization: 'Bearer s3cret' },
      query: { page: '2', tag: ['a', 'b'] },
      method: 'PATCH',
    });
    expect(full.trigger).toMatchObject({
      body: { id: 1 },
      headers: { 'x-shop': 'a', authorization: '[redacted]' },
      query: { page: '2', tag: ['a', 'b'] },
      method: 'PATCH',
    });
    expect(full.trigger.headers).not.toHaveProperty('content-encoding');
    expect((await start({})).trigger).toMatchObject({ body: null, headers: {}, query: {}, method: 'PUT' });
    const form = await start({
      body: 'a=1&b=2',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.trigger.body).toEqual({ a: '1', b: '2' });
    expect((await start({ body: 'plain', headers: { 'content-type': 'text/plain' } })).trigger.body).toBe(
      'plain',
    );
    expect((await start({ body: 'quoted' })).trigger.body).toBe('quoted');
  });

  test.each([
    [{ order: 7 }, '/input/order'],
    [{ headers: { 'bad name': 'x' } }, '/input/headers/bad name'],
    [{ headers: { good: 'line\nbreak' } }, '/input/headers/good'],
    [{ query: { page: 2 } }, '/input/query/page'],
    [{ method: 'get' }, '/input/method'],
    [7, '/input'],
  ])('of a webhook flow refuses the input %j', async (input, pointer) => {
    await publish('strict', webhookFlow('strict'));
    const { status, body } = await api.call('POST /flows/strict/runs', { input });
    expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
  });

  test('with wait replies at the end, or when the time is up with the run going on', async () => {
    await publish('awaited');
    const waiting = api.call('POST /flows/awaited/runs', { wait: 10 });
    const ending = (async () => {
      for (;;) {
        const run = await prisma().run.findFirst({ where: { flowSlug: 'awaited' } });
        if (run) return endRun(run.id, 'succeeded', { done: true });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const { status, body } = await waiting;
    await ending;
    expect([status, body.status, body.output]).toEqual([200, 'succeeded', { done: true }]);

    const late = await api.call('POST /flows/awaited/runs', { wait: 0.2 });
    expect([late.status, late.body.status]).toEqual([202, 'queued']);
  });

  test('repeated with its Idempotency-Key starts one run', async () => {
    await publish('once');
    const options = { headers: { 'idempotency-key': randomUUID() } };
    const first = await api.call('POST /flows/once/runs', { input: 1 }, options);
    const second = await api.call('POST /flows/once/runs', { input: 1 }, options);
    expect(second.body.id).toBe(first.body.id);
    expect((await api.call('GET /runs?flow=once')).body.data).toHaveLength(1);
  });
});

describe('one run', () => {
  test('shows its steps in order, with attempts that the journal spares', async () => {
    await publish('journal');
    const { id } = (await api.call('POST /flows/journal/runs', {})).body;
    const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);
    const odd = toStoredJson({ nul: 'a\0b' });
    await prisma().step.createMany({
      data: [
        {
          runId: id,
          nodeId: 'map',
          status: 'failed',
          attempts: 2,
          startedAt: at(20),
          finishedAt: at(90),
          input: 1,
          error: { kind: 'transient', code: 'x', message: 'm' },
        },
        {
          runId: id,
          nodeId: 'start',
          status: 'succeeded',
          attempts: 1,
          ports: ['out'],
          startedAt: at(10),
          finishedAt: at(15),
          output: JSON.parse(odd),
        },
        { runId: id, nodeId: 'late', status: 'skipped' },
      ],
    });
    await prisma().attempt.createMany({
      data: [
        {
          runId: id,
          nodeId: 'map',
          number: 2,
          startedAt: at(60),
          finishedAt: at(90),
          error: { kind: 'transient', code: 'x', message: 'm' },
        },
        {
          runId: id,
          nodeId: 'map',
          number: 1,
          startedAt: at(20),
          finishedAt: at(30),
          error: { kind: 'throttled', code: 'y', message: 'n' },
        },
      ],
    });
    const { steps } = (await api.call(`GET /runs/${id}`)).body;
    expect(steps.map((step: { nodeId: string }) => step.nodeId)).toEqual(['start', 'map', 'late']);
    expect(steps[0]).toMatchObject({
      status: 'succeeded',
      ports: ['out'],
      input: null,
      output: { nul: 'a\0b' },
      attempts: [
        { number: 1, startedAt: at(10).toISOString(), finishedAt: at(15).toISOString(), error: null },
      ],
    });
    expect(
      steps[1].attempts.map((attempt: { number: number; error: { code: string } }) => [
        attempt.number,
        attempt.error.code,
      ]),
    ).toEqual([
      [1, 'y'],
      [2, 'x'],
    ]);
    expect(steps[2]).toMatchObject({ status: 'skipped', attempts: [], startedAt: null });
  });

  test('is 404 under any name that is not its own, and for another workspace', async () => {
    await publish('private');
    const { id } = (await api.call('POST /flows/private/runs', {})).body;
    const other = await makeApiWorkspace();
    for (const path of [`/runs/${id}`, `/runs/${id}/stream`]) {
      expect((await api.call(`GET ${path}`, undefined, other)).status).toBe(404);
    }
    expect((await api.call(`POST /runs/${id}/cancel`, undefined, other)).status).toBe(404);
    for (const name of [randomUUID(), 'x', '%00', `${id}%20`])
      expect((await api.call(`GET /runs/${name}`)).status).toBe(404);
    expect((await api.call(`GET /runs/${id.toUpperCase()}`)).body.id).toBe(id);
  });
});

describe('cancel', () => {
  test('asks once, wakes the run and leaves an audit entry', async () => {
    await publish('stoppable');
    const { id } = (await api.call('POST /flows/stoppable/runs', {})).body;
    await prisma().run.update({
      where: { id },
      data: { status: 'waiting', wakeAt: new Date(Date.now() + 3_600_000) },
    });
    expect((await api.call(`POST /runs/${id}/cancel`)).status).toBe(202);
    expect((await api.call(`POST /runs/${id}/cancel`)).status).toBe(202);
    const run = await prisma().run.findUniqueOrThrow({ where: { id } });
    expect(run.cancelRequestedAt).toBeInstanceOf(Date);
    expect(run.wakeAt?.getTime()).toBeLessThanOrEqual(Date.now());
    const entries = await prisma().auditEntry.count({
      where: { resource: `run:${id}`, action: 'run.cancel' },
    });
    expect(entries).toBe(1);
  });

  test('leaves the lease of a worker alone', async () => {
    await publish('held');
    const { id } = (await api.call('POST /flows/held/runs', {})).body;
    await prisma().run.update({
      where: { id },
      data: { status: 'running', wakeAt: null, leaseWorkerId: randomUUID() },
    });
    await api.call(`POST /runs/${id}/cancel`);
    const run = await prisma().run.findUniqueOrThrow({ where: { id } });
    expect([run.cancelRequestedAt !== null, run.wakeAt]).toEqual([true, null]);
  });

  test('of an ended run is refused', async () => {
    await publish('over');
    const { id } = (await api.call('POST /flows/over/runs', {})).body;
    await endRun(id, 'failed');
    const { status, body } = await api.call(`POST /runs/${id}/cancel`);
    expect([status, body.type]).toEqual([409, '/problems/run_ended']);
  });
});

describe('dead letters', () => {
  test('are every failed run of the workspace, newest first, by page, flow and time', async () => {
    await publish('fragile');
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { id } = (await api.call('POST /flows/fragile/runs', {})).body;
      await endRun(id, 'failed');
      const createdAt = new Date(Date.UTC(2026, 0, 1 + n));
      const row = {
        workspaceId: api.workspaceId,
        flowSlug: 'fragile',
        nodeId: 'map',
        errorKind: 'invalid',
        errorCode: 'boom',
      };
      await prisma().deadLetter.create({ data: { runId: id, createdAt, ...row } });
      ids.unshift(id);
    }
    const runIds = (body: { data: { runId: string }[] }) => body.data.map((letter) => letter.runId);
    const first = (await api.call('GET /dead-letters?flow=fragile&limit=2')).body;
    expect(runIds(first)).toEqual(ids.slice(0, 2));
    expect(first.data[0]).toMatchObject({
      flow: 'fragile',
      version: 1,
      nodeId: 'map',
      error: { message: 'It broke' },
      redrivenAt: null,
    });
    const second = (await api.call(`GET /dead-letters?flow=fragile&limit=2&cursor=${first.next}`)).body;
    expect([runIds(second), second.next]).toEqual([ids.slice(2), null]);
    const window = (await api.call('GET /dead-letters?from=2026-01-02T00:00:00Z&to=2026-01-03T00:00:00Z'))
      .body;
    expect(runIds(window)).toEqual([ids[1]]);
    expect((await api.call('GET /dead-letters?flow=%00')).body.data).toEqual([]);
    expect((await api.call('GET /dead-letters', undefined, await makeApiWorkspace())).body.data).toEqual([]);
  });
});

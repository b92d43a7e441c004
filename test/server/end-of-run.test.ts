import { randomUUID } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import type { FlowDocument } from '#core/flow-document.ts';
import type { JsonObject } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { jsonEvent } from '#server/runs/manual-event.ts';
import { tellEnds } from '#server/runs/tell-end.ts';
import { insertRun, type NewRun } from '#server/sql/insert-run.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { useApi } from '#test/support/use-api.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';

const api = useApi();
const ERROR = { kind: 'invalid', code: 'no_stock', message: 'There is no stock.', nodeId: 'map' };

async function publish(slug: string, settings: FlowDocument['settings'] = {}): Promise<string> {
  expect((await api.call(`PUT /flows/${slug}`, manualFlow(slug, { settings }))).status).toBeLessThan(300);
  expect((await api.call(`POST /flows/${slug}/publish`)).status).toBe(200);
  return slug;
}

const unique = (name: string) => `${name}-${randomUUID().slice(0, 8)}`;

/** A run that has ended, as a worker leaves it. */
async function endedRun(
  slug: string,
  end: { status?: 'succeeded' | 'failed' | 'cancelled'; input?: JsonObject } & Partial<NewRun> = {},
): Promise<string> {
  const { status = 'failed', input = { order: 7 }, ...rest } = end;
  const flow = await prisma().flow.findFirstOrThrow({ where: { slug } });
  const version = await prisma().flowVersion.findFirstOrThrow({
    where: { flowId: flow.id, number: flow.publishedVersion },
  });
  const run: NewRun = {
    runId: uuidv7(),
    eventId: uuidv7(),
    workspaceId: api.workspaceId,
    flow,
    version,
    kind: 'manual',
    event: jsonEvent(input),
    ...rest,
  };
  await inClientTransaction((client) => insertRun(client, run));
  const error = status === 'failed' ? ERROR : undefined;
  const data = { status, error, isEndDue: true, finishedAt: new Date(), startedAt: new Date(), wakeAt: null };
  await prisma().run.update({ where: { id: run.runId }, data: { ...data, output: { total: 3 } } });
  return run.runId;
}

async function failureRunsOf(id: string) {
  return prisma().run.findMany({ where: { failureOf: id }, include: { event: true } });
}

async function isDue(id: string): Promise<boolean> {
  return (await prisma().run.findUniqueOrThrow({ where: { id } })).isEndDue;
}

describe('a failure flow', () => {
  test('starts once with the summary of the failed run, however often its end is told', async () => {
    const handler = await publish(unique('handler'));
    const flow = await publish(unique('orders'), { onFailure: handler });
    const id = await endedRun(flow);
    await Promise.all([tellEnds(pool()), tellEnds(pool())]);
    await prisma().run.update({ where: { id }, data: { isEndDue: true } });
    await tellEnds(pool());
    expect(await isDue(id)).toBe(false);
    const [started, ...others] = await failureRunsOf(id);
    expect(others).toEqual([]);
    expect(started).toMatchObject({
      flowSlug: handler,
      startedBy: 'failure',
      status: 'queued',
      callDepth: 1,
    });
    expect(started!.wakeAt).toBeInstanceOf(Date);
    expect(started!.event!.kind).toBe('failure');
    expect(JSON.parse(Buffer.from(started!.event!.body).toString())).toMatchObject({
      run: { id, flow, version: 1, url: `${PUBLIC_URL}/runs/${id}`, startedAt: expect.any(String) as string },
      error: ERROR,
      input: { order: 7 },
    });
    const { body } = await api.call(`GET /runs/${id}`);
    expect(body).toMatchObject({
      failureRunId: started!.id,
      failureOf: null,
      parent: null,
      compensation: null,
    });
    expect((await api.call(`GET /runs/${started!.id}`)).body).toMatchObject({
      startedBy: 'failure',
      failureOf: id,
    });
  });

  test.each(['succeeded', 'cancelled'] as const)('does not start for a run that %s', async (status) => {
    const handler = await publish(unique('handler'));
    const id = await endedRun(await publish(unique('orders'), { onFailure: handler }), { status });
    await tellEnds(pool());
    expect(await isDue(id)).toBe(false);
    expect(await failureRunsOf(id)).toEqual([]);
  });

  test('that is missing, unpublished or begins otherwise is noted in the audit trail and stops nothing', async () => {
    const draft = unique('draft');
    await api.call(`PUT /flows/${draft}`, manualFlow(draft));
    const hook = unique('hook');
    await api.call(`PUT /flows/${hook}`, {
      ...manualFlow(hook),
      nodes: [{ id: 'hook', type: 'core.webhook', version: 1 }],
      edges: [],
    });
    await api.call(`POST /flows/${hook}/publish`);
    const handler = await publish(unique('handler'));
    const ids: string[] = [];
    for (const onFailure of ['not-there', draft, hook, handler])
      ids.push(await endedRun(await publish(unique('orders'), { onFailure })));
    await tellEnds(pool());
    for (const [index, id] of ids.entries()) {
      expect(await isDue(id)).toBe(false);
      expect(await failureRunsOf(id)).toHaveLength(index === 3 ? 1 : 0);
    }
    const notes = await prisma().auditEntry.findMany({ where: { action: 'run.failure_flow_skipped' } });
    const reasons = notes.map(
      ({ resource, detail }) => [resource, (detail as JsonObject)['reason']] as const,
    );
    expect(reasons).toEqual([
      [`run:${ids[0]}`, expect.stringContaining('There is no flow “not-there”')],
      [`run:${ids[1]}`, expect.stringContaining('not published')],
      [`run:${ids[2]}`, expect.stringContaining('Webhook')],
    ]);
  });

  test('is not started by its own failure, nor in a circle, nor through a flow that it calls', async () => {
    const [first, second] = [unique('first'), unique('second')];
    await publish(first, { onFailure: second });
    await publish(second, { onFailure: first });
    const failed = await endedRun(first);
    await tellEnds(pool());
    const [reaction] = await failureRunsOf(failed);
    expect(reaction!.flowSlug).toBe(second);
    const fail = (id: string) =>
      prisma().run.update({
        where: { id },
        data: { status: 'failed', error: ERROR, finishedAt: new Date(), isEndDue: true, wakeAt: null },
      });
    await fail(reaction!.id);
    await tellEnds(pool());
    expect(await failureRunsOf(reaction!.id)).toEqual([]);

    const handler = unique('handler');
    await publish(handler);
    const helper = await publish(unique('helper'), { onFailure: handler });
    const handling = await endedRun(handler, { status: 'succeeded' });
    const parent = { runId: handling, nodeId: 'call', key: '', isAwaited: false };
    const called = await endedRun(helper, { kind: 'call', parent, callDepth: 1 });
    await tellEnds(pool());
    expect(await isDue(called)).toBe(false);
    expect(await failureRunsOf(called)).toEqual([]);
  });

  test('gets no input that is too large', async () => {
    const handler = await publish(unique('handler'));
    const flow = await publish(unique('orders'), { onFailure: handler });
    const id = await endedRun(flow, { input: { text: 'x'.repeat(1_100_000) } });
    await tellEnds(pool());
    const [started] = await failureRunsOf(id);
    expect(JSON.parse(Buffer.from(started!.event!.body).toString())).toMatchObject({
      input: null,
      inputOmitted: true,
    });
  });
});

describe('the end of a called run', () => {
  test('is told to the step that waits for it, once, and makes its run due', async () => {
    const flow = await publish(unique('parent'));
    const parentId = await endedRun(flow, { status: 'succeeded' });
    await prisma().run.update({
      where: { id: parentId },
      data: { status: 'waiting', finishedAt: null, isEndDue: false },
    });
    const parent = { runId: parentId, nodeId: 'call', key: '2', isAwaited: true };
    const id = await endedRun(await publish(unique('child')), { kind: 'call', parent, callDepth: 1 });
    const told = await tellEnds(pool());
    expect(told.woken).toContain(parentId);
    await prisma().run.update({ where: { id }, data: { isEndDue: true } });
    await tellEnds(pool());
    const signals = await prisma().signal.findMany({ where: { runId: parentId } });
    expect(signals).toHaveLength(1);
    expect(signals[0]).toMatchObject({
      nodeId: 'call',
      key: '2',
      payload: { runId: id, status: 'failed', output: { total: 3 }, error: ERROR },
    });
    const run = await prisma().run.findUniqueOrThrow({ where: { id: parentId } });
    expect(run.signals).toBe(1);
    expect(run.wakeAt).toBeInstanceOf(Date);
    expect((await api.call(`GET /runs/${id}`)).body.parent).toEqual({
      runId: parentId,
      nodeId: 'call',
      key: '2',
    });
  });

  test('is not told to a step that does not wait', async () => {
    const parentId = await endedRun(await publish(unique('parent')), { status: 'succeeded' });
    const parent = { runId: parentId, nodeId: 'call', key: '', isAwaited: false };
    await endedRun(await publish(unique('child')), { kind: 'call', parent });
    await tellEnds(pool());
    expect(await prisma().signal.count({ where: { runId: parentId } })).toBe(0);
  });
});

describe('telling ends', () => {
  test('closes the questions of the run that are open', async () => {
    const id = await endedRun(await publish(unique('asks')), { status: 'cancelled' });
    const approval = {
      id: uuidv7(),
      workspaceId: api.workspaceId,
      runId: id,
      nodeId: 'ask',
      flowSlug: 'asks',
      question: 'Go on?',
      approvers: { emails: [], role: 'operator' },
    };
    await prisma().approval.create({ data: approval });
    await tellEnds(pool());
    expect(await prisma().approval.findUniqueOrThrow({ where: { id: approval.id } })).toMatchObject({
      decision: 'cancelled',
      decidedAt: expect.any(Date) as Date,
    });
  });

  test('wakes the next in line', async () => {
    const flow = await publish(unique('line'));
    const concurrency = { key: '=one', limit: 1 };
    const id = await endedRun(flow, { status: 'succeeded', concurrency });
    const next: string[] = [];
    for (let place = 0; place < 2; place++) {
      const waiting = await endedRun(flow, { status: 'succeeded', concurrency });
      await prisma().run.update({
        where: { id: waiting },
        data: { status: 'queued', startedAt: null, finishedAt: null, isEndDue: false },
      });
      next.push(waiting);
    }
    const told = await tellEnds(pool());
    expect(told.woken).toEqual([next[0]]);
    expect(await isDue(id)).toBe(false);
    expect((await prisma().run.findUniqueOrThrow({ where: { id: next[1]! } })).wakeAt).toBeNull();
  });

  test('of many runs leaves none out, and one that cannot be told keeps none of the others from it', async () => {
    const handler = await publish(unique('handler'));
    const flow = await publish(unique('many'), { onFailure: handler });
    const ids: string[] = [];
    for (let n = 0; n < 60; n++) ids.push(await endedRun(flow));
    await pool().query(
      `create function refuse_one() returns trigger language plpgsql as $$ begin
         if new.failure_of = '${ids[3]}' then raise exception 'not this one'; end if; return new; end $$`,
    );
    await pool().query(
      'create trigger refuse_one before insert on run for each row execute function refuse_one()',
    );
    for (let look = 0; look < 3; look++) await tellEnds(pool());
    await pool().query('drop trigger refuse_one on run');
    expect(await prisma().run.findMany({ where: { isEndDue: true }, select: { id: true } })).toEqual([
      { id: ids[3] },
    ]);
    await tellEnds(pool());
    expect(await prisma().run.count({ where: { failureOf: { in: ids } } })).toBe(60);
  }, 240_000);
});

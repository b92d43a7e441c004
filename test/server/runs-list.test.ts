import { beforeAll, describe, expect, test } from 'vitest';

import type { RunStatus } from '#core/api/runs.ts';
import { handleApiRequest } from '#server/api/handle-api-request.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { subscribeToRunChanges } from '#server/live/subscribe-to-run-changes.ts';
import { runChangeStream } from '#server/runs/run-change-stream.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';
import { makeApiWorkspace, useApi, type Api } from '#test/support/use-api.ts';

const api = useApi();

interface Made {
  readonly flow?: string;
  readonly status?: 'queued' | 'succeeded' | 'failed' | 'cancelled';
  readonly createdAt?: Date;
  readonly body?: Uint8Array;
  readonly dedupeKey?: string;
  readonly message?: string;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
}

/** Stores a run of a published flow, as ingress and worker would have left it. */
async function makeRun(where: Pick<Api, 'workspaceId'>, made: Made = {}): Promise<string> {
  const { workspaceId } = where;
  const slug = made.flow ?? 'listed';
  const flow = await prisma().flow.findUniqueOrThrow({
    where: { workspaceId_slug: { workspaceId, slug } },
    include: { versions: true },
  });
  const [id, eventId] = [uuidv7(), uuidv7()];
  const body = new Uint8Array(made.body ?? Buffer.from('{}'));
  await prisma().event.create({
    data: { id: eventId, workspaceId, flowId: flow.id, kind: 'webhook', body, dedupeKey: made.dedupeKey },
  });
  const { status = 'succeeded', createdAt, startedAt, finishedAt, message } = made;
  await prisma().run.create({
    data: {
      ...{
        id,
        workspaceId,
        flowId: flow.id,
        flowSlug: slug,
        flowName: flow.name,
        eventId,
        status,
        createdAt,
      },
      ...{
        flowVersionId: flow.versions[0]?.id ?? '',
        versionNumber: 1,
        startedBy: 'webhook',
        startedAt,
        finishedAt,
      },
      ...(message === undefined ? {} : { error: { kind: 'invalid', code: 'x', message } }),
    },
  });
  return id;
}

async function makeFlow(caller: { workspaceId: string; key: string }, slug: string, name = `Flow ${slug}`) {
  await api.call(`PUT /flows/${slug}`, { ...manualFlow(slug), name }, caller);
  expect((await api.call(`POST /flows/${slug}/publish`, undefined, caller)).status).toBe(200);
}

async function idsOf(query: string, caller: { key: string } = api): Promise<string[]> {
  const { status, body } = await api.call(`GET /runs?${query}`, undefined, { key: caller.key });
  expect([query, status]).toEqual([query, 200]);
  return body.data.map((run: { id: string }) => run.id);
}

const day = (n: number) => new Date(Date.UTC(2026, 2, n));

describe('pages', () => {
  test('hold every run once, newest first, while runs are inserted, also of one and the same microsecond', async () => {
    const other = await makeApiWorkspace();
    await makeFlow(other, 'listed');
    const made: string[] = [];
    for (let n = 0; n < 12; n += 1)
      made.push(await makeRun(other, { createdAt: day(1 + Math.floor(n / 4)) }));
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await api.call(`GET /runs?limit=5${cursor && `&cursor=${cursor}`}`, undefined, other);
      seen.push(...body.data.map((run: { id: string }) => run.id));
      await makeRun(other);
      if (body.next === null) break;
      cursor = body.next;
    }
    expect(seen).toHaveLength(12);
    expect(seen).toEqual([...made].sort((a, b) => made.indexOf(b) - made.indexOf(a)));
  });

  test('of two workspaces do not mix, nor do their cursors open the other', async () => {
    const [mine, theirs] = [await makeApiWorkspace(), await makeApiWorkspace()];
    for (const caller of [mine, theirs]) await makeFlow(caller, 'listed');
    const own = [await makeRun(mine), await makeRun(mine)];
    await makeRun(theirs);
    const { next } = (await api.call('GET /runs?limit=1', undefined, mine)).body;
    expect(await idsOf(`cursor=${next}`, mine)).toEqual([own[0]]);
    expect(await idsOf(`cursor=${next}`, theirs)).not.toContain(own[0]);
  });

  test.each([
    'x',
    btoa('{}'),
    btoa('{"createdAt":"0000-01-01T00:00:00.000000Z","id":"019aaaaa-0000-7000-8000-000000000000"}'),
  ])('refuse the cursor %s', async (cursor) => {
    expect((await api.call(`GET /runs?cursor=${encodeURIComponent(cursor)}`)).status).toBe(400);
  });
});

describe('filters', () => {
  const ids: Record<string, string> = {};
  const where: { workspaceId: string; key: string } = { workspaceId: '', key: '' };
  beforeAll(async () => {
    Object.assign(where, await makeApiWorkspace());
    await makeFlow(where, 'listed');
    await makeFlow(where, 'orders', 'Order 100% fan_out');
    ids['ok'] = await makeRun(where, { createdAt: day(1) });
    ids['bad'] = await makeRun(where, {
      status: 'failed',
      createdAt: day(2),
      message: "It's 50% off, a\\b_c",
    });
    ids['order'] = await makeRun(where, { flow: 'orders', status: 'cancelled', createdAt: day(3) });
    ids['keyed'] = await makeRun(where, { dedupeKey: 'evt_Delivery-9', createdAt: day(4) });
    ids['json'] = await makeRun(where, {
      body: Buffer.from('{"Name":"Zoë","q":"it\'s"}'),
      createdAt: day(5),
    });
    ids['bytes'] = await makeRun(where, {
      body: Buffer.concat([
        Buffer.from([0xff, 0xfe, 0x00, 0x80]),
        Buffer.from('Needle'),
        Buffer.from([0xc3]),
      ]),
      createdAt: day(6),
    });
  });

  test.each([
    ['flow=orders', ['order']],
    ['flow=nothing', []],
    ['flow=%00', []],
    ['status=failed', ['bad']],
    ['status=failed,cancelled', ['order', 'bad']],
    ['status=', ['bytes', 'json', 'keyed', 'order', 'bad', 'ok']],
    ['from=2026-03-05T00:00:00Z', ['bytes', 'json']],
    ['to=2026-03-02T00:00:00Z', ['ok']],
    ['from=2026-03-02T02:00:00%2B02:00&to=2026-03-03T00:00:00Z', ['bad']],
    ['from=0000-01-01T00:00:00Z&to=2026-03-02T00:00:00%2B23:59', ['ok']],
    ['q=evt_delivery', ['keyed']],
    ['q=fan_out', ['order']],
    ['q=ORDERS', ['order']],
    ['q=%25', ['order', 'bad']],
    ['q=0%25%20', ['order', 'bad']],
    ['q=_', ['keyed', 'order', 'bad']],
    ['q=%5C', ['bad']],
    ["q='", ['json', 'bad']],
    ['q=%22NAME%22', ['json']],
    ['q=zo%C3%AB', ['json']],
    ['q=303', []],
    ['q=%5C303', []],
    ['q=needle', ['bytes']],
    ['q=%00', ['bytes']],
    ['q=%00%C2%80', []],
    ['q=%ED%A0%80', []],
    ["q=');DROP TABLE run;--", []],
    ['q=Name&flow=orders', []],
  ])('%s', async (query, names) => {
    expect(await idsOf(query, where)).toEqual(names.map((name) => ids[name]));
  });

  test('by the beginning of a run’s id, in either case', async () => {
    const id = ids['ok'] ?? '';
    expect(await idsOf(`q=${id}`, where)).toEqual([id]);
    expect(await idsOf(`q=${id.slice(0, 34).toUpperCase()}`, where)).toEqual([id]);
    expect(await idsOf(`q=${id.slice(9)}`, where)).toEqual([]);
  });

  test.each([
    'status=nonsense',
    'from=yesterday',
    'to=2026-13-01T00:00:00Z',
    'limit=0',
    'limit=201',
    'colour=red',
  ])('refuse %s with its place', async (query) => {
    const { status, body } = await api.call(`GET /runs?${query}`, undefined, { key: where.key });
    expect([status, body.errors[0].pointer]).toEqual([
      400,
      expect.stringContaining(query.split('=')[0] ?? ''),
    ]);
  });
});

describe('stats', () => {
  test('count every status, repeats and times; accepted is their sum', async () => {
    await makeFlow(api, 'counted');
    const flow = await prisma().flow.findFirstOrThrow({ where: { slug: 'counted' } });
    const base = day(10).getTime();
    for (let n = 1; n <= 4; n += 1) {
      const [createdAt, startedAt] = [new Date(base + n), new Date(base + n + 5 * n)];
      const finishedAt = new Date(startedAt.getTime() + 100 * n);
      const id = await makeRun(api, {
        flow: 'counted',
        status: n === 4 ? 'failed' : 'succeeded',
        createdAt,
        startedAt,
        finishedAt,
      });
      const eventId = (await prisma().run.findUniqueOrThrow({ where: { id } })).eventId ?? '';
      await prisma().step.create({
        data: { runId: id, nodeId: 'start', status: 'succeeded', startedAt: new Date(base + n + 10 * n) },
      });
      await prisma().dedupeKey.create({
        data: { flowId: flow.id, key: `k${n}`, eventId, runId: id, firstSeenAt: createdAt, duplicates: n },
      });
    }
    await makeRun(api, { flow: 'counted', status: 'queued', createdAt: new Date(base) });
    await makeRun(api, { flow: 'counted', status: 'queued', createdAt: day(11) });

    const { body } = await api.call(
      'GET /flows/counted/stats?from=2026-03-10T00:00:00Z&to=2026-03-11T00:00:00Z',
    );
    expect(body).toEqual({
      from: '2026-03-10T00:00:00.000Z',
      to: '2026-03-11T00:00:00.000Z',
      accepted: 15,
      deduplicated: 10,
      runs: { queued: 1, running: 0, waiting: 0, in_doubt: 0, succeeded: 3, failed: 1, cancelled: 0 },
      successRate: 0.75,
      toFirstStepMs: { p50: expect.closeTo(25), p95: expect.closeTo(38.5), p99: expect.closeTo(39.7) },
      runTimeMs: { p50: expect.closeTo(250), p95: expect.closeTo(385), p99: expect.closeTo(397) },
    });
    for (const window of [
      '',
      '?from=2026-03-10T00:00:00Z',
      '?to=2026-03-10T00:00:00.003Z',
      '?from=2020-01-01T00:00:00Z',
    ]) {
      const stats = (await api.call(`GET /flows/counted/stats${window}`)).body;
      const runs = Object.values<number>(stats.runs).reduce((sum, count) => sum + count, 0);
      expect([window, stats.accepted]).toEqual([window, runs + stats.deduplicated]);
    }
  });

  test('of a flow that did nothing are zeros and nulls', async () => {
    await makeFlow(api, 'quiet');
    expect((await api.call('GET /flows/quiet/stats')).body).toMatchObject({
      accepted: 0,
      successRate: null,
      to: null,
      runTimeMs: { p50: null, p95: null, p99: null },
    });
  });
});

describe('streams', () => {
  const textOf = (stream: ReadableStream<Uint8Array>) =>
    stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();

  /** Opens a stream and collects its text until `isDone`. */
  async function follow(path: string, isDone: (text: string) => boolean, act?: () => void) {
    const closing = new AbortController();
    const request = new Request(`${PUBLIC_URL}/api/v1${path}`, {
      headers: { authorization: `Bearer ${api.key}` },
      signal: closing.signal,
    });
    const response = await handleApiRequest(request);
    const reader = textOf(response.body!);
    act?.();
    let text = '';
    while (!isDone(text)) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
    }
    await reader.cancel();
    closing.abort();
    return { type: response.headers.get('content-type'), text };
  }

  const dataOf = (text: string) =>
    [...text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? ''));

  test('tell which runs changed: ids, flow and status, nothing of another workspace or flow', async () => {
    await makeFlow(api, 'followed');
    const other = await makeApiWorkspace();
    const [id, elsewhere, unasked] = [uuidv7(), uuidv7(), uuidv7()];
    let timer: NodeJS.Timeout | undefined;
    const announce = () => {
      // A notification before LISTEN is in place is lost, as any is to a reader who comes later.
      timer = setInterval(() => {
        publishRunChanges([
          { id: elsewhere, workspaceId: other.workspaceId, flow: 'followed', status: 'failed' },
          { id: unasked, workspaceId: api.workspaceId, flow: 'other', status: 'failed' },
          { id, workspaceId: api.workspaceId, flow: 'followed', status: 'running' },
        ]);
      }, 60);
    };
    const { type, text } = await follow(
      '/runs/stream?flow=followed',
      (seen) => seen.includes('data:'),
      announce,
    );
    clearInterval(timer);
    expect(type).toContain('text/event-stream');
    expect(dataOf(text)[0]).toEqual({ id, flow: 'followed', status: 'running' });
    expect(text).not.toContain(elsewhere);
    expect(text).not.toContain(unasked);
  });

  test('of one run begin with its present status', async () => {
    await makeFlow(api, 'watched');
    const id = await makeRun(api, { flow: 'watched', status: 'cancelled' });
    const { text } = await follow(`/runs/${id}/stream`, (seen) => seen.includes('data:'));
    expect(dataOf(text)).toEqual([{ id, flow: 'watched', status: 'cancelled' }]);
  });

  test('coalesce for a reader that stalls, and say so when it missed too many', async () => {
    const filter = { workspaceId: api.workspaceId, flow: 'stalled' };
    const reader = textOf(runChangeStream(filter));
    const change = (id: string, status: RunStatus) => ({ id, ...filter, status });
    const first = uuidv7();
    let text = '';
    const repeat = setInterval(() => publishRunChanges([change(first, 'queued')]), 60);
    while (!text.includes(first)) text += (await reader.read()).value ?? '';
    clearInterval(repeat);
    // The reader stalls until this process has heard of everything.
    const heard = new Set<string>();
    const stopHearing = subscribeToRunChanges(filter, ({ id }) => void heard.add(id));
    const missed = Array.from({ length: 1_500 }, () => uuidv7());
    const last = uuidv7();
    publishRunChanges(missed.map((id) => change(id, 'running')));
    await waitFor('the changes to be heard of', () => missed.every((id) => heard.has(id)));
    publishRunChanges([change(last, 'failed')]);
    await waitFor('the last change to be heard of', () => heard.has(last));
    stopHearing();
    while (!text.includes(last)) text += (await reader.read()).value ?? '';
    expect(text).toContain('event: gap\ndata: {}\n\n');
    await reader.cancel();
  });

  test('end their subscriptions with their readers', async () => {
    const hub = (globalThis as { patchbayHub?: { subscriptions: Set<unknown> } }).patchbayHub;
    const hasEnded = await waitFor(
      'the last subscription to end',
      () => hub?.subscriptions.size === 0,
      2_000,
    );
    expect(hasEnded).toBe(true);
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { FlowNode } from '#core/flow-document.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { egressClient, type EgressClient } from '#server/egress/egress-client.ts';
import { recordFailure } from '#server/sql/poll-rows.ts';
import { askPoll } from '#worker/triggers/ask-poll.ts';
import type { PolledItems } from '#worker/triggers/polled-items.ts';
import { leaseDuePolls, type PollJob } from '#worker/triggers/poll-lease.ts';
import { Poller } from '#worker/triggers/poller.ts';
import { settlePoll } from '#worker/triggers/settle-poll.ts';
import { ALWAYS_DUE } from '#test/support/always-due.ts';
import { callServices, OPEN_GATE } from '#test/support/call-services.ts';
import { startSink, type Sink, type SinkReply } from '#test/support/sink.ts';
import { pollFlow } from '#test/support/trigger-flows.ts';
import { useApi } from '#test/support/use-api.ts';
import { waitFor } from '#test/support/wait-for.ts';

const api = useApi();
let sink: Sink;
let http: EgressClient;
/** The moved clock, in milliseconds since 1970. */
let clock = 0;

beforeAll(async () => {
  sink = await startSink();
  http = egressClient({ allow: '127.0.0.0/8' });
});
afterAll(async () => {
  await http.close();
  await sink.stop();
});
beforeEach(() => {
  // Publishing takes a while on a busy machine, and what it sets must be due.
  clock = Date.now() + 20_000;
});
afterEach(async () => {
  await prisma().poll.deleteMany();
});

const services = () => callServices(http, { now: () => clock, gate: OPEN_GATE });

/** Publishes a poll of `/<slug>` on the far end. */
function publish(slug: string, config: JsonObject = {}, rest: Partial<FlowNode> = {}): Promise<void> {
  return put(slug, { ...settingsFor(slug), ...config }, rest);
}

function publishWithout(slug: string, setting: string): Promise<void> {
  const { [setting]: _, ...config } = settingsFor(slug);
  return put(slug, config);
}

function settingsFor(slug: string): JsonObject {
  return { request: { url: `${sink.url}/${slug}` }, key: { $expr: 'item.id' }, first: 'run' };
}

async function put(slug: string, config: JsonObject, rest: Partial<FlowNode> = {}): Promise<void> {
  const document = pollFlow(slug, config, rest);
  await api.call(`PUT /flows/${slug}`, document);
  const { status, body } = await api.call(`POST /flows/${slug}/publish`);
  expect(status, JSON.stringify(body)).toBe(200);
}

const pollOf = (slug: string) => prisma().poll.findFirstOrThrow({ where: { flow: { slug } } });

/** The items that runs were started for, in the order of the runs. */
async function itemsOf(slug: string): Promise<Json[]> {
  const runs = await prisma().run.findMany({
    where: { flowSlug: slug },
    include: { event: true },
    orderBy: { id: 'asc' },
  });
  return runs.map(({ event }) => JSON.parse(Buffer.from(event!.body).toString()) as Json);
}

async function lease(): Promise<PollJob> {
  const [job, ...more] = await leaseDuePolls(new Date(clock), 8);
  expect(more).toEqual([]);
  expect(job).toBeDefined();
  return job!;
}

async function ask(job: PollJob): Promise<PolledItems> {
  const asked = await askPoll(job, services(), new AbortController().signal);
  if ('error' in asked) throw new Error(asked.error.message);
  return asked.polled;
}

/** One whole turn of the one poll that is due. Resolves to the number of runs. */
async function turn(): Promise<number> {
  const job = await lease();
  return settlePoll(job, await ask(job), new Date(clock));
}

async function failingTurn() {
  const job = await lease();
  const asked = await askPoll(job, services(), new AbortController().signal);
  if ('polled' in asked) throw new Error('The poll did not fail.');
  return asked.error;
}

describe('a poll', () => {
  test('starts a run for each item, with the item as trigger and output, and none for one that it knows', async () => {
    sink.reply('/known', { body: [{ id: 1 }, { id: 2 }] });
    await publish('known');
    expect(await turn()).toBe(2);
    sink.reply('/known', { body: [{ id: 3 }, { id: 2 }, { id: 3, again: true }, { id: 1 }] });
    clock += 300_000;
    expect(await turn()).toBe(1);
    expect(await itemsOf('known')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    const run = await prisma().run.findFirstOrThrow({
      where: { flowSlug: 'known' },
      orderBy: { id: 'desc' },
      include: { event: true },
    });
    expect(run).toMatchObject({
      startedBy: 'poll',
      versionNumber: 1,
      event: { kind: 'poll', dedupeKey: '3' },
    });
    expect((await api.call(`GET /runs/${run.id}`)).body.trigger.body).toEqual({ id: 3 });
    expect(await pollOf('known')).toMatchObject({ found: 4, failures: 0, error: null });
    const stats = (await api.call('GET /flows/known/stats')).body;
    expect([stats.accepted, stats.deduplicated]).toEqual([3, 0]);
  });

  test('asks again after its interval, counted from the request', async () => {
    sink.reply('/pace', { body: [] });
    await publish('pace', { everySeconds: 60 });
    const job = await lease();
    expect(await leaseDuePolls(new Date(clock), 8)).toEqual([]);
    const asked = clock;
    clock += 2_000;
    await settlePoll(job, await ask(job), new Date(clock));
    const row = await pollOf('pace');
    expect(row.nextAt.getTime()).toBe(asked + 60_000);
    expect(row.askedAt?.getTime()).toBe(asked);
    expect(row.answeredAt?.getTime()).toBe(clock);
  });

  test('follows pages with a cursor, and keeps it when a reply yields none', async () => {
    sink.reply('/pages', ({ query }) => {
      const since = Number(query.get('since') ?? 0);
      const data = [1, 2, 3, 4, 5].filter((id) => id > since).slice(0, 2);
      return { body: { data: data.map((id) => ({ id })) } };
    });
    await publish('pages', {
      request: { url: `${sink.url}/pages`, query: { since: { $expr: 'cursor' } } },
      items: { $expr: 'reply.body.data' },
      cursor: { $expr: 'items[-1].id' },
    });
    for (const expected of [2, 2, 1, 0, 0]) {
      expect(await turn()).toBe(expected);
      clock += 300_000;
    }
    expect(sink.at('/pages').map(({ query }) => query.get('since'))).toEqual([null, '2', '4', '5', '5']);
    expect(await itemsOf('pages')).toEqual([1, 2, 3, 4, 5].map((id) => ({ id })));
    expect((await pollOf('pages')).cursor).toBe(5);
  });

  test('reads the items by expression: one alone, none, and 304', async () => {
    sink.reply('/read', ({ headers }, before): SinkReply => {
      if (headers['if-none-match'] === 'v2') return { status: 304, body: '' };
      const orders = [
        { id: 1, open: true },
        { id: 2, open: before > 0 },
      ].slice(0, 2);
      return { headers: { etag: before > 0 ? 'v2' : 'v1' }, body: { orders } };
    });
    await publish('read', {
      request: { url: `${sink.url}/read`, headers: { 'if-none-match': { $expr: 'cursor' } } },
      items: { $expr: 'reply.body.orders[open]' },
      cursor: { $expr: 'reply.headers.etag' },
    });
    expect(await turn()).toBe(1);
    clock += 300_000;
    expect(await turn()).toBe(1);
    clock += 300_000;
    expect(await turn()).toBe(0);
    expect(await pollOf('read')).toMatchObject({ cursor: 'v2', failures: 0, found: 0 });
    expect((await itemsOf('read')).map((item) => (item as JsonObject)['id'])).toEqual([1, 2]);
  });

  test('with first: skip only remembers what is there', async () => {
    sink.reply('/first', { body: [{ id: 1 }] });
    await publish('first', { first: 'skip' });
    expect(await turn()).toBe(0);
    sink.reply('/first', { body: [{ id: 1 }, { id: 2 }] });
    clock += 300_000;
    expect(await turn()).toBe(1);
    expect(await itemsOf('first')).toEqual([{ id: 2 }]);
  });

  test('without a key the whole item counts', async () => {
    sink.reply('/whole', { body: [{ a: 1, b: 2 }, { b: 2, a: 1 }, 'text', 7, null] });
    await publishWithout('whole', 'key');
    expect(await turn()).toBe(4);
    clock += 300_000;
    expect(await turn()).toBe(0);
  });

  test('an item that is listed for longer than 30 days stays known', async () => {
    sink.reply('/long', { body: [{ id: 1 }] });
    await publish('long');
    expect(await turn()).toBe(1);
    for (const days of [20, 20]) {
      const ago = await prisma().$executeRaw`
        UPDATE dedupe_key SET first_seen_at = first_seen_at - make_interval(days => ${days})`;
      expect(ago).toBeGreaterThan(0);
      clock += 300_000;
      expect(await turn()).toBe(0);
    }
    await prisma().$executeRaw`UPDATE dedupe_key SET first_seen_at = first_seen_at - interval '31 days'`;
    clock += 300_000;
    expect(await turn()).toBe(1);
  });

  test('sends the secrets of its connection, and keeps them out of what it stores', async () => {
    await api.call('POST /connections', {
      slug: 'shop',
      name: 'Shop',
      connector: 'bearer_token',
      fields: { token: 'very-secret-token' },
    });
    sink.reply('/secret', ({ headers }) => ({ body: [{ id: 1, echo: headers.authorization }] }));
    await publish('secret', {}, { connection: 'shop' });
    expect(await turn()).toBe(1);
    expect(sink.at('/secret')[0]?.headers.authorization).toBe('Bearer very-secret-token');
    expect(await itemsOf('secret')).toEqual([{ id: 1, echo: 'Bearer [secret]' }]);
  });

  test('stands in the line that the flow asks for, in the order of the reply', async () => {
    sink.reply('/line', { body: [{ id: 3 }, { id: 1 }, { id: 2 }] });
    const document = pollFlow('line', settingsFor('line'));
    await api.call('PUT /flows/line', {
      ...document,
      settings: { concurrency: { key: { $expr: 'trigger.body.id' }, limit: 2 } },
    });
    await api.call('POST /flows/line/publish');
    expect(await turn()).toBe(3);
    const runs = await prisma().run.findMany({ where: { flowSlug: 'line' }, orderBy: { id: 'asc' } });
    expect(runs.map((run) => [run.concurrencyKey, run.concurrencyLimit])).toEqual([
      ['=3', 2],
      ['=1', 2],
      ['=2', 2],
    ]);
  });
});

describe('a worker that goes away in the middle', () => {
  test('leaves the poll to a peer once its lease is over; nothing is lost or doubled', async () => {
    sink.reply('/gone', { body: [{ id: 1 }, { id: 2 }] });
    await publish('gone');
    const abandoned = await lease();
    await ask(abandoned);
    // It died here: between the reply and the commit.
    clock += 60_000;
    expect(await leaseDuePolls(new Date(clock), 8)).toEqual([]);
    clock += 31_000;
    expect(await turn()).toBe(2);
    expect(await itemsOf('gone')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('and comes back late stores nothing', async () => {
    sink.reply('/late', { body: [{ id: 1 }] });
    await publish('late');
    const late = await lease();
    const polled = await ask(late);
    clock += 91_000;
    expect(await turn()).toBe(1);
    const row = await pollOf('late');
    expect(await settlePoll(late, { ...polled, cursor: 'stale' }, new Date(clock))).toBe(0);
    const error = { kind: 'transient', code: 'timeout', message: 'Slow.' } as const;
    await recordFailure(pool(), late.lease, { nextAt: new Date(0), error });
    expect(await pollOf('late')).toEqual(row);
  });

  test('the same for a poll that was changed or taken off the air meanwhile', async () => {
    sink.reply('/changed', { body: [{ id: 1 }] });
    await publish('changed');
    const before = await lease();
    const polled = await ask(before);
    await publish('changed', { items: { $expr: 'reply.body[id > 1]' } });
    expect(await settlePoll(before, polled, new Date(clock))).toBe(0);
    const job = await lease();
    await api.call('POST /flows/changed/unpublish');
    expect(await settlePoll(job, polled, new Date(clock))).toBe(0);
    expect(await itemsOf('changed')).toEqual([]);
  });

  test('two workers never ask the same poll at a time', async () => {
    sink.reply('/two', { body: [] });
    await publish('two');
    const taken = await Promise.all(Array.from({ length: 4 }, () => leaseDuePolls(new Date(clock), 8)));
    expect(taken.flat()).toHaveLength(1);
  });
});

describe('a poll that fails', () => {
  test.each<[string, SinkReply, JsonObject, object]>([
    ['status', { status: 500 }, {}, { kind: 'transient', code: 'http_status' }],
    ['missing', { status: 404 }, {}, { kind: 'invalid', code: 'http_status' }],
    [
      'throttled',
      { status: 429, headers: { 'retry-after': '7' } },
      {},
      { kind: 'throttled', retryAfterMs: 7_000 },
    ],
    ['hang-up', { hangUp: true }, {}, { kind: 'transient' }],
    ['no-list', { body: { data: [] } }, {}, { code: 'items_not_a_list', pointer: '/config/items' }],
    ['no-key', { body: [{ id: 1 }, { uid: 2 }] }, {}, { code: 'key_missing', pointer: '/config/key' }],
    [
      'bad-expression',
      { body: [1] },
      { items: { $expr: '$number("x")' } },
      { code: 'expression_failed', pointer: '/config/items' },
    ],
    [
      'bad-url',
      {},
      { request: { url: { $expr: '"nowhere"' } } },
      { code: 'invalid_settings', pointer: '/config/request/url' },
    ],
    [
      'too-many',
      { body: Array.from({ length: 10_001 }, (_, id) => ({ id })) },
      {},
      { code: 'too_many_items' },
    ],
    ['big-cursor', { body: [] }, { cursor: { $expr: '$pad("x", 70000)' } }, { code: 'cursor_too_large' }],
  ])('says why: %s', async (name, reply, config, expected) => {
    sink.reply(`/fails-${name}`, reply);
    await publish(`fails-${name}`, config);
    expect(await failingTurn()).toMatchObject(expected);
    expect(await itemsOf(`fails-${name}`)).toEqual([]);
  });

  test('is shown, waits as the far end asks, and recovers without losing an item', async () => {
    let status = 503;
    sink.reply('/weak', () =>
      status === 200 ? { body: [{ id: 1 }] } : { status, headers: { 'retry-after': '120' } },
    );
    await publish('weak', { everySeconds: 10 });
    const poller = new Poller({ ...services(), pool: pool(), due: ALWAYS_DUE, now: () => clock });
    poller.start();
    const failed = await waitFor('the failure', async () => {
      const row = await pollOf('weak');
      return row.failures === 1 && row;
    });
    expect(failed.nextAt.getTime()).toBeGreaterThanOrEqual(clock + 120_000);
    const { poll } = (await api.call('GET /flows/weak/summary')).body;
    expect(poll).toMatchObject({
      failures: 1,
      answeredAt: null,
      error: { kind: 'throttled', code: 'http_status' },
    });
    expect(poll.error.message).toContain('answered 503');
    status = 200;
    clock += 121_000;
    await waitFor('the run', async () => (await itemsOf('weak')).length === 1);
    await poller.stop(1_000);
    expect(await pollOf('weak')).toMatchObject({ failures: 0, error: null, found: 1 });
    expect(sink.at('/weak')).toHaveLength(2);
  });
});

test('a poller that is stopped gives back what it could not end', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  sink.reply('/slow', { until: promise });
  await publish('slow');
  const poller = new Poller({ ...services(), pool: pool(), due: ALWAYS_DUE, now: () => clock });
  poller.start();
  await sink.waitFor('/slow', 1);
  expect((await pollOf('slow')).nextAt.getTime()).toBeGreaterThan(clock);
  await poller.stop(50);
  expect(await pollOf('slow')).toMatchObject({ failures: 0, nextAt: new Date(clock) });
  resolve();
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { LEARN_UNTIL } from '#core/drift/follow-contract.ts';
import type { JsonObject } from '#core/json.ts';
import { prisma } from '#server/db/prisma.ts';
import { learnFromEvents } from '#server/drift/learn-from-events.ts';
import { listDrift } from '#server/drift/list-drift.ts';
import { egressClient, type EgressClient } from '#server/egress/egress-client.ts';
import { readLedger } from '#server/ledger/read-ledger.ts';
import { askPoll } from '#worker/triggers/ask-poll.ts';
import { leaseDuePolls } from '#worker/triggers/poll-lease.ts';
import { settlePoll } from '#worker/triggers/settle-poll.ts';
import { callServices, OPEN_GATE } from '#test/support/call-services.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { appFlow, pollFlow } from '#test/support/trigger-flows.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { startVendorHost, type VendorHost } from '#test/support/triggers/vendor-host.ts';
import { useApi } from '#test/support/use-api.ts';

/** Events of this very moment are looked at, too; each look takes 20 of a flow at most. */
const AT_ONCE = -60_000;
const A_LOOK = 20;
const api = useApi();
let sink: Sink;
let vendor: VendorHost;
let http: EgressClient;
/** The moved clock, in milliseconds since 1970. */
let clock = 0;

beforeAll(async () => {
  sink = await startSink();
  vendor = await startVendorHost();
  http = egressClient({ allow: '127.0.0.0/8' });
  await storeAccount(api.workspaceId, { slug: 'sheets', connector: 'google_sheets' });
});
afterAll(async () => {
  await http.close();
  await vendor.stop();
  await sink.stop();
});
beforeEach(() => {
  // Publishing takes a while on a busy machine, and what it sets must be due.
  clock = Date.now() + 20_000;
});
afterEach(async () => {
  await prisma().poll.deleteMany();
});

async function publish(document: { readonly slug: string }): Promise<void> {
  await api.call(`PUT /flows/${document.slug}`, document);
  const { status, body } = await api.call(`POST /flows/${document.slug}/publish`);
  expect(status, JSON.stringify(body)).toBe(200);
}

/** One whole turn of the one poll that is due. Resolves to the number of runs. */
async function turn(client = http): Promise<number> {
  clock += 301_000;
  const [job] = await leaseDuePolls(new Date(clock), 8);
  const services = callServices(client, { now: () => clock, gate: OPEN_GATE });
  const asked = await askPoll(job!, services, new AbortController().signal);
  if ('error' in asked) throw new Error(asked.error.message);
  return settlePoll(job!, asked.polled, new Date(clock));
}

const heldOf = async (slug: string) =>
  (await api.call(`GET /quarantine?flow=${slug}`)).body.data as { id: string; reasons: object[] }[];
const settledVersions = async (slug: string) =>
  (await prisma().contract.findMany({ where: { flow: { slug }, place: '', settledAt: { not: null } } })).map(
    ({ versionNumber }) => versionNumber,
  );

const orderOf = (id: number): JsonObject => ({ id, total: 10, customer: { email: 'ada@example.com' } });
const ordersFlow = (slug: string, config: JsonObject) =>
  pollFlow(slug, {
    ...{ request: { url: `${sink.url}/${slug}` }, key: { $expr: 'item.id' }, first: 'run' },
    ...config,
  });

/** Lists usual orders until they are known. */
async function settle(slug: string): Promise<void> {
  for (let last = A_LOOK; last < LEARN_UNTIL + A_LOOK; last += A_LOOK) {
    sink.reply(`/${slug}`, { body: Array.from({ length: A_LOOK }, (_, at) => orderOf(last - at)) });
    expect(await turn()).toBe(A_LOOK);
    await learnFromEvents(AT_ONCE);
  }
  expect(await settledVersions(slug)).toEqual([1]);
}

test('a poll puts items into quarantine that are not as usual, once each, and replays them as it would have run them', async () => {
  await publish(ordersFlow('held', { onDrift: 'quarantine' }));
  await settle('held');
  const changed = { ...orderOf(101), total: 'ten' };
  const gone = { id: 102, total: 10 };
  sink.reply('/held', { body: [changed, orderOf(103), gone] });
  expect(await turn()).toBe(1);
  expect(await turn()).toBe(0);
  const held = await heldOf('held');
  expect(held.map(({ reasons }) => reasons)).toEqual([
    [{ pointer: '/customer', message: 'customer is missing' }],
    [{ pointer: '/total', message: 'total is a text instead of a number' }],
  ]);
  await learnFromEvents(AT_ONCE);
  expect(await listDrift(api.workspaceId, 'held')).toHaveLength(2);

  const eventIds = held.map(({ id }) => id);
  const { body } = await api.call('POST /quarantine/replay', { eventIds });
  expect(body).toMatchObject({ runs: [{}, {}], skipped: [] });
  const again = await api.call('POST /quarantine/replay', { eventIds });
  expect(again.body).toEqual({ runs: [], skipped: eventIds });
  const runs = await prisma().run.findMany({
    where: { flowSlug: 'held' },
    include: { event: true },
    orderBy: { id: 'desc' },
    take: 2,
  });
  expect(runs.map(({ startedBy, event }) => [startedBy, event?.kind, event?.dedupeKey])).toEqual([
    ['poll', 'poll', '102'],
    ['poll', 'poll', '101'],
  ]);
  // The far end goes on listing them, and they stay old.
  expect(await turn()).toBe(0);
  expect(await heldOf('held')).toEqual([]);
  const { workspace, faults } = await readLedger(api.workspaceId);
  expect({ drift: workspace.drift, faults }).toEqual({ drift: 0, faults: [] });
});

test('a poll runs what is not as usual and tells it, unless the trigger says otherwise', async () => {
  await publish(ordersFlow('runs', {}));
  await settle('runs');
  sink.reply('/runs', { body: [{ id: 201, total: 10, customer: null }] });
  expect(await turn()).toBe(1);
  await learnFromEvents(AT_ONCE);
  expect(await listDrift(api.workspaceId, 'runs')).toMatchObject([{ kind: 'nulled', path: ['customer'] }]);
  expect(await heldOf('runs')).toEqual([]);
});

test('a version of a poll keeps the contract it was published with', async () => {
  await publish(ordersFlow('pinned', { onDrift: 'quarantine' }));
  await settle('pinned');
  await publish(ordersFlow('pinned', { onDrift: 'quarantine', everySeconds: 60 }));
  expect(await settledVersions('pinned')).toEqual([1, 2]);
  sink.reply('/pinned', { body: [{ id: 301, total: null, customer: { email: 'ada@example.com' } }] });
  expect(await turn()).toBe(0);
  expect(await heldOf('pinned')).toMatchObject([
    { reasons: [{ pointer: '/total', message: 'total is null; it was a number' }] },
  ]);
});

test('a poll refuses nothing: there is nobody to tell', async () => {
  await api.call('PUT /flows/refuses', ordersFlow('refuses', { onDrift: 'reject' }));
  const { status, body } = await api.call('POST /flows/refuses/publish');
  expect(status).toBe(422);
  expect(JSON.stringify(body)).toContain('/config/onDrift');
});

test('a trigger of a connector that polls does the same, and goes on from where it was when the answer to drift changes', async () => {
  let rows: string[][] = [['name', 'total']];
  vendor.answer = ({ query }) => ({
    body: {
      valueRanges: query.getAll('ranges').map((range) => {
        const [, from, to] = /!(?:A)?(\d+):(\d+|ZZZ)$/.exec(range) ?? [];
        const values = rows.slice(Number(from) - 1, to === 'ZZZ' ? rows.length : Number(to));
        return values.length > 0 ? { range, values } : { range };
      }),
    },
  });
  const through = vendor.through(http) as EgressClient;
  const flow = (onDrift?: string) =>
    appFlow('rows', {
      type: 'google_sheets.row_added',
      connection: 'sheets',
      config: { spreadsheet: 'sheet-1', sheet: 'Orders', ...(onDrift && { onDrift }) },
    });
  await publish(flow());
  await turn(through);
  for (let count = 0; count < LEARN_UNTIL; count += A_LOOK) {
    rows = [...rows, ...Array.from({ length: A_LOOK }, (_, at) => [`Ada ${count + at}`, '10'])];
    expect(await turn(through)).toBe(A_LOOK);
    await learnFromEvents(AT_ONCE);
  }
  const poll = () => prisma().poll.findFirstOrThrow({ where: { flow: { slug: 'rows' } } });
  const before = await poll();
  await publish(flow('quarantine'));
  expect(await poll()).toMatchObject({ cursor: before.cursor, answeredAt: before.answeredAt });
  expect(await settledVersions('rows')).toEqual([1, 2]);

  rows = [['name', 'sum'], ...rows.slice(1), ['Grace', '20']];
  expect(await turn(through)).toBe(0);
  expect(await heldOf('rows')).toMatchObject([{ reasons: [{ pointer: '/values/total' }] }]);
});

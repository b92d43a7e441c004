import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FlowDocument } from '#core/flow-document.ts';
import { prisma } from '#server/db/prisma.ts';
import { drainIngress } from '#server/ingress/drain-ingress.ts';
import { searchInTime } from '#server/runs/search-in-time.ts';
import { deliver, startHookServer, type HookServer } from '#test/support/hook-fixture.ts';
import { manualFlow, webhookFlow } from '#test/support/sample-flows.ts';
import { useApi } from '#test/support/use-api.ts';

const api = useApi();
const ids: Record<string, string> = {};
let server: HookServer;

async function publish(slug: string, settings: FlowDocument['settings'] = {}): Promise<void> {
  expect((await api.call(`PUT /flows/${slug}`, manualFlow(slug, { settings }))).status).toBe(201);
  expect((await api.call(`POST /flows/${slug}/publish`)).status).toBe(200);
}

async function start(name: string, flow: string, input: unknown): Promise<void> {
  const { status, body } = await api.call(`POST /flows/${flow}/runs`, { input });
  expect([name, status]).toEqual([name, 202]);
  ids[name] = body.id;
}

/** The names of what is found, in no order. */
async function found(q: string, more = ''): Promise<string[]> {
  const { status, body } = await api.call(`GET /runs?q=${encodeURIComponent(q)}${more}`);
  expect([q, status]).toEqual([q, 200]);
  const names = Object.keys(ids);
  return body.data.map(({ id }: { id: string }) => names.find((name) => ids[name] === id)).sort();
}

beforeAll(async () => {
  server = await startHookServer();
  await publish('orders', { businessKey: { name: 'order', value: { $expr: 'trigger.body.number' } } });
  await publish('letters');
  await start('one', 'orders', { number: 4711, customer: { id: 42, name: 'Zoë/M' } });
  await start('again', 'orders', { number: '4711' });
  await start('other', 'orders', {
    number: 'a-4711',
    lines: [
      { sku: 'A 1', n: 1.5 },
      { sku: 'B', paid: true },
    ],
  });
  await start('none', 'orders', { note: '4711' });
  await start('object', 'orders', { number: { is: 4711 } });
  await start('letter', 'letters', { number: 4711, a: { b: { deep: 'x' } }, weird: null });
});

afterAll(async () => {
  await server.stop();
  await drainIngress();
});

describe('a business key', () => {
  test.each<[string, string[]]>([
    ['4711', ['again', 'one']],
    ['order 4711', ['again', 'one']],
    ['Order: 4711', ['again', 'one']],
    ['order #4711', ['again', 'one']],
    ['A-4711', ['other']],
    ['invoice 4711', []],
  ])('%s finds exactly the runs that have it', async (q, expected) => {
    expect(await found(q)).toEqual(expected);
  });

  test('is looked for as a text where that is asked for, and where no run has it', async () => {
    expect(await found('4711', '&as=text')).toEqual(['again', 'letter', 'none', 'object', 'one', 'other']);
    expect(await found('471')).toEqual(['again', 'letter', 'none', 'object', 'one', 'other']);
  });

  test('stands on the run, or why it has none; no event is lost for that', async () => {
    const keyOf = async (name: string) => (await api.call(`GET /runs/${ids[name]}`)).body.businessKey;
    expect(await keyOf('one')).toEqual({ name: 'order', value: '4711', fault: null });
    expect(await keyOf('none')).toEqual({
      name: 'order',
      value: null,
      fault: 'It gave nothing for this event.',
    });
    expect(await keyOf('object')).toMatchObject({
      value: null,
      fault: expect.stringContaining('an object') as string,
    });
    expect(await keyOf('letter')).toBeNull();
    await publish('failing', { businessKey: { name: 'order', value: { $expr: '$error("No number.")' } } });
    await start('failing', 'failing', {});
    expect(await keyOf('failing')).toMatchObject({
      value: null,
      fault: expect.stringContaining('No number.') as string,
    });
    delete ids['failing'];
  });

  test('is kept as a webhook is accepted, also where it fails', async () => {
    const settings = { businessKey: { name: 'order', value: { $expr: '$number(trigger.body.number)' } } };
    await api.call('PUT /flows/hooked', {
      ...webhookFlow('hooked', { config: { verify: { scheme: 'none' } } }),
      settings,
    });
    const { hookUrl } = (await api.call('POST /flows/hooked/publish')).body;
    const path = new URL(hookUrl).pathname;
    const send = async (body: string) => {
      const headers = { 'content-type': 'application/json' };
      const { status, json } = await deliver(server, path, { headers, body });
      expect(status).toBe(202);
      const { runId } = json as { runId: string };
      return (await api.call(`GET /runs/${runId}`)).body.businessKey;
    };
    expect(await send('{"number":"88"}')).toEqual({ name: 'order', value: '88', fault: null });
    expect(await send('{"number":"x"}')).toMatchObject({ value: null, fault: expect.any(String) as string });
    expect(await send('no json')).toMatchObject({ value: null });
  });

  test('of a replay is that of its own event', async () => {
    const replay = async (body: object) => (await api.call(`POST /runs/${ids['one']}/replay`, body)).body;
    const same = await replay({});
    const other = await replay({ input: { number: 'R-1' } });
    expect([same.businessKey?.value, other.businessKey?.value]).toEqual(['4711', 'R-1']);
    await prisma().run.deleteMany({ where: { id: { in: [same.id, other.id] } } });
  });

  test('is found through its index', async () => {
    const plan = await prisma().$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(
      `EXPLAIN SELECT id FROM run r WHERE r.workspace_id = '${api.workspaceId}' AND r.business_key IS NOT NULL
         AND lower(r.business_key ->> 'value') = lower('4711')`,
    );
    await prisma().$executeRawUnsafe('ANALYZE run');
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('run_business_key_idx');
  });

  test('narrows a bulk replay as it narrows the list', async () => {
    const { body } = await api.call('POST /bulk-actions', {
      kind: 'replay',
      filter: { flow: 'orders', q: 'order 4711' },
      dryRun: true,
    });
    expect(body).toMatchObject({ total: 2 });
  });
});

describe('a field of the event', () => {
  test.each<[string, string[]]>([
    ['body.number = 4711', ['again', 'letter', 'one']],
    ['number:"4711"', ['again']],
    ['body.number = "4711"', ['again']],
    ['customer.id = 42', ['one']],
    ['id:42', ['one']],
    ['body.id = 42', []],
    ['body.customer.name = Zoë/M', ['one']],
    ['lines.sku = A 1', ['other']],
    ['body.lines[1].sku = B', ['other']],
    ['body.lines[0].sku = B', []],
    ['n:1.5', ['other']],
    ['paid:true', ['other']],
    ['deep:x', ['letter']],
    ['weird:null', ['letter']],
    ['body.number = 4711 and customer.id = 42', ['one']],
    ['body.number = 4711 and customer.id = 43', []],
    ["number = 4711'; DROP TABLE run; --", []],
    ['body.number = \u0000', []],
  ])('%s', async (q, expected) => {
    expect(await found(q)).toEqual(expected);
  });

  test('of headers and query too; of bodies that are no JSON nothing is found and nothing breaks', async () => {
    const { id } = await prisma().run.findUniqueOrThrow({ where: { id: ids['letter'] } });
    const { eventId } = await prisma().run.findUniqueOrThrow({ where: { id } });
    const set = (data: object) => prisma().event.update({ where: { id: eventId! }, data });
    await set({ headers: { 'x-shop': 'acme' }, query: { page: '2' } });
    expect(await found('headers.X-Shop = acme')).toEqual(['letter']);
    expect(await found('query.page:2')).toEqual(['letter']);
    for (const body of [
      gzipSync('{"deep":"x"}'),
      Buffer.from('{"deep":"x"'),
      Buffer.from([0xff, 0x78]),
      Buffer.from('{"deep":"x","a":"\\u0000"}'),
    ]) {
      await set({ body: new Uint8Array(body) });
      expect(await found('body.deep = x')).toEqual([]);
    }
  });
});

test('a search that takes too long is given up, and says how to narrow it', async () => {
  await expect(searchInTime((client) => client.query('SELECT pg_sleep(5)'), 0.05)).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('Choose a flow') as string,
  });
});

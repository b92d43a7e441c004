import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Json, JsonObject } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { egressClient, type EgressClient } from '#server/egress/egress-client.ts';
import { recordFailure } from '#server/sql/poll-rows.ts';
import { askPoll } from '#worker/triggers/ask-poll.ts';
import { leaseDuePolls } from '#worker/triggers/poll-lease.ts';
import { settlePoll } from '#worker/triggers/settle-poll.ts';
import { callServices, OPEN_GATE } from '#test/support/call-services.ts';
import { appFlow } from '#test/support/trigger-flows.ts';
import { storeAccount } from '#test/support/triggers/store-account.ts';
import { startVendorHost, type VendorHost } from '#test/support/triggers/vendor-host.ts';
import { useApi } from '#test/support/use-api.ts';

const api = useApi();
let vendor: VendorHost;
let http: EgressClient;
/** The moved clock, in milliseconds since 1970. */
let clock = 0;

beforeAll(async () => {
  vendor = await startVendorHost();
  http = egressClient({ allow: '127.0.0.0/8' });
  await storeAccount(api.workspaceId, { slug: 'gmail', connector: 'gmail' });
  await storeAccount(api.workspaceId, { slug: 'sheets', connector: 'google_sheets' });
});
afterAll(async () => {
  await http.close();
  await vendor.stop();
});
beforeEach(() => {
  clock = Date.now() + 20_000;
  vendor.calls.length = 0;
});
afterEach(async () => {
  await prisma().poll.deleteMany();
});

async function publish(slug: string, type: string, config: JsonObject = {}): Promise<void> {
  const connection = type.startsWith('gmail') ? 'gmail' : 'sheets';
  await api.call(`PUT /flows/${slug}`, appFlow(slug, { type, connection, config }));
  const { status, body } = await api.call(`POST /flows/${slug}/publish`);
  expect(status, JSON.stringify(body)).toBe(200);
}

/** Asks once, when the poll is due. */
async function turn(): Promise<void> {
  clock += 301_000;
  const [job] = await leaseDuePolls(new Date(clock), 8);
  const services = callServices(vendor.through(http), { now: () => clock, gate: OPEN_GATE });
  const asked = await askPoll(job!, services, new AbortController().signal);
  if ('polled' in asked) await settlePoll(job!, asked.polled, new Date(clock));
  else await recordFailure(pool(), job!.lease, { nextAt: new Date(clock), error: asked.error });
}

const pollOf = (slug: string) => prisma().poll.findFirstOrThrow({ where: { flow: { slug } } });

/** What runs were started with, in the order of the runs. */
async function startedBy(slug: string): Promise<Json[]> {
  const runs = await prisma().run.findMany({
    where: { flowSlug: slug },
    include: { event: true },
    orderBy: { id: 'asc' },
  });
  return runs.map(({ event }) => JSON.parse(Buffer.from(event!.body).toString()) as Json);
}

describe('a new email', () => {
  const ME = 'gmail.googleapis.com/gmail/v1/users/me';
  let historyId = 1_000;
  let mails: { readonly id: string; readonly at: number; readonly subject: string }[] = [];
  /** How far back the history goes. */
  let oldest = 0;

  function arrive(subject: string): void {
    historyId += 10;
    mails.push({ id: `m${historyId}`, at: historyId, subject });
  }

  beforeEach(() => {
    mails = [];
    oldest = 0;
    vendor.answer = ({ what, query }) => {
      if (what === `GET ${ME}/profile`) return { body: { historyId: String(historyId) } };
      if (what === `GET ${ME}/history`) {
        const since = Number(query.get('startHistoryId'));
        if (since < oldest) return { status: 404, body: { error: { code: 404, message: 'Not found' } } };
        const history = mails
          .filter(({ at }) => at > since)
          .map(({ id, at }) => ({ id: String(at), messagesAdded: [{ message: { id, threadId: id } }] }));
        return { body: { historyId: String(historyId), ...(history.length > 0 && { history }) } };
      }
      if (what === `GET ${ME}/messages`)
        return { body: { messages: mails.map(({ id }) => ({ id })).reverse() } };
      const mail = mails.find(({ id }) => what === `GET ${ME}/messages/${id}`);
      if (!mail) return { status: 404, body: { error: { message: 'gone' } } };
      const headers = [
        { name: 'Subject', value: mail.subject },
        { name: 'From', value: 'ada@example.com' },
      ];
      return {
        body: { id: mail.id, threadId: mail.id, labelIds: ['INBOX'], snippet: '…', payload: { headers } },
      };
    };
  });

  const subjects = async (slug: string) =>
    (await startedBy(slug)).map((mail) => (mail as JsonObject)['subject']);

  test('starts a run, and what was there before does not', async () => {
    arrive('old');
    await publish('mail', 'gmail.message_received');
    await turn();
    expect(await subjects('mail')).toEqual([]);
    arrive('first');
    arrive('second');
    await turn();
    await turn();
    expect(await subjects('mail')).toEqual(['first', 'second']);
    const asked = vendor.calls.find(({ what }) => what.endsWith('/history'));
    expect(asked?.query.get('labelId')).toBe('INBOX');
  });

  test('is found by its time where Gmail has forgotten the history, without repeating what is known', async () => {
    await publish('resync', 'gmail.message_received');
    await turn();
    arrive('before');
    await turn();
    arrive('meanwhile');
    oldest = historyId + 1;
    await turn();
    expect(await subjects('resync')).toEqual(['before', 'meanwhile']);
    expect(vendor.calls.find(({ what }) => what === `GET ${ME}/messages`)?.query.get('q')).toMatch(
      /^after:\d+$/,
    );
    arrive('after');
    await turn();
    expect(await subjects('resync')).toEqual(['before', 'meanwhile', 'after']);
  });

  test('comes in parts where many arrived, without a pause between them', async () => {
    await publish('many', 'gmail.message_received');
    await turn();
    for (let count = 0; count < 70; count += 1) arrive(`mail ${count}`);
    await turn();
    expect(await subjects('many')).toHaveLength(50);
    expect((await pollOf('many')).nextAt.getTime()).toBeLessThanOrEqual(clock);
    await turn();
    expect(await subjects('many')).toEqual(Array.from({ length: 70 }, (_, index) => `mail ${index}`));
  });

  test('that was deleted before it was read is passed over', async () => {
    await publish('deleted', 'gmail.message_received');
    await turn();
    arrive('gone');
    arrive('there');
    const [gone] = mails;
    const answer = vendor.answer;
    vendor.answer = (call) =>
      call.what.endsWith(`/messages/${gone!.id}`) ? { status: 404, body: {} } : answer(call);
    await turn();
    expect(await subjects('deleted')).toEqual(['there']);
  });

  test('is asked for later where Gmail is away, from the same place', async () => {
    await publish('away', 'gmail.message_received');
    await turn();
    arrive('kept');
    const answer = vendor.answer;
    vendor.answer = () => ({ status: 503, body: {} });
    await turn();
    expect((await pollOf('away')).error).toMatchObject({ kind: 'transient' });
    vendor.answer = answer;
    await turn();
    expect(await subjects('away')).toEqual(['kept']);
  });
});

test('what is there already is old down to its last page', async () => {
  await publish('pages', 'gmail.message_received');
  const page = async (key: string, hasMore: boolean) => {
    clock += 301_000;
    const [job] = await leaseDuePolls(new Date(clock), 8);
    await settlePoll(job!, { items: new Map([[key, key]]), found: 1, cursor: key, hasMore }, new Date(clock));
  };
  await page('first page', true);
  await page('last page', false);
  expect(await startedBy('pages')).toEqual([]);
  await page('new', false);
  expect(await startedBy('pages')).toEqual(['new']);
});

describe('rows of a sheet', () => {
  let rows: string[][] = [];
  const config = { spreadsheet: 'sheet-1', sheet: "Ada's orders" };

  beforeEach(() => {
    rows = [
      ['name', 'total'],
      ['Ada', '1'],
    ];
    vendor.answer = ({ what, query }) => {
      expect(what).toBe('GET sheets.googleapis.com/v4/spreadsheets/sheet-1/values:batchGet');
      const valueRanges = query.getAll('ranges').map((range) => {
        const [, from, to] = /^'Ada''s orders'!(?:A)?(\d+):(\d+|ZZZ)$/.exec(range) ?? [];
        const last = to === 'ZZZ' ? rows.length : Number(to);
        const values = rows.slice(Number(from) - 1, last);
        return values.length > 0 ? { range, values } : { range };
      });
      return { body: { valueRanges } };
    };
  });

  const names = async (slug: string) =>
    (await startedBy(slug)).map((row) => ((row as JsonObject)['values'] as JsonObject)['name']);

  test('that are added start runs, with their values by the names of the columns', async () => {
    await publish('added', 'google_sheets.row_added', config);
    await turn();
    rows.push(['Grace', '2'], ['Joan', '3']);
    await turn();
    await turn();
    expect(await startedBy('added')).toEqual([
      { row: 3, values: { name: 'Grace', total: '2' } },
      { row: 4, values: { name: 'Joan', total: '3' } },
    ]);
  });

  test('that are added count from the right place though others are taken out or changed', async () => {
    await publish('moved', 'google_sheets.row_added', config);
    rows.push(['Grace', '2'], ['Joan', '3']);
    await turn();
    rows.splice(1, 2);
    rows.push(['Edith', '4']);
    await turn();
    expect(await names('moved')).toEqual(['Edith']);
    rows[1] = ['Joan', '30'];
    rows.push(['Mary', '5']);
    await turn();
    expect(await names('moved')).toEqual(['Edith', 'Mary']);
    rows = [['name', 'total']];
    await turn();
    rows.push(['Rear', '6']);
    await turn();
    expect(await names('moved')).toEqual(['Edith', 'Mary', 'Rear']);
  });

  test('that are added to an empty sheet start runs', async () => {
    rows = [['name', 'total']];
    await publish('empty', 'google_sheets.row_added', config);
    await turn();
    rows.push(['First', '1']);
    await turn();
    expect(await names('empty')).toEqual(['First']);
  });

  test('that change start runs, too, where that is asked for; those that were there do not', async () => {
    await publish('changed', 'google_sheets.row_changed', config);
    await turn();
    expect(await names('changed')).toEqual([]);
    rows[1] = ['Ada', '10'];
    rows.push(['Grace', '2']);
    await turn();
    await turn();
    expect(await names('changed')).toEqual(['Ada', 'Grace']);
  });

  test('begin anew with another sheet, and go on with another pace', async () => {
    await publish('paced', 'google_sheets.row_added', config);
    await turn();
    const before = await pollOf('paced');
    await publish('paced', 'google_sheets.row_added', { ...config, everySeconds: 60 });
    expect(await pollOf('paced')).toMatchObject({ cursor: before.cursor, answeredAt: before.answeredAt });
    await publish('paced', 'google_sheets.row_added', { ...config, spreadsheet: 'sheet-2' });
    expect(await pollOf('paced')).toMatchObject({ cursor: null, answeredAt: null });
  });
});

import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { AlertChannel, AlertRule, CreatedAlertChannel } from '#core/api/alerts.ts';
import { NoticeSender } from '#server/alerts/notice-sender.ts';
import { pool } from '#server/db/pool.ts';
import { closeEgress } from '#server/egress/egress-client.ts';
import { startMailServer } from '#test/support/mail-server.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { useApi } from '#test/support/use-api.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { Mailer } from '#server/mail/mailer.ts';
import { publishFlow, storeRuns, type PublishedFlow } from '#test/worker/test-flow.ts';
import { look, makeRule } from './alert-fixture.ts';

process.env['PATCHBAY_EGRESS_ALLOW'] = '127.0.0.0/8';
process.env['PATCHBAY_MAIL_FROM'] = 'Patchbay <flows@example.com>';

const smtp = await startMailServer();
process.env['PATCHBAY_SMTP_URL'] = `smtp://127.0.0.1:${smtp.port}`;
const api = useApi();
const call = (line: string, body?: unknown) => api.call(line, body);
let sink: Sink;
let flow: PublishedFlow;
beforeAll(async () => {
  sink = await startSink();
});
afterAll(async () => {
  await closeEgress();
  await sink.stop();
  await smtp.stop();
});
beforeEach(async () => {
  await pool().query(
    'delete from alert_rule; delete from alert_notice; delete from alert; update run set wake_at = null',
  );
  flow = await publishFlow(place(), { nodes: [{ id: 'start', type: 'core.manual' }], edges: '' });
});
const place = () => ({ db: pool(), workspaceId: api.workspaceId });

async function channel(kind: string, rest: object): Promise<CreatedAlertChannel> {
  const { status, body } = await call('POST /alert-channels', { kind, name: kind, ...rest });
  expect(status, JSON.stringify(body)).toBe(201);
  return body as CreatedAlertChannel;
}

/** Runs wait, and no worker is alive to claim them: what the rule of the queue's age watches. */
async function wait(of = flow): Promise<void> {
  const [id] = await storeRuns(place(), of, [1]);
  await pool().query(`update run set wake_at = now() - interval '1 hour' where id = $1`, [id]);
}
const release = (of = flow) => pool().query('update run set wake_at = null where flow_id = $1', [of.id]);
const watch = (channels: readonly Pick<AlertChannel, 'id'>[], rest: Partial<AlertRule> = {}) =>
  makeRule(call, { kind: 'queue_age', threshold: 60, channels: channels.map(({ id }) => id), ...rest });

/** Sends what is due, by several processes' worth of senders, until nothing is. */
async function sendAll(): Promise<void> {
  const senders = Array.from({ length: 3 }, () => new NoticeSender(pool()));
  for (const sender of senders) sender.start();
  await waitFor('the notices', async () => {
    const { rowCount } = await pool().query(
      'select from alert_notice where next_attempt_at <= now() or attempts > 0 and sent_at is null and error is null',
    );
    return rowCount === 0;
  });
  await Promise.all(senders.map((sender) => sender.stop()));
}

describe('a webhook', () => {
  test('gets one signed call when an alert opens and one when it is over', async () => {
    const hook = await channel('webhook', { url: `${sink.url}/hook?key=s3cret` });
    const rule = await watch([hook]);
    await wait();
    await look(call, rule);
    await sendAll();
    await look(call, rule);
    await release();
    await look(call, rule);
    await sendAll();
    const calls = sink.at('/hook');
    expect(calls.map((each) => (each.json() as { type: string }).type)).toEqual([
      'alert.opened',
      'alert.resolved',
    ]);
    for (const { body, headers } of calls) {
      const told = new Webhook(hook.signingSecret!).verify(
        body.toString(),
        headers as Record<string, string>,
      );
      expect(told).toMatchObject({ data: { alerts: [{ flow: flow.slug, kind: 'queue_age' }] } });
    }
    expect(() =>
      new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(
        calls[0]!.body.toString(),
        calls[0]!.headers as Record<string, string>,
      ),
    ).toThrow();
  });

  test('that fails is tried again under the same id, with the same words', async () => {
    const hook = await channel('webhook', { url: `${sink.url}/flaky` });
    const rule = await watch([hook]);
    sink.reply('/flaky', (_, before) => ({ status: before === 0 ? 503 : 200 }));
    await wait();
    await look(call, rule);
    await sendAll();
    const channels = (await call('GET /alert-channels')).body as { data: AlertChannel[] };
    expect(channels.data.find(({ id }) => id === hook.id)?.lastNotice).toMatchObject({
      error: expect.stringContaining('answered 503'),
      isGivenUp: false,
    });
    await pool().query('update alert_notice set next_attempt_at = now() where sent_at is null');
    await sendAll();
    const [first, second, ...more] = sink.at('/flaky');
    expect(more).toEqual([]);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.body.toString()).toBe(first!.body.toString());
  });

  test('may not be an address inside', async () => {
    const hook = await channel('webhook', { url: 'http://10.0.0.1/hook' });
    const { body } = await call(`POST /alert-channels/${hook.id}/test`);
    expect(body).toMatchObject({ ok: false, message: expect.stringMatching(/10\.0\.0\.1/) });
  });
});

test('Slack gets words and a link', async () => {
  const slack = await channel('slack', { url: `${sink.url}/services/T0/B0/x` });
  const rule = await watch([slack]);
  await wait();
  await look(call, rule);
  await sendAll();
  const [{ text }] = sink.at('/services/T0/B0/x').map((each) => each.json()) as [{ text: string }];
  expect(text).toContain(`|${flow.slug}: due runs wait`);
  expect(text).toContain(`<http://127.0.0.1:3000/runs?flow=${flow.slug}`);
});

test('e-mail goes to everybody of the channel, once', async () => {
  const mail = await channel('email', { recipients: ['ada@example.com', 'Grace@Example.com'] });
  const rule = await watch([mail]);
  await wait();
  await look(call, rule);
  await sendAll();
  const mailers = [1, 2].map(
    () => new Mailer(pool(), { smtpUrl: process.env['PATCHBAY_SMTP_URL']!, from: 'flows@example.com' }),
  );
  for (const mailer of mailers) mailer.start();
  await waitFor(
    'the mails',
    async () => (await pool().query('select from email where sent_at is null')).rowCount === 0,
  );
  await Promise.all(mailers.map((mailer) => mailer.stop()));
  expect(smtp.received.flatMap(({ to }) => to).toSorted()).toEqual(['ada@example.com', 'grace@example.com']);
  expect(smtp.received[0]!.source).toContain('due runs wait');
});

describe('a notice', () => {
  test('tells of many alerts of a look at once, and collects those that come soon after', async () => {
    const hook = await channel('webhook', { url: `${sink.url}/many` });
    const rule = await watch([hook], { groupSeconds: 600 });
    const flows = [
      flow,
      ...(await Promise.all([1, 2, 3, 4].map(() => publishFlow(place(), { nodes: [], edges: '' })))),
    ];
    for (const each of flows.slice(0, 3)) await wait(each);
    await look(call, rule);
    await sendAll();
    for (const each of flows.slice(3)) await wait(each);
    await release(flows[0]);
    await look(call, rule);
    await sendAll();
    expect(sink.at('/many')).toHaveLength(1);
    await pool().query('update alert_notice set next_attempt_at = now() where sent_at is null');
    await sendAll();
    const events = sink
      .at('/many')
      .map((each) =>
        (each.json() as { data: { alerts: { event: string }[] } }).data.alerts.map(({ event }) => event),
      );
    expect(events).toEqual([
      ['opened', 'opened', 'opened'],
      expect.arrayContaining(['opened', 'opened', 'resolved']),
    ]);
    expect(events[1]).toHaveLength(3);
  });

  test('waits for the end of quiet hours, and an urgent one does not', async () => {
    const now = new Date();
    const clock = (shift: number) => new Date(now.getTime() + shift * 3_600_000).toISOString().slice(11, 16);
    const quietHours = { timezone: 'UTC', from: clock(-1), to: clock(2) };
    const hook = await channel('webhook', { url: `${sink.url}/quiet`, quietHours });
    await wait();
    await look(call, await watch([hook]));
    await sendAll();
    expect(sink.at('/quiet')).toEqual([]);
    const { rows } = await pool().query<{ due: Date }>('select due_at as due from alert_notice');
    expect(rows[0]!.due.toISOString().slice(11, 16)).toBe(quietHours.to);
    await look(call, await watch([hook], { isUrgent: true }));
    await sendAll();
    expect(sink.at('/quiet')).toHaveLength(1);
  });

  test('of a rule that is switched off or deleted is not followed by another one', async () => {
    const hook = await channel('webhook', { url: `${sink.url}/off` });
    const rule = await watch([hook]);
    await wait();
    await look(call, rule);
    await sendAll();
    await call(`PATCH /alert-rules/${rule.id}`, { isEnabled: false });
    expect(((await call('GET /alerts?state=open')).body as { data: unknown[] }).data).toEqual([]);
    await call(`DELETE /alert-rules/${rule.id}`);
    await sendAll();
    expect(sink.at('/off')).toHaveLength(1);
    expect(((await call('GET /alerts?state=resolved')).body as { data: unknown[] }).data).not.toEqual([]);
  });
});

describe('a channel', () => {
  test('never shows its address or secret again, and keeps them sealed', async () => {
    const hook = await channel('webhook', { url: `${sink.url}/sealed?key=s3cret` });
    const listed = JSON.stringify((await call('GET /alert-channels')).body);
    expect(listed).not.toContain('s3cret');
    expect(listed).not.toContain('whsec_');
    expect(listed).toContain(new URL(sink.url).host);
    const { rows } = await pool().query<{ row: string }>(
      `select alert_channel::text as row from alert_channel`,
    );
    const { rows: audit } = await pool().query<{ row: string }>(
      'select audit_entry::text as row from audit_entry',
    );
    for (const { row } of [...rows, ...audit]) expect(row).not.toMatch(/s3cret|whsec_/);
    await call(`PATCH /alert-channels/${hook.id}`, { url: `${sink.url}/moved` });
    expect((await call(`POST /alert-channels/${hook.id}/test`)).body).toMatchObject({ ok: true });
    const [{ body, headers }] = sink.at('/moved') as [Sink['requests'][number]];
    expect(
      new Webhook(hook.signingSecret!).verify(body.toString(), headers as Record<string, string>),
    ).toMatchObject({
      type: 'alert.test',
    });
  });

  test('is tested by a real mail, and says what the server said', async () => {
    const mail = await channel('email', { recipients: ['test@example.com'] });
    expect((await call(`POST /alert-channels/${mail.id}/test`)).body).toMatchObject({ ok: true });
    expect(smtp.received.at(-1)).toMatchObject({ to: ['test@example.com'] });
  });
});

test('two processes look after a rule once', async () => {
  const hook = await channel('webhook', { url: `${sink.url}/once` });
  const rule = await watch([hook]);
  await wait();
  await Promise.all([look(call, rule), look(call, rule), look(call, rule)]);
  const { rowCount } = await pool().query('select from alert where rule_id = $1', [rule.id]);
  expect(rowCount).toBe(1);
  await sendAll();
  expect(sink.at('/once')).toHaveLength(1);
});

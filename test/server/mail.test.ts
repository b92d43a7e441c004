import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { askApproval } from '#server/approvals/ask-approval.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { pool } from '#server/db/pool.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { parseEnv } from '#server/env.ts';
import { Mailer } from '#server/mail/mailer.ts';
import { mailRetrySeconds } from '#server/mail/mail-retry.ts';
import { jsonEvent } from '#server/runs/manual-event.ts';
import { insertEmails } from '#server/sql/emails.ts';
import { insertRun } from '#server/sql/insert-run.ts';
import { makeUser } from '#test/support/people.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { useApi } from '#test/support/use-api.ts';
import { waitFor } from '#test/support/wait-for.ts';

const FROM = 'Patchbay <flows@example.com>';
process.env['PATCHBAY_SMTP_URL'] = 'smtp://127.0.0.1:1';
process.env['PATCHBAY_MAIL_FROM'] = FROM;

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

const api = useApi();
const received: Received[] = [];
/** Refuses recipients with a status of SMTP while set. */
let refusal: number | undefined;
let smtp: SMTPServer;
let mailers: Mailer[] = [];

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, done) =>
      done(refusal === undefined ? null : Object.assign(new Error('Not here.'), { responseCode: refusal })),
    onData: (stream, { envelope }, done) => {
      void buffer(stream).then((bytes) => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), text: bytes.toString() });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  await api.call('PUT /flows/asks', manualFlow('asks'));
  await api.call('POST /flows/asks/publish');
});
afterAll(() => new Promise<void>((resolve) => smtp.close(resolve)));
beforeEach(async () => {
  received.length = 0;
  refusal = undefined;
  await prisma().email.deleteMany();
});
afterEach(async () => {
  await Promise.all(mailers.map((mailer) => mailer.stop()));
  mailers = [];
});

function startMailer(port = (smtp.server.address() as AddressInfo).port): void {
  const mailer = new Mailer(pool(), { smtpUrl: `smtp://127.0.0.1:${port}`, from: FROM });
  mailer.start();
  mailers.push(mailer);
}

async function queueMail(recipient: string, body = 'Hello.'): Promise<string> {
  const id = uuidv7();
  const mail = { id, workspaceId: api.workspaceId, recipient, subject: 'A subject – with a dash', body };
  await inClientTransaction((client) => insertEmails(client, [mail]));
  return id;
}

const mailOf = (id: string) => prisma().email.findUniqueOrThrow({ where: { id } });

async function ask(
  rest: { role?: string; emails?: string[]; expiresAt?: number | null } = {},
): Promise<string> {
  const runId = uuidv7();
  const { workspaceId } = api;
  const flow = await prisma().flow.findFirstOrThrow({ where: { slug: 'asks' } });
  const version = await prisma().flowVersion.findFirstOrThrow({ where: { flowId: flow.id } });
  const run = {
    runId,
    eventId: uuidv7(),
    workspaceId,
    flow,
    version,
    kind: 'manual',
    event: jsonEvent({}),
  } as const;
  await inClientTransaction((client) => insertRun(client, run));
  const step = { workspaceId, runId, nodeId: 'ask', key: '' };
  const { role, emails = [], expiresAt = null } = rest;
  const approvers = role === undefined ? { emails } : { role };
  const question = 'Ship order 1042?\nIt is over 12,000 €.';
  return (await askApproval(step, { question, approvers, expiresAt })).approvalId;
}

describe('the outbox', () => {
  test('is sent once, whoever sends, and its text is erased', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) ids.push(await queueMail(`p${n}@example.com`, `Mail ${n} — café.`));
    startMailer();
    startMailer();
    startMailer();
    await waitFor('all mails', () => received.length >= 12);
    await waitFor(
      'all to be noted',
      async () => (await prisma().email.count({ where: { sentAt: null } })) === 0,
    );
    expect(received.map(({ to }) => to[0]).sort()).toEqual(ids.map((_, n) => `p${n}@example.com`).sort());
    expect(received[0]).toMatchObject({ from: 'flows@example.com' });
    const first = await mailOf(ids[0]!);
    expect(first).toMatchObject({ body: '', attempts: 1, nextAttemptAt: null, error: null });
    const { text } = received.find(({ to }) => to[0] === 'p0@example.com')!;
    expect(text).toContain(`Message-ID: <${ids[0]}@example.com>`);
    expect(text).toContain('Auto-Submitted: auto-generated');
  });

  test('is kept while the server cannot be reached, and sent when it can', async () => {
    const id = await queueMail('later@example.com');
    startMailer(1);
    const failed = await waitFor('the failure', async () => {
      const mail = await mailOf(id);
      return mail.error !== null && mail;
    });
    expect(failed).toMatchObject({ attempts: 1, sentAt: null, body: 'Hello.' });
    expect(failed.nextAttemptAt!.getTime()).toBeGreaterThan(Date.now() + 5_000);
    await Promise.all(mailers.splice(0).map((mailer) => mailer.stop()));
    await prisma().email.update({ where: { id }, data: { nextAttemptAt: new Date() } });
    startMailer();
    await waitFor('the mail', () => received.length === 1);
    await waitFor('the note', async () => (await mailOf(id)).sentAt);
  });

  test('gives up what the server refuses for good, tries again what it refuses for now', async () => {
    refusal = 550;
    const gone = await queueMail('gone@example.com');
    startMailer();
    await waitFor('the refusal', async () => (await mailOf(gone)).error);
    expect(await mailOf(gone)).toMatchObject({ nextAttemptAt: null, sentAt: null, body: '' });
    refusal = 451;
    const busy = await queueMail('busy@example.com');
    await waitFor('the refusal', async () => (await mailOf(busy)).error);
    expect((await mailOf(busy)).nextAttemptAt).toBeInstanceOf(Date);
  });

  test('is tried more and more seldom, then given up', () => {
    const waits = Array.from({ length: 12 }, (_, n) => mailRetrySeconds(new Error('x'), n + 1));
    expect(waits.slice(0, 4)).toEqual([15, 45, 135, 405]);
    expect(waits.slice(7)).toEqual([21_600, 21_600, 21_600, 21_600, null]);
  });
});

describe('an approval', () => {
  test('mails everyone who is asked a link of their own', async () => {
    await ask({ emails: ['ada@example.com', 'Grace@Example.com', 'ada@example.com'] });
    startMailer();
    await waitFor('both mails', () => received.length === 2);
    expect(received.map(({ to }) => to[0]).sort()).toEqual(['ada@example.com', 'grace@example.com']);
    const links = received.map(
      ({ text }) => /http:\/\/127\.0\.0\.1:3000\/approve\/[\w-]{43}/.exec(text.replaceAll('=\r\n', ''))?.[0],
    );
    expect(new Set(links).size).toBe(2);
    expect(links).not.toContain(undefined);
    expect(received[0]!.text).toMatch(/^Subject: =\?UTF-8\?Q\?Approve=3F_Ship_order_1042/m);
  });

  test('for a role mails the members who have it, else those with the next higher one', async () => {
    await ask({ role: 'operator' });
    expect(await prisma().email.count()).toBe(0);
    const admin = await makeUser(api.workspaceId, 'admin');
    await ask({ role: 'operator' });
    const editor = await makeUser(api.workspaceId, 'editor');
    await ask({ role: 'operator' });
    const mails = await prisma().email.findMany({ orderBy: { id: 'asc' } });
    expect(mails.map(({ recipient }) => recipient)).toEqual([admin.email, editor.email]);
  });

  test('reminds once at half time, while it is open', async () => {
    const open = await ask({ emails: ['ada@example.com'], expiresAt: Date.now() + 3_600_000 });
    const decided = await ask({ emails: ['ada@example.com'] });
    const row = await prisma().approval.findUniqueOrThrow({ where: { id: open } });
    expect(Math.round((row.remindAt!.getTime() - row.createdAt.getTime()) / 60_000)).toBe(30);
    const endless = await prisma().approval.findUniqueOrThrow({ where: { id: decided } });
    expect(Math.round((endless.remindAt!.getTime() - endless.createdAt.getTime()) / 3_600_000)).toBe(24);
    await api.call(`POST /approvals/${decided}/decide`, { decision: 'approved' });
    await prisma().email.deleteMany();
    await prisma().approval.updateMany({
      where: { id: { in: [open, decided] } },
      data: { remindAt: new Date() },
    });
    startMailer();
    startMailer();
    await waitFor('the reminder', () => received.length > 0);
    await waitFor('the note', async () => (await prisma().email.count({ where: { sentAt: null } })) === 0);
    expect(received).toHaveLength(1);
    expect(received[0]!.text).toMatch(/^Subject: =\?UTF-8\?Q\?Reminder=3A_approve=3F_Ship_order_1042/m);
    expect((await prisma().approval.findUniqueOrThrow({ where: { id: open } })).remindAt).toBeNull();
    expect(await prisma().approvalLink.count({ where: { approvalId: open } })).toBe(2);
  });

  test('refuses what is no address', async () => {
    await expect(ask({ emails: ['nobody'] })).rejects.toMatchObject({ error: { code: 'invalid_approver' } });
    await expect(ask({ emails: [] })).rejects.toMatchObject({ error: { code: 'invalid_approver' } });
  });
});

describe('the environment', () => {
  test('names the mail server by a URL, together with the sender, or not at all', () => {
    expect(parseEnv({}).PATCHBAY_SMTP_URL).toBeUndefined();
    expect(parseEnv({ PATCHBAY_SMTP_URL: '', PATCHBAY_MAIL_FROM: '' }).PATCHBAY_SMTP_URL).toBeUndefined();
    expect(() => parseEnv({ PATCHBAY_SMTP_URL: 'mail.example.com', PATCHBAY_MAIL_FROM: FROM })).toThrow(
      /smtps:\/\//,
    );
    expect(() => parseEnv({ PATCHBAY_SMTP_URL: 'smtp://mail.example.com' })).toThrow(/PATCHBAY_MAIL_FROM/);
  });
});

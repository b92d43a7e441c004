import { createServer, type AddressInfo } from 'node:net';

import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { isMailAddress, readMailAddress } from '#connectors/smtp/mail-address.ts';
import { findHandler } from '#connectors/handlers.ts';
import { findOperation } from '#connectors/definitions.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { failureOf, fateOf } from '#test/support/failure-of.ts';
import { makeAuthority, type Authority, type Pair } from '#test/support/certificates.ts';
import { freePort } from '#test/support/free-port.ts';
import { startMailServer, type MailServer, type MailServerOptions } from '#test/support/mail-server.ts';
import { IDEMPOTENCY_KEY, stepContext } from '#test/connectors/step-context.ts';

let ca: Authority;
let pair: Pair;
beforeAll(async () => {
  ca = await makeAuthority();
  pair = await ca.server();
});

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

async function server(options: MailServerOptions = {}): Promise<MailServer> {
  const started = await startMailServer(options);
  cleanups.push(() => started.stop());
  return started;
}

const MAIL = { to: ['ada@example.com'], subject: 'Hello', text: 'Hello Ada.' };

/** Sends as a step does, through the guard. */
async function send(
  port: number,
  {
    mail = MAIL,
    fields = {},
    allow = '127.0.0.1',
    timeoutMs = 5_000,
  }: {
    readonly mail?: JsonObject;
    readonly fields?: Readonly<Record<string, string>>;
    readonly allow?: string;
    readonly timeoutMs?: number;
  } = {},
): Promise<Json> {
  const egress = egressClient({ allow, ownPorts: [] });
  cleanups.push(() => egress.close());
  const connection = {
    connector: 'smtp',
    fields: {
      host: '127.0.0.1',
      port: String(port),
      security: 'none',
      from: 'Flows <flows@example.com>',
      ...fields,
    },
  };
  const { operation } = findOperation('smtp.send', 1)!;
  const input = operation.input.parse(mail) as JsonObject;
  const signal = AbortSignal.timeout(timeoutMs);
  const context = stepContext({ connection, dial: egress.dial, effect: 'once', signal, timeoutMs });
  const result = await findHandler('smtp.send', 1)!(input, context);
  return 'output' in result ? result.output : null;
}

describe('a mail', () => {
  it('arrives with all that was given, and the id of its step', async () => {
    const far = await server();
    const mail = {
      ...MAIL,
      to: ['Ada Lovelace <ada@example.com>', 'bob@example.com'],
      cc: ['cy@example.com'],
      bcc: ['dan@example.com'],
      replyTo: 'support@example.com',
      subject: 'Grüße',
      html: '<p>Hello</p>',
      attachments: [{ filename: 'a.txt', content: Buffer.from('attached').toString('base64') }],
    };
    const messageId = `<${IDEMPOTENCY_KEY}@example.com>`;
    expect(await send(far.port, { mail })).toMatchObject({
      messageId,
      accepted: ['ada@example.com', 'bob@example.com', 'cy@example.com', 'dan@example.com'],
      rejected: [],
      response: expect.stringMatching(/^250 /),
    });
    const [got] = far.received;
    expect(got).toMatchObject({
      from: 'flows@example.com',
      to: ['ada@example.com', 'bob@example.com', 'cy@example.com', 'dan@example.com'],
    });
    expect(got!.header('Message-ID')).toBe(messageId);
    expect(got!.header('From')).toBe('Flows <flows@example.com>');
    expect(got!.header('To')).toBe('Ada Lovelace <ada@example.com>, bob@example.com');
    expect(got!.header('Cc')).toBe('cy@example.com');
    expect(got!.header('Bcc')).toBeUndefined();
    expect(got!.header('Reply-To')).toBe('support@example.com');
    expect(got!.header('Subject')).toBe('=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=');
    expect(got!.source).toContain(Buffer.from('attached').toString('base64'));
    expect(got!.source).not.toContain('dan@example.com');
  });

  it('says who was refused where others were not', async () => {
    const far = await server({
      refuse: (address) => (address.startsWith('bob') ? { status: 550, says: 'No such user' } : undefined),
    });
    expect(
      await send(far.port, { mail: { ...MAIL, to: ['ada@example.com', 'bob@example.com'] } }),
    ).toMatchObject({
      accepted: ['ada@example.com'],
      rejected: [{ address: 'bob@example.com', reason: expect.stringContaining('No such user') }],
    });
  });
});

describe('encryption and login', () => {
  const trusted = () => ({ ca: ca.cert, host: 'localhost' });

  it.each(['tls', 'starttls'] as const)('%s, with a login', async (security) => {
    const far = await server({ security, pair, logins: { ada: 'pa55word' } });
    const fields = { ...trusted(), security, user: 'ada', password: 'pa55word' };
    await send(far.port, { fields, allow: '127.0.0.1,::1' });
    expect(far.received).toMatchObject([{ isEncrypted: true, user: 'ada' }]);
  });

  it.each(['tls', 'starttls'] as const)(
    '%s refuses a certificate that nobody vouches for',
    async (security) => {
      const far = await server({ security, pair, logins: { ada: 'pa55word' } });
      const fields = { security, user: 'ada', password: 'pa55word' };
      const error = await failureOf(send(far.port, { fields }));
      expect(error).toMatchObject({
        kind: 'invalid',
        code: 'tls_failed',
        message: expect.stringContaining('not signed by'),
      });
      expect(far.received).toEqual([]);
    },
  );

  it.each(['tls', 'starttls'] as const)('%s refuses a certificate of another host', async (security) => {
    const far = await server({ security, pair: await ca.server({ hosts: ['other.test'] }) });
    const error = await failureOf(send(far.port, { fields: { ca: ca.cert, security } }));
    expect(error).toMatchObject({ code: 'tls_failed', message: expect.stringContaining('another host') });
  });

  it('is not given up where the server offers none', async () => {
    const far = await server({ logins: { ada: 'pa55word' } });
    const fields = { security: 'starttls', user: 'ada', password: 'pa55word' };
    const error = await failureOf(send(far.port, { fields }));
    expect(error).toMatchObject({
      kind: 'invalid',
      code: 'tls_failed',
      message: expect.stringContaining('STARTTLS'),
    });
  });

  it('a refused login is no reason to try again', async () => {
    const far = await server({ logins: { ada: 'pa55word' } });
    const error = await failureOf(send(far.port, { fields: { user: 'ada', password: 'wrong-one' } }));
    expect(error).toMatchObject({ kind: 'auth', code: 'login_refused' });
    expect(JSON.stringify(error)).not.toContain('wrong-one');
  });
});

describe('a mail is never sent twice, and tried again only where it was not sent', () => {
  it.each<readonly [string, MailServerOptions, Partial<StepError>, string]>([
    [
      'a recipient who is refused for good',
      { refuse: () => ({ status: 550, says: 'No such user' }) },
      { kind: 'invalid', code: 'mail_refused' },
      'failed',
    ],
    [
      'a recipient who is refused for now',
      { refuse: () => ({ status: 450, says: 'Greylisted' }) },
      { kind: 'transient', code: 'not_done' },
      'waiting',
    ],
    [
      'a mail that is refused for good',
      { onMail: () => ({ status: 554, says: 'Spam' }) },
      { code: 'mail_refused' },
      'failed',
    ],
    [
      'a mail that is refused for now',
      { onMail: () => ({ status: 451, says: 'Later' }) },
      { code: 'not_done' },
      'waiting',
    ],
    ['a mail that is too large', { size: 100 }, { kind: 'invalid', code: 'mail_refused' }, 'failed'],
    [
      'a server that dies with the mail in hand',
      { onMail: () => 'hang_up' },
      { code: 'mail_unanswered' },
      'in_doubt',
    ],
  ])('%s', async (_name, options, expected, fate) => {
    const far = await server(options);
    const mail = { ...MAIL, text: 'x'.repeat(1_000) };
    const error = await failureOf(send(far.port, { mail }));
    expect(error).toMatchObject(expected);
    expect(fateOf(error)).toBe(fate);
    expect(far.received).toEqual([]);
  });

  it('a server that takes the mail and says nothing', async () => {
    const far = await server({ onMail: () => 'say_nothing' });
    const error = await failureOf(
      send(far.port, { timeoutMs: 1_000 }).catch((thrown: unknown) => {
        // The step runner says that the time is up.
        if (thrown instanceof StepFailure) throw thrown;
        throw new StepFailure({
          kind: 'transient',
          code: 'timeout',
          message: 'The step took longer than its 1 s.',
        });
      }),
    );
    expect(fateOf(error)).toBe('in_doubt');
  });

  it('nobody at the port, or somebody who hangs up at once', async () => {
    const error = await failureOf(send(await freePort()));
    expect(error).toMatchObject({ code: 'connect_refused' });
    expect(fateOf(error)).toBe('waiting');
    const rude = createServer((socket) => socket.destroy());
    await new Promise<void>((done) => rude.listen(0, '127.0.0.1', done));
    cleanups.push(() => new Promise((done) => rude.close(done)));
    const hungUp = await failureOf(send((rude.address() as AddressInfo).port));
    expect(hungUp).toMatchObject({ kind: 'transient', code: 'not_done' });
    expect(fateOf(hungUp)).toBe('waiting');
  });
});

describe('what must not get through', () => {
  it('a private address', async () => {
    const far = await server();
    expect(await failureOf(send(far.port, { allow: '' }))).toMatchObject({
      kind: 'invalid',
      code: 'egress_denied',
    });
    expect(far.connections()).toBe(0);
  });

  it.each([
    ['a subject', { subject: 'Hello\r\nBcc: eve@example.com' }],
    ['a recipient', { to: ['ada@example.com\r\nBcc: eve@example.com'] }],
    ['a name', { to: ['Ada\r\nBcc: eve@example.com <ada@example.com>'] }],
    ['an address to reply to', { replyTo: 'a@example.com\nX-Evil: 1' }],
    ['a file name', { attachments: [{ filename: 'a\r\nX-Evil: 1', content: '' }] }],
    [
      'a media type',
      { attachments: [{ filename: 'a', content: '', contentType: 'text/plain\r\nX-Evil: 1' }] },
    ],
  ])('a header inside %s', (_name, change) => {
    const { operation } = findOperation('smtp.send', 1)!;
    expect(operation.input.safeParse({ ...MAIL, ...change }).success).toBe(false);
  });

  it.each([
    'ada@example.com, bob@example.com',
    'ada@example.com;bob@example.com',
    'group: ada@example.com;',
    '"ada@evil.example"@example.com',
    '<ada@example.com> bob@example.com',
    'ada',
    'ada@',
    '@example.com',
    'ada@exam ple.com',
    'a..b@example.com',
    'ada@example.com\0',
    'ada＠example.com',
    '',
  ])('%j for one address', (text) => {
    expect(isMailAddress(text)).toBe(false);
  });

  it.each([
    ['ada@example.com', { name: '', address: 'ada@example.com' }],
    ['Ada Lovelace <ada@example.com>', { name: 'Ada Lovelace', address: 'ada@example.com' }],
    ['"Lovelace, Ada" <ada@example.com>', { name: 'Lovelace, Ada', address: 'ada@example.com' }],
    ['<ada+tag@mail.example.com>', { name: '', address: 'ada+tag@mail.example.com' }],
  ])('%j is one', (text, address) => {
    expect(readMailAddress(text)).toEqual(address);
  });

  it('attachments that are too large, or no base64', async () => {
    const far = await server();
    const large = { filename: 'a.bin', content: Buffer.alloc(3 * 1_048_576 + 1).toString('base64') };
    expect(await failureOf(send(far.port, { mail: { ...MAIL, attachments: [large] } }))).toMatchObject({
      code: 'attachments_too_large',
    });
    expect(far.connections()).toBe(0);
    const { operation } = findOperation('smtp.send', 1)!;
    const bad = { ...MAIL, attachments: [{ filename: 'a', content: 'not base64!' }] };
    expect(operation.input.safeParse(bad).success).toBe(false);
  });

  it('a file or an address that the content names', async () => {
    const far = await server();
    await send(far.port, {
      mail: { ...MAIL, html: '<img src="file:///etc/passwd"><img src="http://127.0.0.1:1/x">' },
    });
    expect(far.received[0]!.source).not.toContain('root:');
  });
});

import { createHmac, randomUUID } from 'node:crypto';

import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { makeAuthority } from '#test/support/certificates.ts';
import { startMailServer, type MailServer } from '#test/support/mail-server.ts';
import { hasMariaDb, startMariaDb, type MariaDb } from '#test/support/mariadb.ts';
import { query } from '#test/support/query.ts';
import { waitFor } from '#test/support/wait-for.ts';
import {
  callerAccounts,
  certificateAccount,
  serverAccounts,
  signingAccounts,
  type CanaryAccount,
} from './accounts.ts';
import { Canaries, findHits } from './canaries.ts';
import { startTellTale, type TellTale } from './far-end.ts';
import {
  askingFlow,
  callingFlows,
  crookedFlows,
  endings,
  FAILURES,
  hookFlows,
  pollFlows,
  serverFlows,
} from './flows.ts';
import { openPatchbay, type Patchbay } from './patchbay.ts';
import { fieldsWithout, SERVED_KINDS } from './secret-fields.ts';

// Hundreds of runs in real processes.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 });

const canaries = new Canaries();
let patchbay: Patchbay;
let farEnd: TellTale;
let refusing: MailServer;
let maria: MariaDb | undefined;
let accounts: {
  readonly callers: readonly CanaryAccount[];
  readonly signers: readonly CanaryAccount[];
  readonly servers: readonly CanaryAccount[];
  readonly certificate: CanaryAccount;
};

beforeAll(async () => {
  const ca = await makeAuthority();
  farEnd = await startTellTale(await ca.server());
  refusing = await startMailServer({ logins: {}, isTellTale: true });
  if (hasMariaDb()) maria = await startMariaDb();
  patchbay = await openPatchbay(() => ({}));
  const database = new URL(patchbay.stage.databaseUrl);
  accounts = {
    callers: callerAccounts(canaries),
    signers: signingAccounts(canaries),
    servers: serverAccounts(canaries, { mailPort: refusing.port, database, mariaPort: maria?.port ?? 1 }),
    certificate: await certificateAccount(canaries, ca, farEnd.https),
  };
});

afterAll(async () => {
  await patchbay.close();
  await Promise.all([farEnd.stop(), refusing.stop(), maria?.stop()]);
});

/** Saves the accounts, also in ways that are refused. */
async function connect(): Promise<void> {
  const { callers, signers, servers, certificate } = accounts;
  for (const account of [...callers, ...signers, ...servers, certificate]) {
    const saved = await patchbay.ask('POST /api/v1/connections', {
      json: account,
      headers: { 'idempotency-key': account.slug },
    });
    expect(saved.status, saved.text).toBe(201);
    await patchbay.ask('POST /api/v1/connections', {
      json: account,
      headers: { 'idempotency-key': account.slug },
    });
    await patchbay.ask('POST /api/v1/connections', {
      json: { ...account, name: 'x' },
      headers: { 'idempotency-key': account.slug },
    });
    await patchbay.api('POST /connections', account);
    await patchbay.api('POST /connections', {
      ...account,
      slug: 'other',
      fields: { ...account.fields, surplus: 'x' },
    });
    await patchbay.api('POST /connections', { ...account, slug: 'other', connector: 'nothing' });
    await patchbay.api(`PATCH /connections/${account.slug}`, { fields: account.fields });
    await patchbay.api(`PATCH /connections/${account.slug}`, { fields: { ...account.fields, surplus: 'x' } });
    await patchbay.ask('POST /api/v1/connections', { body: JSON.stringify(account).slice(0, -1) });
    await patchbay.ask('POST /api/v1/connections', {
      body: JSON.stringify(account),
      headers: { 'content-type': 'text/plain' },
    });
    const secrets = Object.values(account.fields);
    await patchbay.api('POST /connections', {
      slug: 'other',
      connector: 'bearer_token',
      fields: { token: `a b ${secrets.join(' ')}` },
    });
    await patchbay.api('POST /connections', {
      slug: 'other',
      connector: 'jwt',
      fields: { privateKey: secrets.join(' ') },
    });
  }
}

/** A connection whose fields no longer open. */
async function damagedAccount(): Promise<CanaryAccount> {
  const account = { ...accounts.callers[0]!, slug: 'damaged' };
  expect((await patchbay.api('POST /connections', account)).status).toBe(201);
  await query(
    patchbay.stage.databaseUrl,
    `UPDATE connection_field SET sealed = set_byte(sealed, length(sealed) - 1, 255 - get_byte(sealed, length(sealed) - 1))
     WHERE connection_id = (SELECT id FROM connection WHERE slug = 'damaged')`,
  );
  return account;
}

/** Deliveries that are genuine, and such that are not. */
async function deliver(hookUrl: string, { slug, fields }: CanaryAccount): Promise<void> {
  const path = new URL(hookUrl).pathname;
  const { secret = '' } = fields;
  const body = JSON.stringify({ hello: slug });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const token = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(Buffer.from(secret));
  const deliveries: readonly Record<string, string>[] = [
    {
      'x-hub-signature-256': `sha256=${signature}`,
      'x-signature': signature,
      'x-github-delivery': randomUUID(),
    },
    { 'x-hook-token': secret },
    { authorization: `Basic ${Buffer.from(`ada:${secret}`).toString('base64')}` },
    { authorization: `Basic ${Buffer.from(secret).toString('base64')}` },
    { authorization: `Bearer ${token}` },
    { 'x-hub-signature-256': 'sha256=00', 'stripe-signature': 't=1,v1=00', 'x-slack-signature': 'v0=00' },
  ];
  for (const headers of deliveries) await patchbay.ask(`POST ${path}`, { body, headers });
}

/** What each ending comes to; null for what succeeds. */
const CODES: Readonly<Record<string, string | null>> = {
  fine: null,
  'fine-text': null,
  unauthorized: 'http_status',
  'unauthorized-text': 'http_status',
  forbidden: 'http_status',
  throttled: 'http_status',
  broken: 'http_status',
  'broken-text': 'http_status',
  redirected: 'connect_refused',
  loop: 'too_many_redirects',
  slow: 'timeout',
  cut: 'connection_reset',
  garbage: 'bad_response',
  tls: 'tls_failed',
  refused: 'connect_refused',
  denied: 'egress_denied',
  unknown: 'dns_failed',
  bug: 'unexpected',
  'no-address': 'invalid_url',
  'bad-header': 'invalid_header',
};

describe('secrets', () => {
  test('are in no table, log, reply, export, metric or mail, whatever goes wrong', async () => {
    await connect();
    const { callers, signers, servers, certificate } = accounts;
    for (const account of [...callers, certificate])
      for (const ending of Object.keys(endings(farEnd)))
        await patchbay.api('POST /connections', { ...account, slug: `${account.slug}-${ending}` });
    await patchbay.publish(FAILURES);
    const all = [...callers, certificate];
    const manual = [
      ...callingFlows(callers, farEnd),
      ...callingFlows([certificate], { ...farEnd, http: farEnd.https }),
      ...crookedFlows(all),
      ...serverFlows(servers),
      ...callers.map((account) => askingFlow(account, farEnd)),
      askingFlow(await damagedAccount(), farEnd),
    ];
    for (const document of manual) {
      await patchbay.publish(document);
      await patchbay.api(`POST /flows/${document.slug}/runs`, { input: {} });
    }
    for (const document of pollFlows(callers, farEnd)) await patchbay.publish(document);
    await query(patchbay.stage.databaseUrl, 'UPDATE poll SET next_at = now()');
    for (const [index, document] of hookFlows(signers).entries())
      await deliver(await patchbay.publish(document), signers[index]!);

    await patchbay.untilSettled();
    await waitFor(
      'the mails of the approvals',
      () => patchbay.outbox.received.length >= callers.length,
      60_000,
    );
    await waitFor('the polls', async () => {
      const [row] = await query<{ left: number }>(
        patchbay.stage.databaseUrl,
        'SELECT count(*)::int AS left FROM poll WHERE asked_at IS NULL',
      );
      return row!.left === 0;
    });
    await patchbay.api('POST /dead-letters/redrive', { filter: {}, dryRun: true });
    await patchbay.crawl();
    // What was signed for single calls is as secret.
    for (const value of new Set(farEnd.shown))
      if (value.startsWith('Bearer ey')) canaries.add('a signed token', value.slice('Bearer '.length));

    expect(canaries.all.length).toBeGreaterThanOrEqual(40);
    await expectAllEndings();
    expect(await findHitsIn()).toEqual([]);
    expect(farEnd.shown.length).toBeGreaterThan(20);
  });

  test('would be found: one that is planted stands in a table and in replies', async () => {
    const planted = new Canaries();
    const description = planted.makeText('planted');
    await patchbay.publish({ ...FAILURES, slug: 'planted', description });
    await patchbay.api('GET /flows/planted');
    const places = findHits(planted.all, await patchbay.haystacks()).map(({ where }) => where);
    expect(places).toEqual(expect.arrayContaining(['table public.flow', 'GET /flows/planted']));
  });

  /** That things went wrong in all those ways, and were told with something hidden. */
  async function expectAllEndings(): Promise<void> {
    const rows = await query<{ flow: string; code: string | null; text: string }>(
      patchbay.stage.databaseUrl,
      `SELECT flow_slug AS flow, error->>'code' AS code, coalesce(error::text, '') || coalesce(output::text, '') AS text FROM run`,
    );
    const endingOf = (flow: string) => rows.filter((row) => row.flow === flow);
    for (const { slug } of accounts.callers)
      for (const [ending, code] of Object.entries(CODES)) {
        const flow = `${slug}-${ending}`;
        expect(endingOf(flow), flow).toMatchObject([{ code }]);
        if (code === 'http_status' || code === null || code === 'unexpected')
          expect(endingOf(flow)[0]!.text, flow).toContain('[secret]');
      }
    for (const { slug } of accounts.servers)
      expect(['login_refused', 'connect_refused', 'tls_failed'], slug).toContain(endingOf(slug)[0]?.code);
    expect(endingOf('damaged-asks')).toMatchObject([{ code: 'connection_unreadable' }]);
    expect(endingOf('certificate-fine')).toMatchObject([{ code: 'tls_failed' }]);
    const genuine = accounts.signers.filter(({ slug }) => endingOf(slug).length > 0);
    expect(genuine.map(({ slug }) => slug)).toEqual(
      ['github', 'hmac', 'token', 'jwt', 'basic'].map((scheme) => `signs-${scheme}`),
    );
    expect(endingOf('failures').length).toBeGreaterThan(100);
  }

  async function findHitsIn() {
    return findHits(canaries.all, await patchbay.haystacks());
  }

  test('of every field of every such kind were looked for', () => {
    expect(fieldsWithout(canaries, SERVED_KINDS)).toEqual([]);
  });
});

import { createHmac, randomUUID } from 'node:crypto';

import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { CONNECTORS } from '#connectors/definitions.ts';
import { fieldMeta } from '#connectors/field-meta.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { openStage, type Stage } from '#test/faults/stage.ts';
import { makeAuthority } from '#test/support/certificates.ts';
import type { LaunchedProcess } from '#test/support/launch-process.ts';
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
import { Canaries, findHits, formsOf, type Haystack } from './canaries.ts';
import { dumpDatabase } from './dump.ts';
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

// Hundreds of runs in real processes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const canaries = new Canaries();
/** Every reply of web, with its headers. */
const replies: Haystack[] = [];
let stage: Stage;
let farEnd: TellTale;
/** The product's own mails, and those of steps. */
let outbox: MailServer;
let refusing: MailServer;
let maria: MariaDb | undefined;
let web: LaunchedProcess;
let worker: LaunchedProcess;
let url = '';
let accounts: {
  readonly callers: readonly CanaryAccount[];
  readonly signers: readonly CanaryAccount[];
  readonly servers: readonly CanaryAccount[];
  readonly certificate: CanaryAccount;
};

beforeAll(async () => {
  const ca = await makeAuthority();
  farEnd = await startTellTale(await ca.server());
  outbox = await startMailServer();
  refusing = await startMailServer({ logins: {}, isTellTale: true });
  if (hasMariaDb()) maria = await startMariaDb();
  stage = await openStage();
  const database = new URL(stage.databaseUrl);
  accounts = {
    callers: callerAccounts(canaries),
    signers: signingAccounts(canaries),
    servers: serverAccounts(canaries, { mailPort: refusing.port, database, mariaPort: maria?.port ?? 1 }),
    certificate: await certificateAccount(canaries, ca, farEnd.https),
  };
  await start();
});

afterAll(async () => {
  await stage.close();
  await Promise.all([farEnd.stop(), outbox.stop(), refusing.stop(), maria?.stop()]);
});

async function start(): Promise<void> {
  const { host } = new URL(stage.databaseUrl);
  const env = {
    LOG_LEVEL: 'trace',
    PATCHBAY_SMTP_URL: `smtp://127.0.0.1:${outbox.port}`,
    PATCHBAY_MAIL_FROM: 'Patchbay <flows@example.com>',
    // The tests' database is our own, too.
    PATCHBAY_EGRESS_ALLOW: `127.0.0.0/8,${host}`,
  };
  web = stage.launch('test/support/bare-web.ts', env);
  const told = (await web.message) as { url: string } | undefined;
  if (!told) throw new Error(web.output());
  url = told.url;
  worker = await stage.startWorker(env, ['--import', new URL('break-handler.ts', import.meta.url).href]);
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Calls web, and keeps what it says. */
async function ask(line: string, init: RequestInit & { readonly json?: unknown } = {}): Promise<Reply> {
  const [method = '', path = ''] = line.split(' ');
  const headers = {
    authorization: `Bearer ${stage.apiKey}`,
    'content-type': 'application/json',
    ...init.headers,
  };
  const body = init.json === undefined ? init.body : JSON.stringify(init.json);
  const reply = await fetch(url + path, { ...init, method, headers, body: body ?? null, redirect: 'manual' });
  const text = await reply.text();
  replies.push({ name: line, bytes: Buffer.from(`${[...reply.headers].join('\n')}\n${text}`) });
  return { status: reply.status, text };
}

const api = (line: string, json?: unknown) =>
  ask(line.replace(' /', ' /api/v1/'), json === undefined ? {} : { json });

async function publish(document: FlowDocument): Promise<string> {
  const saved = await api(`PUT /flows/${document.slug}`, document);
  expect(saved.status, saved.text).toBeLessThan(300);
  const published = await api(`POST /flows/${document.slug}/publish`, {});
  expect(published.status, published.text).toBe(200);
  return (JSON.parse(published.text) as { hookUrl: string | null }).hookUrl ?? '';
}

/** Saves the accounts, also in ways that are refused. */
async function connect(): Promise<void> {
  const { callers, signers, servers, certificate } = accounts;
  for (const account of [...callers, ...signers, ...servers, certificate]) {
    const saved = await ask('POST /api/v1/connections', {
      json: account,
      headers: { 'idempotency-key': account.slug },
    });
    expect(saved.status, saved.text).toBe(201);
    await ask('POST /api/v1/connections', { json: account, headers: { 'idempotency-key': account.slug } });
    await ask('POST /api/v1/connections', {
      json: { ...account, name: 'x' },
      headers: { 'idempotency-key': account.slug },
    });
    await api('POST /connections', account);
    await api('POST /connections', {
      ...account,
      slug: 'other',
      fields: { ...account.fields, surplus: 'x' },
    });
    await api('POST /connections', { ...account, slug: 'other', connector: 'nothing' });
    await api(`PATCH /connections/${account.slug}`, { fields: account.fields });
    await api(`PATCH /connections/${account.slug}`, { fields: { ...account.fields, surplus: 'x' } });
    await ask('POST /api/v1/connections', { body: JSON.stringify(account).slice(0, -1) });
    await ask('POST /api/v1/connections', {
      body: JSON.stringify(account),
      headers: { 'content-type': 'text/plain' },
    });
    const secrets = Object.values(account.fields);
    await api('POST /connections', {
      slug: 'other',
      connector: 'bearer_token',
      fields: { token: `a b ${secrets.join(' ')}` },
    });
    await api('POST /connections', {
      slug: 'other',
      connector: 'jwt',
      fields: { privateKey: secrets.join(' ') },
    });
  }
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
  for (const headers of deliveries) await ask(`POST ${path}`, { body, headers });
}

/** Reads all that the API shows. */
async function crawl(): Promise<void> {
  for (const path of [
    '/me',
    '/connectors',
    '/ledger',
    '/breakers',
    '/approvals',
    '/openapi.json',
    '/dead-letters/groups',
  ])
    await api(`GET ${path}`);
  for (const list of [
    '/connections',
    '/flows',
    '/runs',
    '/dead-letters',
    '/audit',
    '/api-keys',
    '/bulk-actions',
  ])
    await pages(list);
  for (const connector of CONNECTORS) await api(`GET /connectors/${connector.id}`);
  for (const { slug } of await pages('/connections')) await api(`GET /connections/${slug}`);
  for (const { slug } of await pages('/flows'))
    for (const path of ['', '/summary', '/stats', '/versions', '/versions/1'])
      await api(`GET /flows/${slug}${path}`);
  for (const { id } of await pages('/runs')) await api(`GET /runs/${id}`);
  for (const path of [
    '/metrics',
    '/healthz',
    '/readyz',
    '/.well-known/jwks/test/signer.json',
    '/.well-known/jwks/test/bearer.json',
  ])
    await ask(`GET ${path}`);
}

interface Item {
  readonly id: string;
  readonly slug: string;
}

async function pages(path: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const reply: Reply = await api(
      `GET ${path}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    const page = JSON.parse(reply.text) as { data: readonly Item[]; next: string | null };
    items.push(...page.data);
    cursor = page.next;
  }
  return items;
}

async function haystacks(): Promise<readonly Haystack[]> {
  return [
    ...(await dumpDatabase(stage.databaseUrl)),
    { name: 'log of web', bytes: Buffer.from(web.output()) },
    { name: 'log of the worker', bytes: Buffer.from(worker.output()) },
    ...outbox.received.map(({ source }, index) => ({ name: `mail ${index}`, bytes: Buffer.from(source) })),
    ...replies,
  ];
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
        await api('POST /connections', { ...account, slug: `${account.slug}-${ending}` });
    await publish(FAILURES);
    const all = [...callers, certificate];
    const manual = [
      ...callingFlows(callers, farEnd),
      ...callingFlows([certificate], { ...farEnd, http: farEnd.https }),
      ...crookedFlows(all),
      ...serverFlows(servers),
      ...callers.map((account) => askingFlow(account, farEnd)),
    ];
    for (const document of manual) {
      await publish(document);
      await api(`POST /flows/${document.slug}/runs`, { input: {} });
    }
    for (const document of pollFlows(callers, farEnd)) await publish(document);
    await query(stage.databaseUrl, 'UPDATE poll SET next_at = now()');
    for (const [index, document] of hookFlows(signers).entries())
      await deliver(await publish(document), signers[index]!);

    await waitFor(
      'every run to end, or to wait for somebody',
      async () => {
        const [row] = await query<{ open: number }>(
          stage.databaseUrl,
          `SELECT count(*)::int AS open FROM run WHERE status NOT IN ('succeeded', 'failed', 'cancelled', 'in_doubt')
             AND NOT EXISTS (SELECT 1 FROM step WHERE run_id = run.id AND waiting_for = 'approval')`,
        );
        return row!.open === 0;
      },
      180_000,
    );
    await waitFor('the mails of the approvals', () => outbox.received.length >= callers.length, 60_000);
    await waitFor('the polls', async () => {
      const [row] = await query<{ left: number }>(
        stage.databaseUrl,
        'SELECT count(*)::int AS left FROM poll WHERE asked_at IS NULL',
      );
      return row!.left === 0;
    });
    await api('POST /dead-letters/redrive', { filter: {}, dryRun: true });
    await crawl();
    // What was signed for single calls is as secret.
    for (const value of new Set(farEnd.shown))
      if (value.startsWith('Bearer ey')) canaries.add('a signed token', value.slice('Bearer '.length));

    expect(canaries.all.length).toBeGreaterThanOrEqual(40);
    await expectAllEndings();
    expect(await findHitsIn()).toEqual([]);
    expect(farEnd.shown.length).toBeGreaterThan(20);
  });

  /** That things went wrong in all those ways, and were told with something hidden. */
  async function expectAllEndings(): Promise<void> {
    const rows = await query<{ flow: string; code: string | null; text: string }>(
      stage.databaseUrl,
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
    expect(endingOf('certificate-fine')).toMatchObject([{ code: 'tls_failed' }]);
    const genuine = accounts.signers.filter(({ slug }) => endingOf(slug).length > 0);
    expect(genuine.map(({ slug }) => slug)).toEqual(
      ['github', 'hmac', 'token', 'jwt', 'basic'].map((scheme) => `signs-${scheme}`),
    );
    expect(endingOf('failures').length).toBeGreaterThan(100);
  }

  async function findHitsIn() {
    return findHits(canaries.all, await haystacks());
  }

  test('of every kind were looked for', () => {
    const names = canaries.all.map(({ name }) => name);
    const kinds = CONNECTORS.filter(
      ({ category, id }) => category === 'credential' || ['smtp', 'postgres', 'mysql'].includes(id),
    );
    const fields = kinds.flatMap(({ id, connection }) =>
      Object.entries(connection?.shape ?? {})
        .filter(([, field]) => fieldMeta(field).secret === true)
        .map(([field]) => `${id}.${field}`),
    );
    expect(fields.filter((field) => !names.some((name) => name.startsWith(field)))).toEqual([]);
  });
});

describe('the search itself', () => {
  const planted = new Canaries();
  planted.makeText('planted');

  test.each(Object.entries(formsOf(planted.all[0]!.value)))(
    'finds a secret that is written %s',
    (_form, text) => {
      const bytes = Buffer.from(`something before ${text} and after`);
      expect(findHits(planted.all, [{ name: 'log', bytes }])).not.toEqual([]);
    },
  );

  test.each(['', 'a', 'ab'])('finds one in the middle of base64, after %j', (before) => {
    const text = Buffer.from(`${before}${planted.all[0]!.value} and more`).toString('base64');
    expect(findHits(planted.all, [{ name: 'log', bytes: Buffer.from(text) }])).not.toEqual([]);
  });

  test('finds a leak in the database, as text and as bytes', async () => {
    const { value } = planted.all[0]!;
    for (const [sql, leaked] of [
      [`UPDATE workspace SET name = $1`, value],
      [`UPDATE workspace SET name = $1`, Buffer.from(`x${value}x`).toString('base64')],
      [
        `UPDATE event SET body = convert_to($1, 'UTF8') WHERE id = (SELECT id FROM event ORDER BY id LIMIT 1)`,
        JSON.stringify({ value }),
      ],
    ] as const) {
      await query(stage.databaseUrl, sql, [leaked]);
      expect(findHits(planted.all, await dumpDatabase(stage.databaseUrl)), leaked).not.toEqual([]);
      await query(stage.databaseUrl, sql, ['{}']);
    }
    expect(findHits(planted.all, await dumpDatabase(stage.databaseUrl))).toEqual([]);
  });

  test('finds nothing where nothing is', () => {
    expect(findHits(planted.all, [{ name: 'log', bytes: Buffer.from('nothing to see') }])).toEqual([]);
  });
});

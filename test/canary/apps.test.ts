import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { ConnectorDef } from '#connectors/contract.ts';
import { findOperation } from '#connectors/definitions.ts';
import { settingsOf } from '#connectors/kit/http-call.ts';
import { readExample } from '#scripts/reference/example.ts';
import { closePool } from '#server/db/pool.ts';
import { closePrisma } from '#server/db/prisma.ts';
import { makeConnection } from '#test/support/connections.ts';
import { makeSession, makeUser } from '#test/support/people.ts';
import { query } from '#test/support/query.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { appAccounts, clientIdOf, type AppAccount } from './apps.ts';
import { Canaries, findHits, type Haystack } from './canaries.ts';
import { openPatchbay, sideBySide, type Patchbay } from './patchbay.ts';
import { APP_KINDS, fieldsWithout } from './secret-fields.ts';
import { startVendor, TOKEN_MODES, type TokenMode, type Vendor } from './vendor.ts';

// Hundreds of runs in real processes.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 });

const PRELOAD = resolve(import.meta.dirname, '../support/far-ends-preload.ts');
const PUBLIC_URL = 'https://patchbay.example';

const canaries = new Canaries();
let vendor: Vendor;
let patchbay: Patchbay;
let accounts: readonly AppAccount[];
let cookie = '';

beforeAll(async () => {
  vendor = await startVendor(canaries);
  patchbay = await openPatchbay(
    () => ({ TEST_FAR_END: vendor.url, PATCHBAY_SANDBOX_URL: vendor.url, PATCHBAY_URL: PUBLIC_URL }),
    ['--import', pathToFileURL(PRELOAD).href],
  );
  const { databaseUrl, secretKey, workspaceId } = patchbay.stage;
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    PATCHBAY_SECRET_KEY: secretKey,
    PATCHBAY_URL: PUBLIC_URL,
  });
  cookie = await makeSession((await makeUser(workspaceId, 'owner')).id);
  accounts = appAccounts(canaries, vendor.url);
});

afterAll(async () => {
  await closePrisma();
  await closePool();
  await patchbay.close();
  await vendor.stop();
});

const rows = <T extends object>(sql: string) => query<T>(patchbay.stage.databaseUrl, sql);

test('the secrets of apps, their clients and their tokens are nowhere, whatever vendors say', async () => {
  await register();
  await connect();
  await tryOut();
  await listOptions();
  await runExamples();
  await renew();
  await giveBack();
  await patchbay.untilSettled();
  await patchbay.crawl();

  expect(fieldsWithout(canaries, APP_KINDS)).toEqual([]);
  expect(canaries.all.length).toBeGreaterThanOrEqual(40);
  const haystacks = await patchbay.haystacks();
  expect(findHits(canaries.all, haystacks)).toEqual([]);
  await expectRepetitions(haystacks);
});

/** That vendors did repeat secrets, and that it was told with something hidden: otherwise the search proves nothing. */
async function expectRepetitions(haystacks: readonly Haystack[]): Promise<void> {
  const quiet = await rows<{ what: string }>(
    `SELECT connector AS what FROM oauth_consent GROUP BY connector HAVING count(*) FILTER (WHERE outcome::text LIKE '%[secret]%') < 4
     UNION ALL SELECT slug FROM connection WHERE account_label NOT LIKE '%[secret]%'
     UNION ALL SELECT trigger FROM subscription WHERE due_at IS NOT NULL GROUP BY trigger HAVING count(*) FILTER (WHERE fault::text LIKE '%[secret]%') = 0
     UNION ALL SELECT regexp_replace(flow_slug, '-\\d+$', '') AS flow FROM run GROUP BY 1
       HAVING count(*) FILTER (WHERE error::text LIKE '%[secret]%' OR output::text LIKE '%[secret]%') = 0`,
  );
  expect(quiet.map(({ what }) => what)).toEqual([]);
  const lists = haystacks.filter(
    ({ name, bytes }) => name.includes('/options/') && bytes.includes('[secret]'),
  );
  const told = new Set(lists.map(({ name }) => name.split('?')[0]));
  const all = accounts.flatMap(({ kind }) =>
    Object.keys(kind.optionLoaders ?? {}).map((name) => `GET /connectors/${kind.id}/options/${name}`),
  );
  expect(all.filter((name) => !told.has(name))).toEqual([]);
}

/** The clients of the workspace, and what apps sign with. */
async function register(): Promise<void> {
  for (const { kind } of accounts) {
    if (!kind.oauth || kind.oauth.clientFields) continue;
    const clientSecret = canaries.make(`${kind.id}.OAuth app`);
    const client = { clientId: clientIdOf(kind), clientSecret };
    const saved = await patchbay.api(`PUT /oauth-apps/${kind.id}`, client);
    expect(saved.status, saved.text).toBe(200);
    await patchbay.api(`PUT /oauth-apps/${kind.id}`, { ...client, surplus: clientSecret });
    await patchbay.api('PUT /oauth-apps/nothing', client);
  }
  const secret = canaries.makePlain('slack.app hook');
  expect((await patchbay.api('PUT /app-hooks/slack', { secret })).status).toBe(200);
  for (const connector of ['hubspot', 'notion', 'nothing'])
    expect((await patchbay.api(`PUT /app-hooks/${connector}`, { secret })).status).toBeGreaterThan(400);
}

/** Goes through the consent of each kind, refused in every way first. */
async function connect(): Promise<void> {
  for (const { slug, kind, fields } of accounts) {
    const account = { slug, connector: kind.id, fields };
    const saved = await patchbay.api('POST /connections', account);
    expect(saved.status, saved.text).toBe(201);
    await patchbay.api('POST /connections', {
      ...account,
      slug: 'other',
      fields: { ...fields, surplus: 'x' },
    });
    if (kind.oauth?.grant !== 'authorization_code') continue;
    for (const mode of TOKEN_MODES.toReversed()) {
      vendor.tokens = mode;
      for (const status of mode === 'give' && kind.account
        ? ([401, 500, 'cut', 200] as const)
        : [200 as const]) {
        vendor.api = status;
        await consent(slug, kind);
      }
    }
  }
  const unconnected = await rows<{ slug: string }>(
    `SELECT slug FROM connection WHERE status <> 'ok' AND connector <> 'oauth2_client'`,
  );
  expect(unconnected).toEqual([]);
}

async function consent(slug: string, { oauth }: ConnectorDef): Promise<void> {
  const begun = await patchbay.ask(`POST /api/v1/connections/${slug}/authorize`, {
    headers: { cookie, origin: PUBLIC_URL },
  });
  expect(begun.status, begun.text).toBe(200);
  const { searchParams } = new URL((JSON.parse(begun.text) as { url: string }).url);
  const state = searchParams.get('state') ?? '';
  const code = canaries.make('an authorization code');
  const issuer = oauth?.issuer?.replace('{sandbox}', vendor.url) ?? '';
  const answer = new URLSearchParams({ code, state, ...(/^http/.test(issuer) && { iss: issuer }) });
  const done = await patchbay.ask(`GET /oauth/callback?${answer.toString()}`, { headers: { cookie } });
  expect(done.status, done.text).toBe(303);
}

/** The button that tests a connection. */
async function tryOut(): Promise<void> {
  for (const status of [200, 400, 401, 500, 'cut'] as const) {
    vendor.api = status;
    for (const { slug, kind } of accounts)
      if (kind.account) {
        const tested = await patchbay.api(`POST /connections/${slug}/test`, {});
        expect(tested.status, tested.text).toBe(200);
      }
  }
}

/** Every live list of every kind. */
async function listOptions(): Promise<void> {
  for (const status of [200, 400, 401, 500, 'cut'] as const) {
    vendor.api = status;
    for (const { slug, kind } of accounts)
      for (const [name, { call }] of Object.entries(kind.optionLoaders ?? {})) {
        const settings = Object.fromEntries([...settingsOf(call)].map((each) => [each, 'octo/hello']));
        const asked = new URLSearchParams({ connection: slug, settings: JSON.stringify(settings) });
        await patchbay.api(`GET /connectors/${kind.id}/options/${name}?${asked.toString()}`);
      }
  }
}

/** Every operation of every kind: actions run, triggers subscribe and poll. */
async function runExamples(): Promise<void> {
  const types = accounts.flatMap(({ kind }) => kind.operations.map(({ id }) => `${kind.id}.${id}`));
  for (const status of [200, 400, 403, 500] as const) {
    vendor.api = status;
    const documents = await Promise.all(types.map((type) => exampleFlow(type, status)));
    await sideBySide(documents, async ({ document, input, isTrigger }) => {
      await patchbay.publish(document);
      if (!isTrigger) await patchbay.api(`POST /flows/${document.slug}/runs`, { input });
    });
    await patchbay.untilSettled();
    await rows('UPDATE poll SET next_at = now() WHERE asked_at IS NULL');
    await waitFor('every subscription and poll to be asked', async () => {
      const [row] = await rows<{ left: number }>(
        `SELECT (SELECT count(*) FROM subscription WHERE due_at IS NOT NULL AND remote_id IS NULL AND fault IS NULL)::int
              + (SELECT count(*) FROM poll WHERE asked_at IS NULL)::int AS left`,
      );
      return row!.left === 0;
    });
  }
}

async function exampleFlow(type: string, status: number) {
  const { flow, start } = await readExample(type);
  const node = flow.nodes.find((each) => each.type === type)!;
  const found = findOperation(type, node.version)!;
  // One each: a breaker would hold the others back.
  const connection = `${type.replaceAll(/[._]/g, '-')}-${status}`;
  await makeConnection(patchbay.stage.workspaceId, {
    slug: connection,
    connector: found.connector.id,
    fields: {
      accessToken: canaries.make(`${found.connector.id}.accessToken of ${connection}`),
      ...(found.connector.id === 'stripe' && {
        secretKey: canaries.makePlain(`stripe.secretKey of ${connection}`),
      }),
      instanceUrl: 'https://instance.vendor.test',
    },
  });
  const isTrigger = found.operation.kind === 'trigger';
  const nodes = flow.nodes.map((each) => {
    if (each.connection === undefined) return each;
    return { ...each, connection, ...(!isTrigger && { retry: { attempts: 1 } }) };
  });
  const document = { ...flow, slug: connection, nodes };
  return { document, input: 'input' in start ? start.input : {}, isTrigger };
}

/** Tokens that come to their end, with every word that a vendor has for it. */
async function renew(): Promise<void> {
  const ASKED = `connector IN (${accounts
    .filter(({ kind }) => kind.oauth)
    .map(({ kind }) => `'${kind.id}'`)
    .join()}) AND slug = replace(connector, '_', '-')`;
  const modes: readonly TokenMode[] = [
    'word',
    'sentence',
    'long',
    'object',
    'redirect',
    'cut',
    'give',
    'ended',
  ];
  for (const [index, mode] of modes.entries()) {
    vendor.tokens = mode;
    await rows(`UPDATE connection SET refresh_due_at = now() WHERE ${ASKED} AND status <> 'reconnect'`);
    const isOver =
      mode === 'give'
        ? 'refresh_fails = 0 AND token_version > 0'
        : mode === 'ended'
          ? `status = 'reconnect' OR refresh_fails > 0`
          : `refresh_fails > ${index}`;
    await waitFor(`the renewals that end with ${mode}`, async () => {
      const left = await rows(`SELECT slug FROM connection WHERE ${ASKED} AND NOT (${isOver})`);
      return left.length === 0;
    });
  }
}

/** The end of each connection, which vendors refuse. */
async function giveBack(): Promise<void> {
  vendor.tokens = 'sentence';
  for (const { slug, kind } of accounts)
    if (kind.oauth?.grant === 'authorization_code')
      expect((await patchbay.api(`POST /connections/${slug}/disconnect`, {})).status).toBe(200);
}

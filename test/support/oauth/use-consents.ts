import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { z } from 'zod';

import type { ConnectorDef } from '#connectors/contract.ts';
import { CONNECTORS } from '#connectors/definitions.ts';
import type { Connection } from '#core/api/connections.ts';
import { openConnection } from '#server/connections/open-connection.ts';
import { closeEgress } from '#server/egress/egress-client.ts';
import { handleCallback } from '#server/oauth/handle-callback.ts';
import { readOutcome, type ConsentOutcome } from '#server/oauth/read-outcome.ts';
import { callApi } from '#test/support/call-api.ts';
import {
  CLIENTS,
  startConsentProvider,
  visit,
  type ConsentProvider,
} from '#test/support/oauth/consent-provider.ts';
import { makeSession, makeUser, makeWorkspace } from '#test/support/people.ts';
import { PUBLIC_URL, useAppDatabase } from '#test/support/use-app-database.ts';

export const CALLBACK = `${PUBLIC_URL}/oauth/callback`;

/** An app that is at the provider of the tests, and says whose account a connection is. */
const seat: ConnectorDef = {
  id: 'seat',
  label: 'Seat',
  summary: 'An app of the tests.',
  icon: 'plug',
  category: 'app',
  connection: z.strictObject({
    site: z.string(),
    clientId: z.string(),
    clientSecret: z.string().meta({ secret: true }),
    note: z.string().optional(),
  }),
  oauth: {
    grant: 'authorization_code',
    authorizeUrl: '{site}/auth',
    tokenUrl: '{site}/token',
    revokeUrl: '{site}/token/revocation',
    scopes: [
      { id: 'read', says: 'Read everything' },
      { id: 'write', says: 'Change everything' },
      { id: 'offline_access', says: 'Stay connected' },
    ],
    clientFields: { id: 'clientId', secret: 'clientSecret' },
    keep: { tokenKind: '/token_type' },
  },
  callAuth: { kind: 'bearer', field: 'accessToken' },
  baseUrl: '{site}',
  account: { url: '{site}/api/me', id: '/id', label: '/name' },
  operations: [],
};
/** The same, with an issuer that it does not always name, and where the end of one token is that of all. */
const bench: ConnectorDef = {
  ...seat,
  id: 'bench',
  label: 'Bench',
  oauth: { ...seat.oauth!, issuer: '{site}', revokesAccount: true },
};
/** The same, whose client the workspace registers. */
const stall: ConnectorDef = {
  ...seat,
  id: 'stall',
  label: 'Stall',
  connection: z.strictObject({ site: z.string() }),
  oauth: {
    ...seat.oauth!,
    clientFields: undefined,
    setup: { url: 'https://seat.example/apps', steps: ['Register it.'] },
  },
};
const OURS = [seat, bench, stall];

export interface Member {
  readonly id: string;
  readonly email: string;
  readonly cookie: string;
}

export interface Consents {
  readonly provider: ConsentProvider;
  workspaceId: string;
  /** An owner of the workspace. */
  me: Member;
  member(role: 'owner' | 'admin' | 'editor' | 'operator' | 'viewer'): Promise<Member>;
  /** Makes a connection and returns its slug. */
  create(given?: {
    readonly connector?: string;
    readonly fields?: Readonly<Record<string, string>>;
    readonly by?: Member;
    readonly more?: Readonly<Record<string, unknown>>;
  }): Promise<string>;
  /** Where a member is sent to, to grant access. */
  authorize(slug: string, by?: Member): Promise<string>;
  /** What the page says that a callback leads to; null where it leads nowhere. */
  come(url: string, by?: Member | { readonly cookie: string }): Promise<ConsentOutcome | null>;
  /** All of it. */
  connect(slug: string, by?: Member): Promise<ConsentOutcome | null>;
  shown(slug: string, by?: Member): Promise<Connection>;
  /** The secrets as a step gets them. */
  fields(slug: string): Promise<Readonly<Record<string, string>>>;
}

/** Gives this test file a database, a provider with a consent screen, and for each test a workspace. Call it at the top level. */
export function useConsents(): Consents {
  useAppDatabase();
  let provider: ConsentProvider | undefined;
  let count = 0;
  beforeAll(async () => {
    (CONNECTORS as ConnectorDef[]).push(...OURS);
    provider = await startConsentProvider(CALLBACK);
    process.env['PATCHBAY_EGRESS_ALLOW'] = new URL(provider.url).host;
  });
  afterAll(async () => {
    await closeEgress();
    await provider?.stop();
    (CONNECTORS as ConnectorDef[]).splice(CONNECTORS.length - OURS.length);
  });
  beforeEach(async () => {
    Object.assign(provider!.sitting, { person: 'ada', decision: 'allow', without: [] });
    Object.assign(provider!, { intercept: () => undefined, namesScopes: true });
    (provider!.requests as unknown[]).length = 0;
    consents.workspaceId = await makeWorkspace();
    consents.me = await consents.member('owner');
  });
  const consents: Consents = {
    get provider() {
      return provider!;
    },
    workspaceId: '',
    me: { id: '', email: '', cookie: '' },
    member: async (role) => {
      const user = await makeUser(consents.workspaceId, role);
      return { ...user, cookie: await makeSession(user.id) };
    },
    create: async ({ connector = 'seat', fields, by = consents.me, more } = {}) => {
      const slug = `c-${++count}`;
      const { id: clientId, secret: clientSecret } = CLIENTS.body;
      const own = { site: provider!.url, ...(connector !== 'stall' && { clientId, clientSecret }) };
      const body = { slug, connector, fields: fields ?? own, ...more };
      const made = await callApi('POST /connections', { cookie: by.cookie, body });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      return slug;
    },
    authorize: async (slug, { cookie } = consents.me) => {
      const { status, body } = await callApi(`POST /connections/${slug}/authorize`, { cookie });
      expect(status, JSON.stringify(body)).toBe(200);
      return (body as { url: string }).url;
    },
    come: async (url, { cookie } = consents.me) => {
      const response = await handleCallback(new Request(url, { headers: { cookie } }), '192.0.2.1');
      expect(response.status).toBe(303);
      const location = response.headers.get('location')!;
      // No code stays in the address, nor goes on from it.
      expect(location).toMatch(new RegExp(`^${PUBLIC_URL}/oauth/done/[\\w-]+$`));
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      const id = location.split('/').at(-1)!;
      return id === 'unknown' ? null : readOutcome(id);
    },
    connect: async (slug, by) => consents.come(await visit(await consents.authorize(slug, by)), by),
    shown: async (slug, { cookie } = consents.me) => {
      const { status, body } = await callApi(`GET /connections/${slug}`, { cookie });
      expect(status).toBe(200);
      return body as Connection;
    },
    fields: async (slug) => (await openConnection(consents.workspaceId, slug))!.fields,
  };
  return consents;
}

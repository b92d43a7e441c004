import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider, type Adapter, type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';

import type { Json } from '#core/json.ts';
import { waitFor } from '#test/support/wait-for.ts';

/** A request for a token, and what came of it. */
export interface TokenAsk {
  /** The refresh token that was shown; null for a grant without. */
  readonly shown: string | null;
  /** The provider's word; null where it gave a token. */
  readonly refusal: string | null;
  readonly at: number;
}

/** A call of the app's API. */
export interface AppCall {
  readonly path: string;
  readonly token: string;
  readonly isAccepted: boolean;
  readonly body: Json;
}

export interface Account {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** How the token address answers instead of the provider. */
export interface TokenReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * A real OAuth provider whose refresh tokens work once: one that is used twice takes the whole grant back. On the same origin
 * stands an API, `/api/…`, that takes its access tokens alone.
 */
export interface OAuthProvider {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly asks: readonly TokenAsk[];
  readonly calls: readonly AppCall[];
  /** Grants that were taken back because a refresh token was used twice. */
  readonly revokedGrants: number;
  /** How long new access tokens live. Default 3600. */
  accessSeconds: number;
  /** Answers in the provider's place; undefined lets it answer. Awaited, so that it may take its time. */
  intercept: (ask: { readonly count: number }) => TokenReply | undefined | Promise<TokenReply | undefined>;
  /** Whether the API refuses a token with status 200 and a word. Default false. */
  isPolite: boolean;
  /** An account that was connected. Its access token is not known to end unless it is asked for. */
  connect(): Promise<Account>;
  /** From now on the API refuses this access token. */
  expire(accessToken: string): Promise<void>;
  /** From now on the token of no kind works, as when a person takes access back. */
  revoke(account: Account): Promise<void>;
  waitForAsks(count: number): Promise<readonly TokenAsk[]>;
  stop(): Promise<void>;
}

const DAY_SECONDS = 86_400;
const CLIENT = { id: 'patchbay', secret: 'a client secret of the tests' };

export async function startOAuthProvider(): Promise<OAuthProvider> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // Scenes of crashes start one and have nobody to stop it.
  server.unref();
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const store = new Map<string, AdapterPayload>();
  const asks: TokenAsk[] = [];
  const calls: AppCall[] = [];
  let revokedGrants = 0;
  let arrived = 0;
  const provider = new Provider(url, {
    adapter: (model: string) => adapterTo(store, model),
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        redirect_uris: [`${url}/callback`],
        token_endpoint_auth_method: 'client_secret_post',
        scope: 'api offline_access openid',
      },
    ],
    scopes: ['api', 'offline_access', 'openid'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: () => twin.accessSeconds,
      ClientCredentials: () => twin.accessSeconds,
      Grant: DAY_SECONDS,
      RefreshToken: DAY_SECONDS,
    },
    jwks: { keys: [signingKey()] },
  });
  const note = (ctx: KoaContextWithOIDC, refusal: string | null) => {
    const shown = ctx.oidc.params?.['refresh_token'];
    asks.push({ shown: typeof shown === 'string' ? shown : null, refusal, at: Date.now() });
  };
  provider.on('grant.success', (ctx) => note(ctx, null));
  provider.on('grant.error', (ctx, error) => note(ctx, error.error));
  provider.on('grant.revoked', () => (revokedGrants += 1));
  const oidc = provider.callback();

  const isAlive = async (token: string) =>
    (await provider.AccessToken.find(token)) !== undefined ||
    (await provider.ClientCredentials.find(token)) !== undefined;
  const answerApi = async (request: IncomingMessage, response: ServerResponse) => {
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const isAccepted = await isAlive(token);
    calls.push({ path: request.url ?? '', token, isAccepted, body: await bodyOf(request) });
    if (isAccepted) return reply(response, { status: 200, body: { id: 'a1', name: 'Ada', ok: true } });
    const status = twin.isPolite ? 200 : 401;
    return reply(response, { status, body: { ok: false, error: 'token_expired' } });
  };
  const answerToken = async (request: IncomingMessage, response: ServerResponse) => {
    arrived += 1;
    const instead = await twin.intercept({ count: arrived });
    if (!instead) return oidc(request, response);
    const shown = new URLSearchParams(await textOf(request)).get('refresh_token');
    asks.push({ shown, refusal: `status ${instead.status}`, at: Date.now() });
    return reply(response, instead);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    if (path.startsWith('/api/')) void answerApi(request, response);
    else if (path === '/token') void answerToken(request, response);
    else void oidc(request, response);
  });

  const twin: OAuthProvider = {
    url,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    asks,
    calls,
    get revokedGrants() {
      return revokedGrants;
    },
    accessSeconds: 3_600,
    intercept: () => undefined,
    isPolite: false,
    connect: () => connect(provider),
    expire: async (accessToken) => {
      await (await provider.AccessToken.find(accessToken))?.destroy();
    },
    revoke: async ({ accessToken, refreshToken }) => {
      const [access, refresh] = [
        await provider.AccessToken.find(accessToken),
        await provider.RefreshToken.find(refreshToken),
      ];
      const { grantId } = refresh ?? access ?? {};
      if (grantId !== undefined)
        for (const [key, { grantId: id }] of store) if (id === grantId) store.delete(key);
    },
    waitForAsks: (count) => waitFor(`${count} requests for tokens`, () => asks.length >= count && asks),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return twin;
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' };
}

/** What a consent screen ends with. */
async function connect(provider: Provider): Promise<Account> {
  const client = await provider.Client.find(CLIENT.id);
  if (!client) throw new Error('The provider does not know its client.');
  const accountId = `account-${Math.random().toString(36).slice(2)}`;
  const scope = 'api offline_access';
  const grant = new provider.Grant({ accountId, clientId: CLIENT.id });
  grant.addOIDCScope(scope);
  const grantId = await grant.save();
  const given = { accountId, client, grantId, gty: 'authorization_code', scope };
  const accessToken = await new provider.AccessToken(given).save();
  const refreshToken = await new provider.RefreshToken(given).save();
  return { accessToken, refreshToken };
}

/** Everything in one map, for as long as the process lives: the provider's own keeps a thousand. */
function adapterTo(store: Map<string, AdapterPayload>, model: string): Adapter {
  const key = (id: string) => `${model} ${id}`;
  return {
    upsert: async (id, payload) => void store.set(key(id), payload),
    find: async (id) => store.get(key(id)),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    destroy: async (id) => void store.delete(key(id)),
    consume: async (id) => {
      const payload = store.get(key(id));
      if (payload) payload['consumed'] = Math.floor(Date.now() / 1_000);
    },
    revokeByGrantId: async (grantId) => {
      for (const [name, payload] of store) if (payload.grantId === grantId) store.delete(name);
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  const text = await textOf(request);
  return text === '' ? null : (JSON.parse(text) as Json);
}

function reply(response: ServerResponse, { status, headers = {}, body = {} }: TokenReply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider, type InteractionResults } from 'oidc-provider';

/** What whoever sits at the consent screen does. */
export interface Sitting {
  person: string;
  decision: 'allow' | 'deny';
  /** Scopes that they untick. */
  without: readonly string[];
}

/** A request for a token or its end, as it arrived. */
export interface ClientRequest {
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly authorization: string | null;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A real OAuth provider with a consent screen at which somebody sits; it says who it is (`iss`), insists on PKCE and rotates refresh
 * tokens. On the same origin, `/api/me` says whose access token it is shown.
 */
export interface ConsentProvider {
  readonly url: string;
  readonly sitting: Sitting;
  readonly requests: readonly ClientRequest[];
  /** Answers requests for tokens, or their end, in the provider's place; undefined lets it answer. Awaited. */
  intercept: (request: ClientRequest) => Reply | undefined | Promise<Reply | undefined>;
  /** False: what it answers does not name scopes. Default true. */
  namesScopes: boolean;
  /** Whether `/api/me` accepts the token. */
  isAlive(accessToken: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** By which a client shows who it is: in the body, by basic authentication, or not at all. */
export const CLIENTS = {
  body: { id: 'in-the-body', secret: 'the secret in the body of a request' },
  basic: { id: 'by basic:authentication', secret: 'the secret & of basic %41uthentication' },
  public: { id: 'public', secret: '' },
} as const;

const METHODS = { body: 'client_secret_post', basic: 'client_secret_basic', public: 'none' } as const;
const SCOPES = ['read', 'write', 'offline_access', 'openid'];

export async function startConsentProvider(redirectUri: string): Promise<ConsentProvider> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    clients: Object.entries(CLIENTS).map(([kind, { id, secret }]) => ({
      client_id: id,
      ...(secret !== '' && { client_secret: secret }),
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token', ...(secret === '' ? [] : ['client_credentials'])],
      token_endpoint_auth_method: METHODS[kind as keyof typeof METHODS],
      scope: SCOPES.join(' '),
    })),
    scopes: SCOPES,
    features: {
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => client.clientId === token.clientId },
      devInteractions: { enabled: false },
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    interactions: { url: (_, { uid }) => `/sit/${uid}` },
    // Nobody stays signed in, and each consent stands for itself.
    loadExistingGrant: async (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    clientBasedCORS: () => false,
    cookies: { keys: ['of the tests'] },
    jwks: { keys: [signingKey()] },
    ttl: {
      Grant: 3_600,
      Interaction: 600,
      Session: 600,
      AccessToken: 3_600,
      RefreshToken: 3_600,
      ClientCredentials: 3_600,
    },
  });
  const oidc = provider.callback();
  const sitting: Sitting = { person: 'ada', decision: 'allow', without: [] };
  const requests: ClientRequest[] = [];

  const accountOf = async (token: string) => (await provider.AccessToken.find(token))?.accountId;
  const sayWho = async (request: IncomingMessage, response: ServerResponse) => {
    const id = await accountOf((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    if (id === undefined) return reply(response, { status: 401, body: { error: 'invalid_token' } });
    return reply(response, { status: 200, body: { id, name: `${id}@people.example` } });
  };
  const answerClient = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request);
    const seen: ClientRequest = {
      path: request.url ?? '',
      parameters: new URLSearchParams(body),
      authorization: request.headers.authorization ?? null,
    };
    requests.push(seen);
    const instead = await consents.intercept(seen);
    if (instead) return reply(response, instead);
    // oidc-provider takes a body that was read already.
    (request as IncomingMessage & { body?: unknown }).body = Object.fromEntries(seen.parameters);
    if (consents.namesScopes) return oidc(request, response);
    return withoutScope(request, response, oidc);
  };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '').split('?')[0]!;
    if (path === '/api/me') void sayWho(request, response);
    else if (path.startsWith('/sit/')) void sit(provider, { request, response, sitting });
    else if (path === '/token' || path === '/token/revocation') void answerClient(request, response);
    else void oidc(request, response);
  });

  const consents: ConsentProvider = {
    url,
    sitting,
    requests,
    intercept: () => undefined,
    namesScopes: true,
    isAlive: async (token) => (await accountOf(token)) !== undefined,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return consents;
}

/** Whoever sits there says who they are, then decides. */
async function sit(
  provider: Provider,
  {
    request,
    response,
    sitting,
  }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly sitting: Sitting },
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const result = async (): Promise<InteractionResults> => {
    if (prompt.name === 'login') return { login: { accountId: sitting.person, remember: false } };
    if (sitting.decision === 'deny')
      return { error: 'access_denied', error_description: '<b>They</b> did not want to.' };
    const { scope } = params;
    const asked = typeof scope === 'string' ? scope.split(' ') : [];
    const grant = new provider.Grant({
      accountId: session!.accountId,
      clientId: String(params['client_id']),
    });
    grant.addOIDCScope(asked.filter((scope) => !sitting.without.includes(scope)).join(' '));
    grant.rejectOIDCScope(sitting.without.join(' '));
    return { consent: { grantId: await grant.save() } };
  };
  await provider.interactionFinished(request, response, await result(), {
    mergeWithLastSubmission: prompt.name !== 'login',
  });
}

/** The answer without its scope, as many providers give it. */
async function withoutScope(
  request: IncomingMessage,
  response: ServerResponse,
  oidc: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<void> {
  const end = response.end.bind(response);
  response.end = ((text: string | Buffer) => {
    const { scope: _, ...rest } = JSON.parse(text.toString()) as Record<string, unknown>;
    const body = JSON.stringify(rest);
    response.setHeader('content-length', Buffer.byteLength(body));
    return end(body);
  }) as typeof response.end;
  await oidc(request, response);
}

/** Goes where a consent begins, as a browser would, and resolves to where the provider sends it back. */
export async function visit(authorizeUrl: string): Promise<string> {
  const cookies = new Map<string, string>();
  const { origin } = new URL(authorizeUrl);
  let url = authorizeUrl;
  while (new URL(url).origin === origin) {
    const response: Response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`The consent screen answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url).href;
  }
  return url;
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function reply(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

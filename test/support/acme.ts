import { createHash, randomBytes } from 'node:crypto';

import type { Acme } from '#sandbox/start-acme.ts';

export const ALL_SCOPES: readonly string[] = [
  'contacts:read',
  'contacts:write',
  'deals:read',
  'deals:write',
  'webhooks:manage',
  'offline_access',
];

export interface ConsentChoices {
  /** Default `ada`, who may allow everything. */
  readonly person?: 'ada' | 'ben';
  /** Scopes whose boxes are unticked. */
  readonly untick?: readonly string[];
  /** Scopes that are sent although the page offers no box for them to tick. */
  readonly forge?: readonly string[];
  /** Presses Deny instead of Allow. */
  readonly deny?: boolean;
}

/**
 * Goes through Acme's pages as a browser would, with cookies, from an authorization URL to where they lead: the client's
 * redirect URI with `code`, `state` and `iss`, or with `error`. It is not called. Throws when a page is not as expected.
 */
export async function giveConsent(authorizeUrl: string, choices: ConsentChoices = {}): Promise<URL> {
  const browser = createBrowser();
  const signIn = await browser.follow(authorizeUrl);
  const consent = await browser.submit(signIn.url, new URLSearchParams({ person: choices.person ?? 'ada' }));
  const form = new URLSearchParams({ decision: choices.deny ? 'deny' : 'allow' });
  for (const [, scope = ''] of consent.text.matchAll(TICKED))
    if (!choices.untick?.includes(scope)) form.append('scope', scope);
  for (const scope of choices.forge ?? []) form.append('scope', scope);
  return (await browser.submit(consent.url, form)).url;
}

const TICKED = /<input\s+type="checkbox"\s+name="scope"\s+value="([^"]+)"\s+checked/g;

/** An authorization request for Patchbay's client, with its PKCE verifier. */
export function authorizationRequest(
  acme: Pick<Acme, 'authorizeUrl' | 'redirectUri' | 'client'>,
  params: Readonly<Record<string, string>> = {},
): { readonly url: string; readonly verifier: string } {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: acme.client.id,
    response_type: 'code',
    redirect_uri: acme.redirectUri,
    scope: ALL_SCOPES.join(' '),
    state: 'a-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...params,
  });
  return { url: `${acme.authorizeUrl}?${query.toString()}`, verifier };
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly token_type: string;
}

/** A connection: consent, then the code for tokens. Throws when Acme refuses the code. */
export async function connect(
  acme: Acme,
  options: ConsentChoices & { readonly scope?: string } = {},
): Promise<Tokens> {
  const { url, verifier } = authorizationRequest(acme, options.scope ? { scope: options.scope } : {});
  const code = (await giveConsent(url, options)).searchParams.get('code') ?? '';
  const reply = await askForToken(acme, codeGrant(acme, { code, verifier }));
  if (!reply.ok) throw new Error(`Acme gave no tokens: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as Tokens;
}

export function codeGrant(
  acme: Acme,
  { code, verifier }: { readonly code: string; readonly verifier: string },
): Record<string, string> {
  return {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: acme.redirectUri,
  };
}

export function refresh(acme: Acme, tokens: Pick<Tokens, 'refresh_token'>): Promise<Response> {
  return askForToken(acme, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' });
}

/** Calls the token endpoint as a client, Patchbay's unless another is given. */
export function askForToken(
  acme: Pick<Acme, 'tokenUrl' | 'client'>,
  params: Readonly<Record<string, string>>,
  client = acme.client,
): Promise<Response> {
  return fetch(acme.tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    body: new URLSearchParams(params),
  });
}

/** Calls the API. A body that is no text is sent as JSON. */
export function callAcme(
  acme: Acme,
  token: string,
  path: string,
  init: { readonly method?: string; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const { body } = init;
  return fetch(acme.apiUrl + path, {
    method: init.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...init.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** Sends a form of one of Acme's pages, as that page would. */
export function postForm(
  acme: Acme,
  path: string,
  fields: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = { origin: acme.url },
): Promise<Response> {
  return fetch(acme.url + path, {
    method: 'POST',
    headers,
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
}

interface Page {
  readonly url: URL;
  readonly text: string;
}

/** Keeps cookies by name and path, and follows redirects as long as they stay at one origin. */
function createBrowser(): {
  follow(url: string): Promise<Page>;
  submit(url: URL, form: URLSearchParams): Promise<Page>;
} {
  const jar = new Map<string, { readonly path: string; readonly value: string }>();

  async function load(url: URL, init: RequestInit = {}): Promise<Page> {
    const cookie = [...jar]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const headers = { cookie, accept: 'text/html', origin: url.origin };
    const reply = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of reply.headers.getSetCookie()) keep(line);
    const location = reply.headers.get('location');
    if (location === null) return { url, text: await reply.text() };
    await reply.body?.cancel();
    const next = new URL(location, url);
    return next.origin === url.origin ? load(next) : { url: next, text: '' };
  }

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.map((each) => /^\s*path=(.*)$/i.exec(each)?.[1]).find(Boolean) ?? '/';
    if (value === '') jar.delete(name);
    else jar.set(name, { path, value });
  }

  return {
    follow: (url) => load(new URL(url)),
    submit: (url, form) => load(url, { method: 'POST', body: form }),
  };
}

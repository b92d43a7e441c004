import { createHash } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import type { Acme } from '#sandbox/start-acme.ts';
import {
  ALL_SCOPES,
  askForToken,
  authorizationRequest,
  callAcme,
  codeGrant,
  connect,
  giveConsent,
  postForm,
  refresh,
  type Tokens,
} from '#test/support/acme.ts';
import { useAcme } from '#test/support/use-acme.ts';
import { waitFor } from '#test/support/wait-for.ts';

const startAcme = useAcme();

async function errorOf(reply: Response): Promise<unknown> {
  return { status: reply.status, error: ((await reply.json()) as { error: unknown }).error };
}

/** A code, and what it can be exchanged with. */
async function newCode(acme: Acme): Promise<{ code: string; verifier: string }> {
  const { url, verifier } = authorizationRequest(acme);
  return { code: (await giveConsent(url)).searchParams.get('code') ?? '', verifier };
}

async function statusOfMe(acme: Acme, token: string): Promise<number> {
  return (await callAcme(acme, token, '/me')).status;
}

async function grantsShown(acme: Acme): Promise<string[]> {
  const page = await (await fetch(`${acme.url}/apps`)).text();
  return [...page.matchAll(/action="\/apps\/([\w-]+)\/revoke"/g)]
    .map((match) => match[1] ?? '')
    .filter((id) => id !== 'machine');
}

describe('consent', () => {
  test('leads back with a code, the state and the issuer, and the code gives tokens', async () => {
    const acme = await startAcme({ patchbayUrl: 'http://127.0.0.1:4321/', tokenSeconds: 77 });
    const { url, verifier } = authorizationRequest(acme);
    const back = await giveConsent(url);
    expect(back.origin + back.pathname).toBe('http://127.0.0.1:4321/oauth/callback');
    expect(back.searchParams.get('state')).toBe('a-state');
    expect(back.searchParams.get('iss')).toBe(acme.url);

    const code = back.searchParams.get('code') ?? '';
    const reply = await askForToken(acme, codeGrant(acme, { code, verifier }));
    const tokens = (await reply.json()) as Tokens;
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 77 });
    expect(tokens.refresh_token).toBeTypeOf('string');
    expect(tokens.scope.split(' ').sort()).toEqual([...ALL_SCOPES].sort());
    expect(await (await callAcme(acme, tokens.access_token, '/me')).json()).toEqual({
      id: 'ada',
      kind: 'person',
      name: 'Ada Park',
      email: 'ada.park@acme.example',
      role: 'sales lead',
      clientId: 'patchbay',
      scopes: expect.arrayContaining([...ALL_SCOPES]) as string[],
    });
  });

  test('that was denied leads back with access_denied and nothing else', async () => {
    const acme = await startAcme();
    const back = await giveConsent(authorizationRequest(acme).url, { deny: true });
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('state')).toBe('a-state');
    expect(back.searchParams.get('iss')).toBe(acme.url);
    expect(back.searchParams.has('code')).toBe(false);
    expect(await grantsShown(acme)).toEqual([]);
  });

  test('is asked for each time, by whoever connects', async () => {
    const acme = await startAcme();
    const ada = await connect(acme);
    const ben = await connect(acme, { person: 'ben' });
    const again = await connect(acme);
    const names = await Promise.all(
      [ada, ben, again].map(async ({ access_token: token }) => {
        const me = (await (await callAcme(acme, token, '/me')).json()) as { name: string };
        return me.name;
      }),
    );
    expect(names).toEqual(['Ada Park', 'Ben Ortiz', 'Ada Park']);
    expect(await grantsShown(acme)).toHaveLength(3);
  });

  test('without PKCE, or with the plain method, is refused', async () => {
    const acme = await startAcme();
    for (const params of [
      { code_challenge: '', code_challenge_method: '' },
      { code_challenge_method: 'plain' },
    ] as Record<string, string>[]) {
      const reply = await fetch(authorizationRequest(acme, params).url, { redirect: 'manual' });
      const back = new URL(reply.headers.get('location') ?? '');
      expect(back.origin + back.pathname).toBe(acme.redirectUri);
      expect(back.searchParams.get('error')).toBe('invalid_request');
      expect(back.searchParams.has('code')).toBe(false);
    }
  });

  test('for another redirect URI is refused on a page of Acme, and leads nowhere', async () => {
    const acme = await startAcme();
    const { url } = authorizationRequest(acme, { redirect_uri: 'http://127.0.0.1:3000/elsewhere' });
    const reply = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } });
    expect(reply.status).toBe(400);
    expect(reply.headers.get('location')).toBeNull();
    expect(await reply.text()).toContain('redirect_uri did not match');
  });

  test('cannot be given from another site, nor by somebody without the cookie', async () => {
    const acme = await startAcme();
    const start = await fetch(authorizationRequest(acme).url, { redirect: 'manual' });
    const path = new URL(start.headers.get('location') ?? '', acme.url).pathname;
    const cookie = start.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const chosen = { person: 'ada' };
    expect((await postForm(acme, path, chosen, { cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await postForm(acme, path, chosen)).status).toBe(400);
    expect((await postForm(acme, path, chosen, { cookie, origin: acme.url })).status).toBe(303);
  });
});

describe('a code', () => {
  test('is worth nothing with another verifier, secret or redirect URI', async () => {
    const acme = await startAcme();
    const first = await newCode(acme);
    const wrongVerifier = createHash('sha256').update('other').digest('base64url');
    const refused = await askForToken(acme, codeGrant(acme, { ...first, verifier: wrongVerifier }));
    expect(await errorOf(refused)).toEqual({ status: 400, error: 'invalid_grant' });

    const second = await newCode(acme);
    const params = codeGrant(acme, second);
    const stranger = { id: acme.client.id, secret: `${acme.client.secret}x` };
    expect(await errorOf(await askForToken(acme, params, stranger))).toEqual({
      status: 401,
      error: 'invalid_client',
    });
    const elsewhere = { ...params, redirect_uri: 'http://127.0.0.1:3000/elsewhere' };
    expect(await errorOf(await askForToken(acme, elsewhere))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
    // Nothing but that was wrong with it.
    expect((await askForToken(acme, params)).status).toBe(200);
  });

  test('that comes twice ends what the first exchange gave', async () => {
    const acme = await startAcme();
    const params = codeGrant(acme, await newCode(acme));
    const tokens = (await (await askForToken(acme, params)).json()) as Tokens;
    expect(await statusOfMe(acme, tokens.access_token)).toBe(200);
    expect(await errorOf(await askForToken(acme, params))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await statusOfMe(acme, tokens.access_token)).toBe(401);
  });
});

describe('a refresh token', () => {
  test('is replaced with each use', async () => {
    const acme = await startAcme();
    const first = await connect(acme);
    const second = (await (await refresh(acme, first)).json()) as Tokens;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const third = await refresh(acme, second);
    expect(third.status).toBe(200);
    expect(await statusOfMe(acme, ((await third.json()) as Tokens).access_token)).toBe(200);
  });

  test('that is used a second time ends the connection, tokens and all', async () => {
    const acme = await startAcme();
    const first = await connect(acme);
    const second = (await (await refresh(acme, first)).json()) as Tokens;
    expect(await errorOf(await refresh(acme, first))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await errorOf(await refresh(acme, second))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await statusOfMe(acme, second.access_token)).toBe(401);
    expect(await grantsShown(acme)).toEqual([]);
    expect(await (await fetch(`${acme.url}/apps`)).text()).toContain('a token was used a second time');
  });

  test('that is used twice at the same moment ends the connection too', async () => {
    const acme = await startAcme();
    const first = await connect(acme);
    const replies = await Promise.all([refresh(acme, first), refresh(acme, first)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
    const winner = replies.find(({ ok }) => ok);
    const tokens = (await winner?.json()) as Tokens;
    expect(await errorOf(await refresh(acme, tokens))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  test('leaves other connections of the same person alone when it ends its own', async () => {
    const acme = await startAcme();
    const [one, other] = [await connect(acme), await connect(acme)];
    await refresh(acme, one);
    expect((await refresh(acme, one)).status).toBe(400);
    expect((await refresh(acme, other)).status).toBe(200);
  });

  test('is not given when "stay connected" was not asked for, or was unticked', async () => {
    const acme = await startAcme();
    expect(await connect(acme, { scope: 'contacts:read' })).not.toHaveProperty('refresh_token');
    expect(await connect(acme, { untick: ['offline_access'] })).not.toHaveProperty('refresh_token');
  });

  test('can be given back by its client, which ends everything', async () => {
    const acme = await startAcme();
    const tokens = await connect(acme);
    const reply = await askForToken(
      { ...acme, tokenUrl: acme.revokeUrl },
      { token: tokens.refresh_token ?? '', token_type_hint: 'refresh_token' },
    );
    expect(reply.status).toBe(200);
    expect(await statusOfMe(acme, tokens.access_token)).toBe(401);
    expect(await errorOf(await refresh(acme, tokens))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await (await fetch(`${acme.url}/apps`)).text()).toContain('the app gave it back');
  });
});

describe('an access token', () => {
  test('expires after its time, and a refresh token gives another', async () => {
    const acme = await startAcme({ tokenSeconds: 1 });
    const tokens = await connect(acme);
    const refused = await waitFor('the token to expire', async () => {
      const reply = await callAcme(acme, tokens.access_token, '/contacts');
      return reply.status === 401 && reply;
    });
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    expect(await refused.json()).toMatchObject({ error: { code: 'invalid_token' } });
    expect((await refresh(acme, tokens)).status).toBe(200);
  });

  test('expires at once when the Trouble page says so; the refresh token stays', async () => {
    const acme = await startAcme();
    const tokens = await connect(acme);
    expect((await postForm(acme, '/trouble/expire')).status).toBe(303);
    expect(await statusOfMe(acme, tokens.access_token)).toBe(401);
    const next = (await (await refresh(acme, tokens)).json()) as Tokens;
    expect(await statusOfMe(acme, next.access_token)).toBe(200);
  });

  test('is nothing without the other parts: none, a made-up one, a refresh token', async () => {
    const acme = await startAcme();
    const tokens = await connect(acme);
    const none = await fetch(`${acme.apiUrl}/me`);
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="Acme"');
    expect(await statusOfMe(acme, 'made-up')).toBe(401);
    expect(await statusOfMe(acme, tokens.refresh_token ?? '')).toBe(401);
  });
});

describe('an app that is revoked on the page', () => {
  test('gets 401 from the API and invalid_grant for its refresh token; others stay', async () => {
    const acme = await startAcme();
    const [ada, ben] = [await connect(acme), await connect(acme, { person: 'ben' })];
    expect(await statusOfMe(acme, ada.access_token)).toBe(200);
    const page = await (await fetch(`${acme.url}/apps`)).text();
    expect(page).toContain('last used');
    const [, grantOfAda = ''] = await grantsShown(acme);
    expect((await postForm(acme, `/apps/${grantOfAda}/revoke`)).status).toBe(303);

    const refused = await callAcme(acme, ada.access_token, '/me');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await errorOf(await refresh(acme, ada))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await statusOfMe(acme, ben.access_token)).toBe(200);
    expect((await refresh(acme, ben)).status).toBe(200);
  });
});

describe('a machine', () => {
  const ask = (acme: Acme, scope: string, client = acme.machineClient) =>
    askForToken(acme, { grant_type: 'client_credentials', scope }, client);

  test('gets a token for itself, without a refresh token, for what it asked', async () => {
    const acme = await startAcme();
    const tokens = (await (await ask(acme, 'contacts:read')).json()) as Tokens;
    expect(tokens).not.toHaveProperty('refresh_token');
    expect(await (await callAcme(acme, tokens.access_token, '/me')).json()).toMatchObject({
      kind: 'machine',
      id: 'patchbay-machine',
      scopes: ['contacts:read'],
    });
    expect((await callAcme(acme, tokens.access_token, '/contacts')).status).toBe(200);
    expect((await callAcme(acme, tokens.access_token, '/deals')).status).toBe(403);
  });

  test('is refused with a wrong secret, and Patchbay may not ask without a person', async () => {
    const acme = await startAcme();
    const wrong = { ...acme.machineClient, secret: 'wrong' };
    expect(await errorOf(await ask(acme, 'contacts:read', wrong))).toEqual({
      status: 401,
      error: 'invalid_client',
    });
    expect(await errorOf(await ask(acme, 'contacts:read', acme.client))).toEqual({
      status: 400,
      error: 'invalid_request',
    });
  });

  test('loses its tokens when the page says so', async () => {
    const acme = await startAcme();
    const tokens = (await (await ask(acme, 'contacts:read')).json()) as Tokens;
    await postForm(acme, '/apps/machine/revoke');
    expect(await statusOfMe(acme, tokens.access_token)).toBe(401);
    expect((await ask(acme, 'contacts:read')).status).toBe(200);
  });
});

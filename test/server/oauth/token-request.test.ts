import { describe, expect, test } from 'vitest';

import type { HttpRequest, OAuthDef } from '#connectors/contract.ts';
import type { Provider } from '#server/oauth/provider.ts';
import { revokeRequest, tokenRequest, type Grant } from '#server/oauth/token-request.ts';

const CODE: Grant = {
  kind: 'code',
  code: 'the code',
  redirectUri: 'https://flows.example/oauth/callback',
  verifier: 'the verifier',
};

function provider(
  facts: Partial<OAuthDef> = {},
  client: Provider['client'] = { id: 'id', secret: 's&cret' },
): Provider {
  const grant = 'authorization_code';
  return {
    connector: 'vend',
    label: 'Vend',
    facts: { grant, tokenUrl: 'https://vend.example/token', scopes: [], ...facts },
    client,
    authorizeUrl: 'https://vend.example/authorize',
    tokenUrl: 'https://vend.example/token',
    revokeUrl: 'https://vend.example/revoke',
    issuer: null,
    scopes: ['read', 'write'],
  };
}

const form = ({ body }: HttpRequest) => Object.fromEntries(new URLSearchParams(body as string));
const json = ({ body }: HttpRequest) => JSON.parse(body as string) as unknown;
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

describe('a request for a token', () => {
  test.each<[string, Provider, Grant, Record<string, string>]>([
    [
      'by a code, with its verifier and the client in the body',
      provider(),
      CODE,
      {
        grant_type: 'authorization_code',
        code: 'the code',
        redirect_uri: 'https://flows.example/oauth/callback',
        code_verifier: 'the verifier',
        client_id: 'id',
        client_secret: 's&cret',
      },
    ],
    [
      'by a code, where the provider knows no PKCE (Slack)',
      provider({ pkce: false }),
      CODE,
      {
        grant_type: 'authorization_code',
        code: 'the code',
        redirect_uri: 'https://flows.example/oauth/callback',
        client_id: 'id',
        client_secret: 's&cret',
      },
    ],
    [
      'by a code, of a public client: no secret at all',
      provider({}, { id: 'id', secret: '' }),
      { kind: 'refresh', refreshToken: 'r' },
      { grant_type: 'refresh_token', refresh_token: 'r', client_id: 'id' },
    ],
    [
      'for a client, with its scopes',
      provider({ grant: 'client_credentials', scopeSeparator: ',' }),
      { kind: 'client' },
      { grant_type: 'client_credentials', scope: 'read,write', client_id: 'id', client_secret: 's&cret' },
    ],
    [
      'with what the provider wants besides (Auth0’s audience)',
      provider({ tokenParameters: { audience: 'https://api' } }),
      { kind: 'refresh', refreshToken: 'r' },
      {
        grant_type: 'refresh_token',
        refresh_token: 'r',
        audience: 'https://api',
        client_id: 'id',
        client_secret: 's&cret',
      },
    ],
  ])('%s', (_, given, grant, expected) => {
    const request = tokenRequest(given, grant);
    expect(form(request)).toEqual(expected);
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://vend.example/token',
      // It would take the client's secret along.
      followsRedirects: false,
      // Without it GitHub answers with a form.
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(request.headers).not.toHaveProperty('authorization');
  });

  test('as JSON with basic authentication (Notion): the secret is in the header alone', () => {
    const request = tokenRequest(provider({ tokenBody: 'json', clientAuth: 'basic', pkce: false }), CODE);
    expect(json(request)).toEqual({
      grant_type: 'authorization_code',
      code: 'the code',
      redirect_uri: 'https://flows.example/oauth/callback',
    });
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      // RFC 6749, 2.3.1: each part is encoded as a form's.
      authorization: basic('id', 's%26cret'),
    });
  });

  test('of a public client shows its id in the body: basic authentication has nothing to show', () => {
    const request = tokenRequest(provider({ clientAuth: 'basic' }, { id: 'id', secret: '' }), CODE);
    expect(form(request)).toMatchObject({ client_id: 'id' });
    expect(form(request)).not.toHaveProperty('client_secret');
    expect(request.headers).not.toHaveProperty('authorization');
  });
});

describe('a request that takes a token back', () => {
  test('shows the client as a request for one does', () => {
    const request = revokeRequest(provider({ clientAuth: 'basic' }), 'gone')!;
    expect(request).toMatchObject({
      url: 'https://vend.example/revoke',
      headers: { authorization: basic('id', 's%26cret') },
    });
    expect(form(request)).toEqual({ token: 'gone' });
  });

  test('is none where the provider has no address for it', () => {
    expect(revokeRequest({ ...provider(), revokeUrl: null }, 'gone')).toBeNull();
  });
});

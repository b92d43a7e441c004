import type { HttpRequest } from '#connectors/contract.ts';
import type { Provider } from '#server/oauth/provider.ts';

/** What a token is asked for by. */
export type Grant =
  | { readonly kind: 'code'; readonly code: string; readonly redirectUri: string; readonly verifier: string }
  | { readonly kind: 'refresh'; readonly refreshToken: string }
  | { readonly kind: 'client' };

/** The request for a token, written as the provider wants it. */
export function tokenRequest(provider: Provider, grant: Grant): HttpRequest {
  const { facts } = provider;
  const parameters = { ...parametersOf(provider, grant), ...facts.tokenParameters };
  return clientRequest(provider, provider.tokenUrl, parameters);
}

/** The request that takes a token back (RFC 7009). Null where the provider has no address for it. */
export function revokeRequest(provider: Provider, token: string): HttpRequest | null {
  if (provider.revokeUrl === null) return null;
  return clientRequest(provider, provider.revokeUrl, { token });
}

function parametersOf(provider: Provider, grant: Grant): Record<string, string> {
  switch (grant.kind) {
    case 'code':
      return {
        grant_type: 'authorization_code',
        code: grant.code,
        redirect_uri: grant.redirectUri,
        ...(provider.facts.pkce !== false && { code_verifier: grant.verifier }),
      };
    case 'refresh':
      return { grant_type: 'refresh_token', refresh_token: grant.refreshToken };
    case 'client': {
      const scope = provider.scopes.join(provider.facts.scopeSeparator ?? ' ');
      return { grant_type: 'client_credentials', ...(scope !== '' && { scope }) };
    }
  }
}

/** A request by which the client shows who it is. */
function clientRequest(
  { facts, client }: Provider,
  url: string,
  parameters: Readonly<Record<string, string>>,
): HttpRequest {
  // A public client has nothing to show but its id.
  const isBasic = facts.clientAuth === 'basic' && client.secret !== '';
  const own = isBasic
    ? {}
    : { client_id: client.id, ...(client.secret !== '' && { client_secret: client.secret }) };
  const all = { ...parameters, ...own };
  const isJson = facts.tokenBody === 'json';
  return {
    method: 'POST',
    url,
    headers: {
      accept: 'application/json',
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(isBasic && { authorization: basic(client.id, client.secret) }),
    },
    body: isJson ? JSON.stringify(all) : new URLSearchParams(all).toString(),
    timeoutMs: 15_000,
    followsRedirects: false,
    maxBytes: 262_144,
  };
}

/** RFC 6749, 2.3.1: both parts are form-encoded first. */
function basic(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`, 'utf8').toString('base64')}`;
}

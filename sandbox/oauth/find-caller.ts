import type Provider from 'oidc-provider';

import { findPerson, type Person } from '#sandbox/people.ts';
import { Problem } from '#sandbox/problem.ts';

/** Who calls the API, as their access token says. */
export interface Caller {
  /** Null when a machine calls for itself. */
  readonly person: Person | null;
  readonly clientId: string;
  readonly grantId: string | null;
  readonly scopes: ReadonlySet<string>;
  /** The same for all tokens of a person through a client: what webhooks and idempotency keys belong to. */
  readonly owner: string;
  /** By which the last use is remembered. */
  readonly usedAs: string;
  readonly token: string;
}

/** Reads `Authorization: Bearer …`. Throws a `Problem` (401) without a token that holds. */
export async function findCaller(provider: Provider, authorization: string | undefined): Promise<Caller> {
  const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined)
    throw unauthorized('missing_token', 'Send an access token: Authorization: Bearer …');
  const own = await provider.AccessToken.find(token);
  if (own) {
    const { accountId, clientId = '', grantId = null } = own;
    const person = findPerson(accountId) ?? null;
    const usedAs = grantId ?? `client:${clientId}`;
    return {
      person,
      clientId,
      grantId,
      scopes: own.scopes,
      owner: `${clientId}/${accountId}`,
      usedAs,
      token,
    };
  }
  const machine = await provider.ClientCredentials.find(token);
  if (!machine)
    throw unauthorized('invalid_token', 'The access token has expired, was revoked, or never was one.');
  const clientId = machine.clientId ?? '';
  const usedAs = `client:${clientId}`;
  return { person: null, clientId, grantId: null, scopes: machine.scopes, owner: clientId, usedAs, token };
}

/** Without a token, RFC 6750 wants no error code in the header. */
function unauthorized(code: 'missing_token' | 'invalid_token', message: string): Problem {
  const error = code === 'invalid_token' ? `, error="invalid_token", error_description="${message}"` : '';
  return new Problem(401, code, message, { headers: { 'WWW-Authenticate': `Bearer realm="Acme"${error}` } });
}

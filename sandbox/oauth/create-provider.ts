import Provider, { type Configuration } from 'oidc-provider';

import { createAdapter } from '#sandbox/oauth/adapter.ts';
import { forgetGrant } from '#sandbox/oauth/grants.ts';
import { findPerson } from '#sandbox/people.ts';
import { MACHINE_SCOPES, SCOPES } from '#sandbox/scopes.ts';
import type { Store } from '#sandbox/state/store.ts';

export const PATCHBAY_CLIENT_ID = 'patchbay';
export const MACHINE_CLIENT_ID = 'patchbay-machine';
/** Cookies of 127.0.0.1 are sent to every port: the names keep Acme's apart from Patchbay's. */
export const SESSION_COOKIE = 'acme_session';

const DAY_SECONDS = 86_400;

export interface ProviderOptions {
  /** Acme's own URL, without a slash at the end. */
  readonly issuer: string;
  readonly store: Store;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** How long access tokens live. */
  readonly tokenSeconds: number;
  /** The page for a request that cannot be sent back to its client. */
  renderError(message: string): string;
}

/**
 * The OAuth server: codes with PKCE (S256) for Patchbay, refresh tokens that are replaced with each use, the second use of
 * one ends the grant; client credentials for a machine client. Nobody stays signed in, each request asks.
 */
export function createProvider(options: ProviderOptions): Provider {
  const { issuer, store, renderError } = options;
  return new Provider(issuer, {
    ...rulesOf(options),
    adapter: createAdapter(store, (grantId) => forgetGrant(store.state, grantId, whyItEnds())),
    jwks: { keys: store.state.keys.signing },
    cookies: {
      names: { session: SESSION_COOKIE, interaction: 'acme_consent', resume: 'acme_resume' },
      keys: [...store.state.keys.cookies],
      long: { httpOnly: true, sameSite: 'lax', path: '/oauth' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    interactions: { url: (_ctx, interaction) => `/oauth/consent/${interaction.uid}` },
    findAccount: (_ctx, id) => {
      const person = findPerson(id);
      return person && { accountId: id, claims: () => ({ sub: id, name: person.name, email: person.email }) };
    },
    // Only the grant of this consent: a second connection must not share the fate of the first.
    loadExistingGrant: (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? Promise.resolve(undefined) : ctx.oidc.provider.Grant.find(grantId);
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = renderError(out.error_description ?? out.error);
    },
  });
}

/** Of a grant that the OAuth server itself ends in the request at hand. */
function whyItEnds(): string {
  return Provider.ctx?.oidc.route === 'revocation'
    ? 'the app gave it back'
    : 'a token was used a second time';
}

function rulesOf({ clientSecret, redirectUris, store, tokenSeconds }: ProviderOptions): Configuration {
  return {
    clients: [
      {
        client_id: PATCHBAY_CLIENT_ID,
        client_name: 'Patchbay',
        client_secret: clientSecret,
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      {
        client_id: MACHINE_CLIENT_ID,
        client_name: 'A machine of yours',
        client_secret: store.state.machineSecret,
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_basic',
        scope: MACHINE_SCOPES.join(' '),
      },
    ],
    scopes: ['openid', ...SCOPES.map((scope) => scope.name)],
    claims: { openid: ['sub', 'name', 'email'] },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    // Expired is expired; the default is 15 s more.
    clockTolerance: 0,
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      revocation: '/oauth/revoke',
      jwks: '/oauth/jwks',
    },
    features: {
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId,
      },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    ttl: {
      AccessToken: tokenSeconds,
      ClientCredentials: tokenSeconds,
      AuthorizationCode: 60,
      IdToken: 600,
      Interaction: 1_800,
      Session: 3_600,
      RefreshToken: 180 * DAY_SECONDS,
      Grant: 365 * DAY_SECONDS,
    },
  };
}

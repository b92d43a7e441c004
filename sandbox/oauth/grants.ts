import { nextMoment, type OAuthRecord, type State } from '#sandbox/state/state.ts';

/** What a person allowed an app, as long as the app can still make use of it. */
export interface Grant {
  readonly id: string;
  readonly personId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly grantedAt: string;
  /** When the app last called the API with it. */
  readonly lastUsedAt: string | null;
  /** Whether the app can get new access tokens by itself. */
  readonly isLasting: boolean;
}

const TOKENS: ReadonlySet<string> = new Set(['AccessToken', 'ClientCredentials']);

/** The grants that still have a token or a code, newest first. */
export function listGrants({ oauth, lastUsed }: State): readonly Grant[] {
  const now = Date.now() / 1_000;
  const live = [...oauth.values()].filter(
    ({ payload, expiresAt }) => !payload.consumed && expiresAt > now && payload.grantId,
  );
  return [...oauth.values()]
    .filter(({ model, id }) => model === 'Grant' && live.some(({ payload }) => payload.grantId === id))
    .map(({ id, payload }) => ({
      id,
      personId: payload.accountId ?? '',
      clientId: payload.clientId ?? '',
      scopes: grantedScopes(payload),
      grantedAt: new Date((payload.iat ?? 0) * 1_000).toISOString(),
      lastUsedAt: lastUsed.get(id) ?? null,
      isLasting: live.some(({ model, payload: token }) => model === 'RefreshToken' && token.grantId === id),
    }))
    .reverse();
}

/** Takes everything back that a grant gave: its tokens, old and new, and its webhooks. Nothing happens when it is gone. */
export function revokeGrant(state: State, grantId: string): void {
  if (!state.oauth.has(`Grant:${grantId}`)) return;
  forgetGrant(state, grantId, 'revoked here');
  for (const [key, { payload }] of state.oauth) if (payload.grantId === grantId) state.oauth.delete(key);
  state.oauth.delete(`Grant:${grantId}`);
}

/** Notes that a grant ends, and why, while it is still there; ends its webhooks. */
export function forgetGrant(state: State, grantId: string, why: string): void {
  const grant = state.oauth.get(`Grant:${grantId}`);
  const { accountId = '', clientId = '' } = grant?.payload ?? {};
  if (grant) state.ended.push({ personId: accountId, clientId, at: nextMoment(state), why });
  for (const [id, webhook] of state.webhooks) if (webhook.grantId === grantId) state.webhooks.delete(id);
}

/** Ends every access token, of people and machines; refresh tokens stay. Returns how many there were. */
export function expireAccessTokens({ oauth }: State): number {
  const tokens = [...oauth].filter(([, { model }]) => TOKENS.has(model));
  for (const [key] of tokens) oauth.delete(key);
  return tokens.length;
}

/** Ends the access tokens of a machine client; it may get new ones with its secret. */
export function revokeMachineTokens({ oauth }: State, clientId: string): void {
  for (const [key, { model, payload }] of oauth)
    if (model === 'ClientCredentials' && payload.clientId === clientId) oauth.delete(key);
}

function grantedScopes(payload: OAuthRecord['payload']): readonly string[] {
  const { openid } = payload as { readonly openid?: { readonly scope?: string } };
  return (openid?.scope ?? '').split(' ').filter((scope) => scope !== '' && scope !== 'openid');
}

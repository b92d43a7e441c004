/** As of `TokenRefusal`. */
export type RefusalReason = 'grant' | 'client' | 'passing';

/** By which providers say that a grant has ended: RFC 6749, OpenID Connect, Slack, GitHub, Salesforce, HubSpot. Lower case. */
const GRANT_ENDED: ReadonlySet<string> = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'token_revoked',
  'token_expired',
  'invalid_refresh_token',
  'bad_refresh_token',
  'bad_verification_code',
  'bad_auth_code',
  'invalid_code',
  'code_already_used',
  'account_inactive',
  'inactive_user',
  'access_denied',
]);
const CLIENT_REFUSED: ReadonlySet<string> = new Set([
  'invalid_client',
  'invalid_client_id',
  'bad_client_id',
  'bad_client_secret',
  'incorrect_client_credentials',
  'unauthorized_client',
  'unsupported_grant_type',
  'redirect_uri_mismatch',
  'bad_redirect_uri',
  'invalid_redirect_uri',
  'invalid_scope',
]);

/** What a provider's refusal means, by its own word, the sentence beside it, and the status. */
export function refusalReason(refusal: {
  readonly code: string;
  readonly says: string;
  readonly status: number;
}): RefusalReason {
  const { status, says } = refusal;
  const code = refusal.code.toLowerCase();
  // Whoever is ill or overrun says things that are not so. A grant that is given up for that is lost.
  if (status === 429 || status >= 500) return 'passing';
  if (GRANT_ENDED.has(code)) return 'grant';
  // Atlassian's way to say that a refresh token is over.
  if (code === 'unauthorized_client' && /refresh[ _]?token/i.test(says)) return 'grant';
  return CLIENT_REFUSED.has(code) || status === 401 ? 'client' : 'passing';
}

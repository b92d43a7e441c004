import type { AccountDef, OAuthDef, ScopeDef } from '#connectors/contract.ts';
import type { FailureFacts } from '#connectors/kit/http-call.ts';

/** Asked for by every connector of Google's, to tell whose account it is. */
const IDENTITY: readonly ScopeDef[] = [
  { id: 'openid', says: 'Know your account again' },
  { id: 'email', says: 'See your email address' },
];

/**
 * Consent at Google. The refresh token comes with the first consent alone unless it is asked for again, and ends after 7 days
 * while the app is in testing.
 */
export function googleOAuth(scopes: readonly ScopeDef[], api: string): OAuthDef {
  return {
    grant: 'authorization_code',
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revokeUrl: 'https://oauth2.googleapis.com/revoke',
    issuer: 'https://accounts.google.com',
    scopes: [...IDENTITY, ...scopes],
    authorizeParameters: { access_type: 'offline', prompt: 'consent' },
    setup: {
      url: 'https://console.cloud.google.com/auth/clients',
      steps: [
        `In the Google Cloud console choose a project, and enable the ${api} under APIs & Services, Library.`,
        'Under Google Auth Platform, fill in the branding. As audience choose Internal for a Workspace of yours; an external app in testing has to be connected again every 7 days.',
        'Under Clients, create a client of the type Web application with the callback URL shown here as authorised redirect URI.',
        'Copy the client id and the client secret into this form.',
      ],
    },
  };
}

export const GOOGLE_ACCOUNT: AccountDef = {
  url: 'https://openidconnect.googleapis.com/v1/userinfo',
  id: '/sub',
  label: '/email',
};

/** Hosts of Google's that get the token besides an API's own. */
export const GOOGLE_HOSTS: readonly string[] = ['openidconnect.googleapis.com', 'www.googleapis.com'];

const throttled = { kind: 'throttled', waitSeconds: 30 } as const;

/** Quotas come as 403 with a reason, or as 429. */
export const googleFailures: FailureFacts = {
  code: ['/error/errors/0/reason', '/error/details/*/reason', '/error/status', '/error'],
  message: ['/error/message', '/error_description'],
  known: {
    rateLimitExceeded: throttled,
    userRateLimitExceeded: throttled,
    quotaExceeded: throttled,
    RATE_LIMIT_EXCEEDED: throttled,
    RESOURCE_EXHAUSTED: throttled,
    dailyLimitExceeded: { kind: 'throttled', waitSeconds: 3_600 },
    backendError: { kind: 'transient' },
    insufficientPermissions: { says: 'The connection lacks a scope: connect the account again to grant it.' },
    ACCESS_TOKEN_SCOPE_INSUFFICIENT: {
      says: 'The connection lacks a scope: connect the account again to grant it.',
    },
    SERVICE_DISABLED: { says: 'Enable the API in the Google Cloud project of the OAuth app.' },
    accessNotConfigured: { says: 'Enable the API in the Google Cloud project of the OAuth app.' },
  },
};

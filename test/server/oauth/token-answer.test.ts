import { describe, expect, test } from 'vitest';

import type { HttpResponse, OAuthDef } from '#connectors/contract.ts';
import { readTokenAnswer, TokenRefusal, type Tokens } from '#server/oauth/token-answer.ts';

const FACTS: OAuthDef = { grant: 'authorization_code', tokenUrl: 'https://vend.example/token', scopes: [] };

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function answer({ status = 200, headers = {}, body }: Answer): HttpResponse {
  const isText = typeof body === 'string';
  return {
    status,
    headers: { 'content-type': isText ? 'text/plain' : 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(isText ? body : JSON.stringify(body)),
  };
}

const read = (given: Answer, facts: Partial<OAuthDef> = {}): Tokens =>
  readTokenAnswer({ facts: { ...FACTS, ...facts }, label: 'Vend' }, answer(given));

function refusal(given: Answer, facts: Partial<OAuthDef> = {}): TokenRefusal {
  try {
    read(given, facts);
  } catch (error) {
    if (error instanceof TokenRefusal) return error;
    throw error;
  }
  throw new Error('it was no refusal');
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

describe('tokens, as providers give them', () => {
  test.each<[string, Answer, Partial<OAuthDef>, Tokens]>([
    [
      'Google, at the first consent',
      {
        body: {
          access_token: 'ya29.a0',
          expires_in: 3599,
          refresh_token: '1//0g',
          scope: 'https://www.googleapis.com/auth/spreadsheets openid',
          token_type: 'Bearer',
          id_token: 'eyJ',
          refresh_token_expires_in: 604799,
        },
      },
      {},
      {
        accessToken: 'ya29.a0',
        refreshToken: '1//0g',
        expiresInSeconds: 3599,
        scopes: ['https://www.googleapis.com/auth/spreadsheets', 'openid'],
        kept: {},
      },
    ],
    [
      'Google, at a renewal: no refresh token comes anew',
      { body: { access_token: 'ya29.b1', expires_in: 3599, token_type: 'Bearer' } },
      {},
      { accessToken: 'ya29.b1', refreshToken: null, expiresInSeconds: 3599, scopes: null, kept: {} },
    ],
    [
      'Slack, a bot with rotation',
      {
        body: {
          ok: true,
          access_token: 'xoxe.xoxb-1',
          token_type: 'bot',
          scope: 'chat:write,channels:read',
          bot_user_id: 'U0KRQLJ9H',
          app_id: 'A0KRD7HC3',
          expires_in: 43200,
          refresh_token: 'xoxe-1',
          team: { name: 'Softball Team', id: 'T9TK3CUKW' },
          enterprise: null,
          authed_user: { id: 'U1234' },
        },
      },
      { keep: { teamId: '/team/id' } },
      {
        accessToken: 'xoxe.xoxb-1',
        refreshToken: 'xoxe-1',
        expiresInSeconds: 43200,
        scopes: ['chat:write', 'channels:read'],
        kept: { teamId: 'T9TK3CUKW' },
      },
    ],
    [
      'Slack, a person, whose token stands under authed_user',
      {
        body: {
          ok: true,
          app_id: 'A0KRD7HC3',
          authed_user: {
            id: 'U1234',
            scope: 'search:read',
            access_token: 'xoxp-1',
            token_type: 'user',
          },
          team: { id: 'T9TK3CUKW' },
        },
      },
      { tokenAt: '/authed_user' },
      {
        accessToken: 'xoxp-1',
        refreshToken: null,
        expiresInSeconds: null,
        scopes: ['search:read'],
        kept: {},
      },
    ],
    [
      'GitHub, asked for JSON',
      {
        body: {
          access_token: 'ghu_16C7',
          expires_in: 28800,
          refresh_token: 'ghr_1B4a',
          refresh_token_expires_in: 15811200,
          scope: '',
          token_type: 'bearer',
        },
      },
      {},
      {
        accessToken: 'ghu_16C7',
        refreshToken: 'ghr_1B4a',
        expiresInSeconds: 28800,
        scopes: [],
        kept: {},
      },
    ],
    [
      'GitHub, which answers with a form unless it is asked',
      { headers: FORM, body: 'access_token=gho_16C7&scope=repo%2Cworkflow&token_type=bearer' },
      {},
      {
        accessToken: 'gho_16C7',
        refreshToken: null,
        expiresInSeconds: null,
        scopes: ['repo', 'workflow'],
        kept: {},
      },
    ],
    [
      'a form that says it is plain text',
      { body: 'access_token=t&expires=5184000' },
      {},
      { accessToken: 't', refreshToken: null, expiresInSeconds: null, scopes: null, kept: {} },
    ],
    [
      'Notion, whose refresh token may be null',
      {
        body: {
          access_token: 'ntn_1',
          token_type: 'bearer',
          refresh_token: null,
          bot_id: 'b3',
          workspace_id: 'w1',
          workspace_name: 'Ada’s',
          owner: { type: 'user', user: { id: 'u1' } },
          duplicated_template_id: null,
        },
      },
      { keep: { workspaceId: '/workspace_id', person: '/owner/user/id', gone: '/owner/bot' } },
      {
        accessToken: 'ntn_1',
        refreshToken: null,
        expiresInSeconds: null,
        scopes: null,
        kept: { workspaceId: 'w1', person: 'u1' },
      },
    ],
    [
      'Salesforce, which says where, and never how long',
      {
        body: {
          access_token: '00Dx!AQ',
          refresh_token: '5Aep',
          instance_url: 'https://acme.my.salesforce.com',
          id: 'https://login.salesforce.com/id/00Dx/005x',
          token_type: 'Bearer',
          issued_at: '1278448384422',
          signature: 'SSSb',
          scope: 'api refresh_token',
        },
      },
      { keep: { instanceUrl: '/instance_url' } },
      {
        accessToken: '00Dx!AQ',
        refreshToken: '5Aep',
        expiresInSeconds: null,
        scopes: ['api', 'refresh_token'],
        kept: { instanceUrl: 'https://acme.my.salesforce.com' },
      },
    ],
    [
      'HubSpot, with the connector’s word for how long',
      { body: { token_type: 'bearer', refresh_token: 'na1-r', access_token: 'CN-a' } },
      { expiresInSeconds: 1800 },
      { accessToken: 'CN-a', refreshToken: 'na1-r', expiresInSeconds: 1800, scopes: null, kept: {} },
    ],
    [
      'Microsoft, whose older endpoint counts in text',
      {
        body: {
          token_type: 'Bearer',
          scope: 'Mail.Read User.Read',
          expires_in: '3599',
          ext_expires_in: '3599',
          access_token: 'EwB',
          refresh_token: 'M.R3',
        },
      },
      {},
      {
        accessToken: 'EwB',
        refreshToken: 'M.R3',
        expiresInSeconds: 3599,
        scopes: ['Mail.Read', 'User.Read'],
        kept: {},
      },
    ],
    [
      'Atlassian',
      {
        body: {
          access_token: 'eyJ.a',
          expires_in: 3600,
          token_type: 'Bearer',
          refresh_token: 'eyJ.r',
          scope: 'offline_access read:jira-work',
        },
      },
      {},
      {
        accessToken: 'eyJ.a',
        refreshToken: 'eyJ.r',
        expiresInSeconds: 3600,
        scopes: ['offline_access', 'read:jira-work'],
        kept: {},
      },
    ],
    [
      'Twitch, whose scopes are a list',
      {
        body: { access_token: 't', expires_in: 14124, refresh_token: 'r', scope: ['chat:read', 'chat:edit'] },
      },
      {},
      {
        accessToken: 't',
        refreshToken: 'r',
        expiresInSeconds: 14124,
        scopes: ['chat:read', 'chat:edit'],
        kept: {},
      },
    ],
  ])('%s', (_, given, facts, expected) => {
    expect(read(given, facts)).toEqual(expected);
  });

  test('a time that is no time is none', () => {
    for (const seconds of [0, -1, 'soon', '', null, true])
      expect(read({ body: { access_token: 't', expires_in: seconds } }).expiresInSeconds).toBeNull();
  });
});

describe('refusals, as providers say them', () => {
  test.each<[string, TokenRefusal['reason'], string, Answer]>([
    // What was shown is good for nothing: somebody has to consent again.
    [
      'Google',
      'grant',
      'invalid_grant',
      {
        status: 400,
        body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
      },
    ],
    [
      'Slack, with status 200',
      'grant',
      'invalid_refresh_token',
      { body: { ok: false, error: 'invalid_refresh_token' } },
    ],
    [
      'Slack, an account that was closed',
      'grant',
      'account_inactive',
      { body: { ok: false, error: 'account_inactive' } },
    ],
    [
      'GitHub, with status 200',
      'grant',
      'bad_refresh_token',
      {
        body: {
          error: 'bad_refresh_token',
          error_description: 'The refresh token passed is incorrect or expired.',
        },
      },
    ],
    [
      'GitHub, as a form',
      'grant',
      'bad_verification_code',
      { headers: FORM, body: 'error=bad_verification_code&error_description=The+code+passed+is+incorrect' },
    ],
    ['Notion', 'grant', 'invalid_grant', { status: 400, body: { error: 'invalid_grant', request_id: 'r' } }],
    [
      'Salesforce',
      'grant',
      'invalid_grant',
      { status: 400, body: { error: 'invalid_grant', error_description: 'expired access/refresh token' } },
    ],
    [
      'HubSpot, in a word of its own under another name',
      'grant',
      'BAD_REFRESH_TOKEN',
      {
        status: 400,
        body: {
          status: 'BAD_REFRESH_TOKEN',
          message: 'missing or unknown refresh token',
          correlationId: 'c',
        },
      },
    ],
    [
      'HubSpot, a code that was used',
      'grant',
      'BAD_AUTH_CODE',
      { status: 400, body: { status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' } },
    ],
    [
      'Microsoft, a changed password',
      'grant',
      'invalid_grant',
      {
        status: 400,
        body: {
          error: 'invalid_grant',
          error_description:
            'AADSTS50173: The provided grant has expired.\r\nTrace ID: 1\r\nCorrelation ID: 2',
          error_codes: [50173],
        },
      },
    ],
    [
      'Microsoft, a second factor is asked for',
      'grant',
      'interaction_required',
      {
        status: 400,
        body: { error: 'interaction_required', error_description: 'AADSTS50076', suberror: 'basic_action' },
      },
    ],
    [
      'Atlassian, which calls it a matter of the client',
      'grant',
      'unauthorized_client',
      { status: 403, body: { error: 'unauthorized_client', error_description: 'refresh_token is invalid' } },
    ],
    // The OAuth app is refused, whoever consents.
    [
      'Google, a secret that was replaced',
      'client',
      'invalid_client',
      { status: 401, body: { error: 'invalid_client', error_description: 'Unauthorized' } },
    ],
    [
      'Slack, a wrong secret',
      'client',
      'bad_client_secret',
      { body: { ok: false, error: 'bad_client_secret' } },
    ],
    [
      'GitHub, a wrong secret',
      'client',
      'incorrect_client_credentials',
      { body: { error: 'incorrect_client_credentials', error_description: 'The client_id is incorrect.' } },
    ],
    [
      'HubSpot, a wrong id',
      'client',
      'BAD_CLIENT_ID',
      { status: 400, body: { status: 'BAD_CLIENT_ID', message: 'x' } },
    ],
    [
      'Atlassian, an app that may not',
      'client',
      'unauthorized_client',
      { status: 403, body: { error: 'unauthorized_client', error_description: 'client is not allowed' } },
    ],
    [
      'Notion, without a word of OAuth',
      'client',
      'unauthorized',
      {
        status: 401,
        body: { object: 'error', status: 401, code: 'unauthorized', message: 'API token is invalid.' },
      },
    ],
    ['somebody who says nothing but 401', 'client', 'http_401', { status: 401, body: '' }],
    // It may work later.
    ['Slack, too many', 'passing', 'ratelimited', { status: 429, body: { ok: false, error: 'ratelimited' } }],
    ['a gateway', 'passing', 'http_502', { status: 502, body: '<html>Bad gateway</html>' }],
    [
      'a provider that is ill, whatever it says',
      'passing',
      'invalid_grant',
      { status: 503, body: { error: 'invalid_grant' } },
    ],
    ['an answer without a token', 'passing', 'no_token', { body: { hello: 'world' } }],
    ['an answer with an empty token', 'passing', 'no_token', { body: { access_token: '' } }],
    ['an answer that is a list', 'passing', 'no_token', { body: [] }],
    ['a page with status 200', 'passing', 'no_token', { body: '<html>Sign in</html>' }],
    [
      'Facebook, an object with a number for a code',
      'passing',
      'OAuthException',
      { status: 400, body: { error: { message: 'Try again', type: 'OAuthException', code: 2 } } },
    ],
  ])('%s: %s, %s', (_, reason, code, given) => {
    expect(refusal(given)).toMatchObject({ reason, code });
  });

  test('say what the provider says, on one line, and not for ever', () => {
    const { message } = refusal({
      status: 400,
      body: { error: 'invalid_grant', error_description: `gone\r\n\u0000\u202e${'x'.repeat(2_000)}` },
    });
    expect(message).toContain('Vend');
    expect(message).toContain('gone');
    expect(message).not.toMatch(/[\r\n\u0000\u202e]/);
    expect(message.length).toBeLessThan(500);
  });

  test.each<[string, Readonly<Record<string, string>>, number | null]>([
    ['seconds', { 'retry-after': '30' }, 30_000],
    [
      'a date, by the provider’s own clock',
      { 'retry-after': 'Fri, 27 Nov 2026 15:01:00 GMT', date: 'Fri, 27 Nov 2026 15:00:00 GMT' },
      60_000,
    ],
    ['nothing', {}, null],
    ['nonsense', { 'retry-after': 'later' }, null],
  ])('carry when to ask again: %s', (_, headers, expected) => {
    expect(refusal({ status: 429, headers, body: {} }).retryAfterMs).toBe(expected);
  });
});

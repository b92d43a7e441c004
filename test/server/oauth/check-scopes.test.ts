import { expect, test } from 'vitest';

import { missingScopes } from '#server/oauth/check-scopes.ts';

const SHEETS = 'https://www.googleapis.com/auth/spreadsheets';
const GRAPH = 'https://graph.microsoft.com/Mail.Read';

test.each<[string, readonly string[], readonly string[] | null, string | null, readonly string[]]>([
  ['all of them', ['a', 'b'], ['b', 'a', 'c'], null, []],
  ['one too few', ['a', 'b'], ['a'], null, ['b']],
  ['none', ['a', 'b'], [], null, ['a', 'b']],
  ['without a word', ['a', 'b'], null, null, []],
  ['what only begins alike', ['chat:write'], ['chat:write.public'], null, ['chat:write']],
  ['what only ends alike', ['read'], ['user.read', 'x/read'], null, ['read']],
  // Google calls the identity's scopes by their addresses.
  [
    'who it is, under other names',
    ['openid', 'email', SHEETS],
    ['https://www.googleapis.com/auth/userinfo.email', SHEETS],
    null,
    [],
  ],
  ['one that was unticked at Google', ['openid', 'email', SHEETS], ['openid', 'email'], null, [SHEETS]],
  // Microsoft names scopes with or without the address of their API, and never lists `offline_access`.
  ['without the address', [GRAPH, 'offline_access'], ['Mail.Read'], 'r', []],
  ['with the address', ['Mail.Read', 'offline_access'], ['mail.read', GRAPH], 'r', []],
  ['of another name under the address', ['Mail.Send'], [GRAPH], null, ['Mail.Send']],
  ['offline, without a refresh token', ['offline_access'], ['read'], null, ['offline_access']],
  ['offline, in Salesforce’s word', ['api', 'refresh_token'], ['api'], 'r', []],
])('granted: %s', (_, asked, scopes, refreshToken, missing) => {
  expect(missingScopes(asked, { scopes, refreshToken })).toEqual(missing);
});

import { expect, test } from 'vitest';

import { CONNECTORS, findConnector } from '#connectors/definitions.ts';
import { isTokenRefused } from '#server/connections/is-token-refused.ts';

const reply = (status: number, body: unknown) => ({
  status,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const refuses = (connector: string, status: number, body: unknown) =>
  isTokenRefused(findConnector(connector)?.oauth, reply(status, body));

const BY_CONSENT = CONNECTORS.filter(({ oauth }) => oauth).map(({ id }) => id);

test.each(BY_CONSENT)('a status of 401 refuses the token of %s, others do not', (id) => {
  expect(refuses(id, 401, '')).toBe(true);
  expect(refuses(id, 200, { ok: true })).toBe(false);
  expect(refuses(id, 403, {})).toBe(false);
});

test.each(['invalid_auth', 'token_expired', 'token_revoked', 'account_inactive', 'not_authed'])(
  'Slack refuses a token with status 200 and “%s”',
  (error) => expect(refuses('slack', 200, { ok: false, error })).toBe(true),
);

test.each([[{ ok: false, error: 'channel_not_found' }], ['<html>'], [[]], [null]])(
  'what Slack says otherwise (%j) does not',
  (body) => expect(refuses('slack', 200, body)).toBe(false),
);

test('a connection without tokens of its own has none to renew', () => {
  expect(refuses('bearer_token', 401, '')).toBe(false);
});

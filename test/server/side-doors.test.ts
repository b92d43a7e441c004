import { afterAll, beforeAll, expect, test } from 'vitest';

import { ConnectionAway } from '#server/connections/connection-away.ts';
import { openConnection } from '#server/connections/open-connection.ts';
import { closeEgress } from '#server/egress/egress-client.ts';
import { makeConnection } from '#test/support/connections.ts';
import { startSink, type Sink } from '#test/support/sink.ts';
import { useApi } from '#test/support/use-api.ts';

// Web calls out at other moments than steps do. Each goes by the same guard: no private address that nobody allowed.
const api = useApi();
let inside: Sink;

beforeAll(async () => {
  delete process.env['PATCHBAY_EGRESS_ALLOW'];
  inside = await startSink();
  await makeConnection(api.workspaceId, {
    slug: 'crm',
    connector: 'salesforce',
    fields: {
      loginUrl: inside.url,
      instanceUrl: inside.url,
      accessToken: 'an-access-token',
      refreshToken: 'a-refresh-token',
    },
  });
});

afterAll(async () => {
  expect(inside.requests).toEqual([]);
  await closeEgress();
  await inside.stop();
});

const DENIED = /PATCHBAY_EGRESS_ALLOW/;

test('the button that tests a connection', async () => {
  const { status, body } = await api.call('POST /connections/crm/test', {});
  expect(status).toBe(200);
  expect(body).toMatchObject({ ok: false, account: null, error: expect.stringMatching(DENIED) });
});

test('a live list', async () => {
  const { status, body } = await api.call('GET /connectors/salesforce/options/objects?connection=crm');
  expect(status).toBe(502);
  expect(body).toMatchObject({ type: '/problems/egress_denied', detail: expect.stringMatching(DENIED) });
});

test('giving tokens back', async () => {
  const client = { clientId: 'us', clientSecret: 'ours' };
  expect((await api.call('PUT /oauth-apps/salesforce', client)).status).toBe(200);
  const { status, body } = await api.call('POST /connections/crm/disconnect', {});
  expect(status).toBe(200);
  expect(body).toMatchObject({ revokeError: expect.stringMatching(DENIED) });
});

test('asking for a token', async () => {
  const places = { baseUrl: inside.url, tokenUrl: `${inside.url}/token` };
  const fields = { ...places, clientId: 'us', clientSecret: 'ours' };
  const made = await api.call('POST /connections', { slug: 'machine', connector: 'oauth2_client', fields });
  expect(made.status).toBe(201);
  await expect(openConnection(api.workspaceId, 'machine')).rejects.toThrow(ConnectionAway);
  const { body } = await api.call('GET /connections/machine');
  expect(body).toMatchObject({ fault: { code: 'egress_denied', message: expect.stringMatching(DENIED) } });
});

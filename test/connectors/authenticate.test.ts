import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { z } from 'zod';

import { authenticate } from '#connectors/authenticate.ts';
import type { CallAuth, ConnectorDef, HttpRequest, OpenConnection } from '#connectors/contract.ts';
import { CONNECTORS } from '#connectors/definitions.ts';
import { StepFailure, type StepError } from '#core/step-failure.ts';

const SANDBOX = 'http://127.0.0.1:4010';
const TOKEN: OpenConnection = {
  connector: 'bearer_token',
  fields: { token: 't', instance: 'https://eu.vend.example/', odd: 'https://eu.vend.example/?' },
};

function request(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, isAuthenticated: true, ...more };
}

async function call(given: HttpRequest, connection = TOKEN, sandboxUrl: string | undefined = SANDBOX) {
  return authenticate(given, connection, { workspaceId: 'w', sandboxUrl, now: Date.now() });
}

async function failure(...given: Parameters<typeof call>): Promise<StepError> {
  return call(...given).then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => (error instanceof StepFailure ? error.error : Promise.reject(error as Error)),
  );
}

describe('where an authenticated call goes', () => {
  it.each<[string, string]>([
    ['https://api.vend.example/v1', 'https://api.vend.example/v1/things?a=1'],
    ['{instance}/v1', 'https://eu.vend.example/v1/things?a=1'],
    ['{instance}', 'https://eu.vend.example/things?a=1'],
    ['{sandbox}/api', 'http://127.0.0.1:4010/api/things?a=1'],
  ])('below %s', async (baseUrl, url) => {
    const made = await call(request('/things?a=1', { baseUrl }));
    expect(made).toMatchObject({ url, headers: { authorization: 'Bearer t' } });
    expect(made).not.toHaveProperty('baseUrl');
  });

  it.each(['{missing}/v1', '{odd}', '{odd}/v1'])('nowhere where %s has gaps', async (baseUrl) => {
    expect(await failure(request('/things', { baseUrl }))).toMatchObject({
      kind: 'invalid',
      code: 'address_unknown',
      pointer: '/connection',
    });
  });
});

/** A connector for each way to show who calls, known to this process alone. */
const WAYS: Readonly<Record<string, CallAuth>> = {
  bearer: { kind: 'bearer', field: 'key' },
  scheme: { kind: 'bearer', field: 'key', scheme: 'Token' },
  basic: { kind: 'basic', username: 'user', password: 'key' },
  header: { kind: 'header', name: 'X-Api-Key', field: 'key' },
  query: { kind: 'query', name: 'api_key', field: 'key' },
};
const ours = Object.entries(WAYS).map(([id, callAuth]): ConnectorDef => ({
  id: `way_${id}`,
  label: 'Vend',
  summary: 'Of these tests.',
  icon: 'plug',
  category: 'app',
  connection: z.strictObject({}),
  callAuth,
  baseUrl: 'https://api.vend.example/v1',
  hosts: ['files.vend.example', '*.cdn.vend.example'],
  operations: [],
}));
const registry = CONNECTORS as ConnectorDef[];
beforeAll(() => void registry.push(...ours));
afterAll(() => void registry.splice(registry.length - ours.length));

const by = (way: string): OpenConnection => ({
  connector: `way_${way}`,
  fields: { user: 'ada', key: 'k ey&é' },
});
const HOME = 'https://api.vend.example/v1/things';

describe('who calls is shown', () => {
  test.each<[string, Partial<HttpRequest>]>([
    ['bearer', { headers: { accept: '*/*', authorization: 'Bearer k ey&é' } }],
    ['scheme', { headers: { accept: '*/*', authorization: 'Token k ey&é' } }],
    [
      'basic',
      { headers: { accept: '*/*', authorization: `Basic ${Buffer.from('ada:k ey&é').toString('base64')}` } },
    ],
    ['header', { headers: { accept: '*/*', 'x-api-key': 'k ey&é' } }],
    ['query', { url: `${HOME}?page=2&api_key=k+ey%26%C3%A9`, headers: { accept: '*/*' } }],
  ])('by %s', async (way, expected) => {
    const url = way === 'query' ? `${HOME}?page=2` : HOME;
    const made = await call(request(url, { headers: { accept: '*/*' } }), by(way));
    expect(made).toEqual({ ...request(url), ...expected });
  });

  test.each([
    ['bearer', 'Authorization'],
    ['basic', 'AUTHORIZATION'],
    ['header', 'x-API-key'],
  ])('once: %s does not take a step’s own %s away', async (way, name) => {
    const given = request(HOME, { headers: { [name]: 'mine' } });
    expect(await failure(given, by(way))).toMatchObject({
      code: 'invalid_header',
      pointer: '/config/headers',
    });
  });

  test('not by a connection whose fields serve another purpose', async () => {
    const signing = { connector: 'signing_secret', fields: { secret: 's' } };
    expect(await failure(request(HOME), signing)).toMatchObject({ code: 'connection_not_taken' });
    expect(await failure(request(HOME), { connector: 'gone', fields: {} })).toMatchObject({
      code: 'connection_not_taken',
    });
  });
});

describe('to the app’s own hosts alone', () => {
  test.each([
    HOME,
    'https://API.vend.example/v1/../v2',
    'https://api.vend.example:443/',
    'https://files.vend.example/a',
    'https://a.cdn.vend.example/a',
    'https://b.a.cdn.vend.example/a',
  ])('%s', async (url) => {
    expect((await call(request(url), by('bearer'))).headers).toHaveProperty('authorization');
  });

  test.each([
    'https://evil.example/',
    'https://api.vend.example.evil.example/',
    'https://api.vend.example@evil.example/',
    'https://evil.example/#https://api.vend.example/v1',
    // Another port and another protocol are another place.
    'https://api.vend.example:8443/v1',
    'http://api.vend.example/v1',
    'http://files.vend.example/a',
    'https://files.vend.example:8443/a',
    // The name itself is not below itself, and what only ends alike is not either.
    'https://cdn.vend.example/',
    'https://evilcdn.vend.example/',
    'https://a.cdn.vend.example.evil.example/',
  ])('not %s', async (url) => {
    for (const way of Object.keys(WAYS)) {
      const error = await failure(request(url), by(way));
      expect(error).toMatchObject({ kind: 'invalid', code: 'credentials_kept', pointer: '/connection' });
      expect(JSON.stringify(error)).not.toContain('k ey');
    }
  });

  test('a generic connection names its own: nowhere while it does not', async () => {
    const generic = (fields: OpenConnection['fields']) => ({
      connector: 'oauth2',
      fields: { accessToken: 'at', ...fields },
    });
    const own = generic({ baseUrl: 'https://own.example/api' });
    expect((await call(request('https://own.example/x'), own)).headers).toEqual({
      authorization: 'Bearer at',
    });
    for (const connection of [own, generic({})])
      expect(await failure(request('https://other.example/x'), connection)).toMatchObject({
        code: 'credentials_kept',
      });
  });
});

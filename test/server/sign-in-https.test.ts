import { beforeAll, describe, expect, test } from 'vitest';

import { actorFromRequest } from '#server/auth/actor-from-request.ts';
import { handleNextAuth } from '#server/auth/next-auth-handler.ts';
import { AuthBrowser } from '#test/support/next-auth.ts';
import { makeUser, makeWorkspace, PASSWORD } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

const PUBLIC_URL = 'https://flows.example.com';
useAppDatabase(PUBLIC_URL);

let email = '';

beforeAll(async () => {
  email = (await makeUser(await makeWorkspace(), 'owner')).email;
});

describe('behind https', () => {
  test('every cookie is Secure, for this host alone', async () => {
    const browser = new AuthBrowser();
    const csrf = await browser.call('GET', 'csrf');
    const reply = await browser.signIn(email, PASSWORD);
    const lines = [...csrf.setCookies, ...reply.setCookies];
    expect(lines.length).toBeGreaterThanOrEqual(3);
    for (const line of lines)
      expect(line).toMatch(
        /^__Host-patchbay\.\w[^;]*;(?!.*Domain).*Path=\/;.*HttpOnly; Secure; SameSite=Lax$/,
      );
    expect(await actorFromRequest(new Headers({ cookie: browser.cookieHeader }), '')).not.toBeNull();
  });

  test('a session under the plain name is nobody', async () => {
    const browser = new AuthBrowser();
    await browser.signIn(email, PASSWORD);
    const plain = `patchbay.session=${browser.jar['__Host-patchbay.session']}`;
    expect(await actorFromRequest(new Headers({ cookie: plain }), '')).toBeNull();
  });

  test('redirects name the public URL, whatever the request claims', async () => {
    const browser = new AuthBrowser({ 'x-forwarded-host': 'evil.example', host: 'evil.example' });
    expect((await browser.signIn(email, PASSWORD)).body.url).toBe(`${PUBLIC_URL}/`);
  });
});

describe('what /api/auth refuses before next-auth sees it', () => {
  const ask = (method: string, path: string, headers: HeadersInit = {}) =>
    handleNextAuth(new Request(`${PUBLIC_URL}/api/auth/${path}`, { method, headers }), {
      params: Promise.resolve({ nextauth: path.split('/') }),
    });

  test.each([
    ['POST', '_log'],
    ['GET', 'verify-request'],
    ['POST', 'session'],
    ['POST', 'signin/credentials'],
    ['GET', 'callback/credentials'],
    ['GET', 'callback/github'],
    ['GET', 'constructor'],
  ])('%s %s is 404', async (method, path) => expect((await ask(method, path)).status).toBe(404));

  test.each([
    ['another site', { origin: 'https://evil.example', 'content-length': '2' }, 403],
    ['nowhere', { 'content-length': '2' }, 403],
    ['this site without a length', { origin: PUBLIC_URL }, 413],
    ['this site with too much', { origin: PUBLIC_URL, 'content-length': '16385' }, 413],
  ])('a sign-in from %s', async (_name, headers, status) => {
    expect((await ask('POST', 'callback/credentials', headers as unknown as HeadersInit)).status).toBe(
      status,
    );
  });
});

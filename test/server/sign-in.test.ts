import { beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { actorFromRequest } from '#server/auth/actor-from-request.ts';
import { isActorAlive } from '#server/auth/is-actor-alive.ts';
import { prisma } from '#server/db/prisma.ts';
import { AuthBrowser } from '#test/support/next-auth.ts';
import { makeApiKey, makeUser, makeWorkspace, PASSWORD } from '#test/support/people.ts';
import { PUBLIC_URL, useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();

let workspaceId = '';
let user = { id: '', email: '' };

beforeAll(async () => {
  workspaceId = await makeWorkspace();
});

beforeEach(async () => {
  await prisma().rateCounter.deleteMany();
  user = await makeUser(workspaceId, 'editor');
});

const actorOf = (browser: AuthBrowser) =>
  actorFromRequest(new Headers({ cookie: browser.cookieHeader }), '192.0.2.7');

async function signedIn(): Promise<AuthBrowser> {
  const browser = new AuthBrowser();
  await browser.signIn(user.email, PASSWORD);
  return browser;
}

/** One real guess, the others by counter: hashing is slow on purpose. */
async function guessTimes(times: number, email: string): Promise<void> {
  await new AuthBrowser().signIn(email, 'guess');
  await prisma().rateCounter.updateMany({
    where: { key: { startsWith: 'sign_in:account:' } },
    data: { count: times },
  });
}

describe('signing in', () => {
  test('begins a session whose row makes the actor', async () => {
    const browser = new AuthBrowser();
    const reply = await browser.signIn(user.email.toUpperCase(), PASSWORD);
    expect(reply.status).toBe(200);
    const actor = await actorOf(browser);
    expect(actor).toMatchObject({
      kind: 'user',
      userId: user.id,
      workspaceId,
      role: 'editor',
      name: user.email,
      address: '192.0.2.7',
    });
    const row = await prisma().session.findUniqueOrThrow({ where: { id: actor!.sessionId! } });
    expect(row.address).toBe('192.0.2.7');
    expect(Math.round((row.expiresAt.getTime() - row.createdAt.getTime()) / 86_400_000)).toBe(7);
  });

  test('sets an HttpOnly, SameSite=Lax cookie for the whole site', async () => {
    const reply = await new AuthBrowser().signIn(user.email, PASSWORD);
    const line = reply.setCookies.find((cookie) => cookie.startsWith('patchbay.session='));
    expect(line).toMatch(/Path=\/;/);
    expect(line).toMatch(/HttpOnly/);
    expect(line).toMatch(/SameSite=Lax/);
  });

  test('the session token is in no row and not readable in the cookie', async () => {
    const browser = await signedIn();
    const rows = await prisma().session.findMany({ where: { userId: user.id } });
    expect(rows[0]?.tokenHash).toHaveLength(32);
    expect(
      Buffer.from(browser.jar['patchbay.session']!.split('.')[3]!, 'base64url').toString(),
    ).not.toContain(user.id);
  });

  test('a wrong password, an unknown account and a disabled one get the same reply', async () => {
    const disabled = await makeUser(workspaceId, 'owner');
    await prisma().user.update({ where: { id: disabled.id }, data: { disabledAt: new Date() } });
    const replies = [
      await new AuthBrowser().signIn(user.email, 'wrong password'),
      await new AuthBrowser().signIn('nobody@example.com', PASSWORD),
      await new AuthBrowser().signIn(disabled.email, PASSWORD),
      await new AuthBrowser().signIn('"x@evil.com"@example.com', PASSWORD),
    ];
    for (const reply of replies) {
      expect(reply.status).toBe(replies[0]!.status);
      expect(reply.body).toEqual(replies[0]!.body);
      expect(reply.body.url).toContain('error=CredentialsSignin');
      expect(reply.cookies['patchbay.session']).toBeUndefined();
    }
  });

  test('without the CSRF token of this browser nothing happens', async () => {
    const browser = new AuthBrowser();
    const reply = await browser.call('POST', 'callback/credentials', {
      email: user.email,
      password: PASSWORD,
      csrfToken: 'forged',
      json: 'true',
    });
    expect(reply.body.url).toContain('csrf=true');
    expect(await actorOf(browser)).toBeNull();
  });

  test('a callback to another site goes nowhere', async () => {
    for (const callbackUrl of ['//evil.com', 'https://evil.com/', '/\\evil.com', 'javascript:alert(1)']) {
      const reply = await new AuthBrowser().signIn(user.email, PASSWORD, { callbackUrl });
      expect(reply.body.url, callbackUrl).toBe(`${PUBLIC_URL}/`);
    }
    const reply = await new AuthBrowser().signIn(user.email, PASSWORD, {
      callbackUrl: '/runs?status=failed',
    });
    expect(reply.body.url).toBe(`${PUBLIC_URL}/runs?status=failed`);
  });

  test('a second sign-in of the same browser ends its first session', async () => {
    const browser = await signedIn();
    const first = await actorOf(browser);
    await browser.signIn(user.email, PASSWORD);
    expect(await isActorAlive(first!)).toBe(false);
    expect(await actorOf(browser)).not.toBeNull();
  });

  test('is written to the audit trail, refusals too', async () => {
    await new AuthBrowser().signIn(user.email, 'wrong password');
    await signedIn();
    const entries = await prisma().auditEntry.findMany({
      where: { resource: `user:${user.id}` },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action, address }) => [action, address])).toEqual([
      ['session.refuse', '192.0.2.7'],
      ['session.begin', '192.0.2.7'],
    ]);
  });
});

describe('the rate limit', () => {
  test('an account is closed after ten failures, with a plain message, from any address', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const reply = await new AuthBrowser({ 'x-patchbay-address': `192.0.2.${attempt}` }).signIn(
        user.email,
        'guess',
      );
      expect(reply.body.url).toContain('error=CredentialsSignin');
    }
    const reply = await new AuthBrowser({ 'x-patchbay-address': '198.51.100.1' }).signIn(
      user.email,
      PASSWORD,
    );
    expect(new URL(reply.body.url).searchParams.get('error')).toMatch(
      /^Too many attempts\. Try again in 1[45] minutes\.$/,
    );
    const other = await makeUser(workspaceId, 'viewer');
    expect((await new AuthBrowser().signIn(other.email, PASSWORD)).cookies['patchbay.session']).toBeTruthy();
  });

  test('unknown accounts are counted alike', async () => {
    const email = `nobody-${user.id}@example.com`;
    await guessTimes(10, email);
    expect((await new AuthBrowser().signIn(email, 'guess')).body.url).toContain('Too%20many');
  });

  test('guesses at the same time are all counted', async () => {
    const replies = await Promise.all(
      Array.from({ length: 14 }, () => new AuthBrowser().signIn(user.email, 'guess')),
    );
    expect(replies.filter(({ body }) => body.url.includes('Too%20many'))).toHaveLength(4);
  });

  test('an address is closed after fifty failures', async () => {
    await prisma().rateCounter.create({
      data: { key: 'sign_in:address:192.0.2.50', count: 50, windowEnd: new Date(Date.now() + 60_000) },
    });
    const reply = await new AuthBrowser({ 'x-patchbay-address': '192.0.2.50' }).signIn(user.email, PASSWORD);
    expect(reply.body.url).toContain('Too%20many');
  });

  test('successes do not count, and clear the account', async () => {
    await guessTimes(9, user.email);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await new AuthBrowser().signIn(user.email, PASSWORD)).cookies['patchbay.session']).toBeTruthy();
    }
    const counter = await prisma().rateCounter.findUniqueOrThrow({
      where: { key: 'sign_in:address:192.0.2.7' },
    });
    expect(counter.count).toBe(1);
  });

  test('ends with its window', async () => {
    await guessTimes(11, user.email);
    await prisma().rateCounter.updateMany({ data: { windowEnd: new Date(Date.now() - 1_000) } });
    expect((await new AuthBrowser().signIn(user.email, PASSWORD)).cookies['patchbay.session']).toBeTruthy();
  });
});

describe('a session dies', () => {
  const dies: [string, (sessionId: string) => Promise<unknown>][] = [
    [
      'when it is revoked',
      (id) => prisma().session.update({ where: { id }, data: { revokedAt: new Date() } }),
    ],
    [
      'at the end of its seven days',
      (id) => prisma().session.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } }),
    ],
    [
      'after eight idle hours',
      (id) =>
        prisma().session.update({
          where: { id },
          data: { lastSeenAt: new Date(Date.now() - 8 * 3_600_000 - 1) },
        }),
    ],
    [
      'with its user disabled',
      () => prisma().user.update({ where: { id: user.id }, data: { disabledAt: new Date() } }),
    ],
    ['with its user deleted', () => prisma().user.delete({ where: { id: user.id } })],
    ['with the membership', () => prisma().membership.deleteMany({ where: { userId: user.id } })],
  ];
  test.each(dies)('%s', async (_when, act) => {
    const browser = await signedIn();
    const actor = await actorOf(browser);
    expect(await isActorAlive(actor!)).toBe(true);
    await act(actor!.sessionId!);
    expect(await actorOf(browser)).toBeNull();
    expect(await isActorAlive(actor!)).toBe(false);
    const reply = await browser.call('GET', 'session');
    expect(reply.body).toEqual({});
  });

  test('a role change takes effect on the next request and ends open streams', async () => {
    const browser = await signedIn();
    const actor = await actorOf(browser);
    await prisma().membership.updateMany({ where: { userId: user.id }, data: { role: 'viewer' } });
    expect((await actorOf(browser))?.role).toBe('viewer');
    expect(await isActorAlive(actor!)).toBe(false);
  });

  test('on sign-out, for good', async () => {
    const browser = await signedIn();
    const stolen = browser.cookieHeader;
    const actor = await actorOf(browser);
    const reply = await browser.post('signout', {});
    expect(reply.cookies['patchbay.session']).toBe('');
    expect(await isActorAlive(actor!)).toBe(false);
    expect(await actorFromRequest(new Headers({ cookie: stolen }), '')).toBeNull();
  });

  test('damaged, foreign and empty cookies are nobody', async () => {
    const browser = await signedIn();
    const good = browser.jar['patchbay.session']!;
    const bad = [
      '',
      'x',
      good.slice(0, -2),
      `${good}x`,
      'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.',
      good.replace(/^[^.]+/, 'eyJhbGciOiJub25lIn0'),
    ];
    for (const value of bad) {
      expect(await actorFromRequest(new Headers({ cookie: `patchbay.session=${value}` }), '')).toBeNull();
    }
  });
});

describe('API keys', () => {
  const withHeader = (authorization: string, cookie = '') =>
    actorFromRequest(new Headers({ authorization, ...(cookie ? { cookie } : {}) }), '');

  test('make an actor with the key’s role', async () => {
    const key = await makeApiKey(workspaceId, 'operator');
    expect(await withHeader(`Bearer ${key}`)).toMatchObject({
      kind: 'api_key',
      role: 'operator',
      workspaceId,
      userId: null,
    });
    expect(await withHeader(`bearer  ${key}`)).not.toBeNull();
  });

  test('expired and revoked ones are nobody', async () => {
    const expired = await makeApiKey(workspaceId, 'owner', { expiresAt: new Date(Date.now() - 1_000) });
    const revoked = await makeApiKey(workspaceId, 'owner', { revokedAt: new Date() });
    expect(await withHeader(`Bearer ${expired}`)).toBeNull();
    expect(await withHeader(`Bearer ${revoked}`)).toBeNull();
  });

  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer short',
    `Token ${'x'.repeat(40)}`,
    `Bearer ${'x'.repeat(9_000)}`,
    `Bearer ${'é'.repeat(40)}`,
    'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJvd25lciJ9.',
  ])('%j is nobody, without a throw', async (header) => expect(await withHeader(header)).toBeNull());

  test('a wrong key beside a good cookie is nobody', async () => {
    const browser = await signedIn();
    expect(await withHeader(`Bearer ${'x'.repeat(40)}`, browser.cookieHeader)).toBeNull();
  });
});

test('a fault inside is not shown to the visitor', async () => {
  await prisma().$executeRaw`ALTER TABLE rate_counter RENAME TO rate_counter_away`;
  try {
    const reply = await new AuthBrowser().signIn(user.email, PASSWORD);
    const message = new URL(reply.body.url).searchParams.get('error');
    expect(message).toBe('Signing in does not work at the moment. Try again in a minute.');
  } finally {
    await prisma().$executeRaw`ALTER TABLE rate_counter_away RENAME TO rate_counter`;
  }
});

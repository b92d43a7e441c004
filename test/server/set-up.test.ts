import { beforeEach, describe, expect, test } from 'vitest';

import { actorFromRequest } from '#server/auth/actor-from-request.ts';
import { verifyPassword } from '#server/auth/password.ts';
import { prisma } from '#server/db/prisma.ts';
import { EnvironmentError } from '#server/env.ts';
import { bootstrapOwner } from '#server/workspace/bootstrap-owner.ts';
import { handleSetUp } from '#server/workspace/handle-set-up.ts';
import { needsSetUp } from '#server/workspace/set-up.ts';
import { PUBLIC_URL, useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();

const ADA = { email: 'Ada@Example.com', password: 'analytical engine', name: 'Ada', workspace: 'Engines' };
const KEY = 'owner-key-of-thirty-two-chars-ok';
const NONE = {
  PATCHBAY_OWNER_EMAIL: undefined,
  PATCHBAY_OWNER_PASSWORD: undefined,
  PATCHBAY_OWNER_API_KEY: undefined,
};
const LOGIN = {
  ...NONE,
  PATCHBAY_OWNER_EMAIL: 'ada@example.com',
  PATCHBAY_OWNER_PASSWORD: 'analytical engine',
};

beforeEach(async () => {
  await prisma().workspace.deleteMany();
  await prisma().user.deleteMany();
});

function post(headers: Readonly<Record<string, string>> = {}, body: unknown = ADA): Promise<Response> {
  const all = new Headers({
    host: '127.0.0.1:3000',
    origin: PUBLIC_URL,
    'content-type': 'application/json',
    'x-patchbay-address': '127.0.0.1',
    ...headers,
  });
  for (const [name, value] of Object.entries(headers)) if (value === '') all.delete(name);
  return handleSetUp(
    new Request(`${PUBLIC_URL}/api/set-up`, { method: 'POST', headers: all, body: JSON.stringify(body) }),
  );
}

describe('the set-up page', () => {
  test('creates user, workspace and ownership', async () => {
    expect(await needsSetUp()).toBe(true);
    expect((await post()).status).toBe(201);
    expect(await needsSetUp()).toBe(false);
    const user = await prisma().user.findUniqueOrThrow({
      where: { email: 'ada@example.com' },
      include: { memberships: { include: { workspace: true } } },
    });
    expect(user.memberships).toMatchObject([{ role: 'owner', workspace: { name: 'Engines' } }]);
    expect(await verifyPassword(ADA.password, user.passwordHash)).toBe(true);
    expect(await prisma().auditEntry.findMany()).toMatchObject([
      { action: 'workspace.set_up', actorName: 'ada@example.com' },
    ]);
  });

  test('works on ::1 and on another loopback name than the public URL', async () => {
    expect(
      (await post({ 'x-patchbay-address': '::1', origin: 'http://localhost:3000', host: 'localhost:3000' }))
        .status,
    ).toBe(201);
  });

  test.each([
    ['another machine', { 'x-patchbay-address': '192.168.1.5' }],
    ['an unknown address', { 'x-patchbay-address': '0.0.0.0' }],
    ['no address at all', { 'x-patchbay-address': '' }],
    ['nonsense for an address', { 'x-patchbay-address': '127.0.0.1, 10.0.0.1' }],
    ['another site', { origin: 'https://evil.example' }],
    ['no Origin', { origin: '' }],
    ['a null Origin', { origin: 'null' }],
    ['a rebound name', { origin: 'http://evil.example:3000', host: 'evil.example:3000' }],
  ])('is refused from %s', async (_name, headers) => {
    const response = await post(headers);
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await needsSetUp()).toBe(true);
  });

  test('is refused once there is a user', async () => {
    await post();
    const response = await post({}, { ...ADA, email: 'eve@example.com' });
    expect(response.status).toBe(409);
    expect(await prisma().user.count()).toBe(1);
  });

  test('two at once make one owner', async () => {
    const replies = await Promise.all([
      post(),
      post({}, { ...ADA, email: 'eve@example.com' }),
      post({}, { ...ADA, email: 'bob@example.com' }),
    ]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    expect(await prisma().user.count()).toBe(1);
    expect(await prisma().workspace.count()).toBe(1);
  });

  test.each([
    ['a short password', { ...ADA, password: 'short' }, '/password'],
    ['a role', { ...ADA, role: 'owner' }, '/role'],
    ['no e-mail', { password: ADA.password }, '/email'],
    ['an e-mail that two parsers read differently', { ...ADA, email: '"a@evil.com"@example.com' }, '/email'],
  ])('names %s', async (_name, body, pointer) => {
    const response = await post({}, body);
    expect(response.status).toBe(400);
    expect((await response.json()).errors).toMatchObject([{ pointer }]);
  });

  test('takes JSON only', async () => {
    expect((await post({ 'content-type': 'text/plain' })).status).toBe(415);
  });
});

describe('PATCHBAY_OWNER_*', () => {
  const actorOf = (key: string) => actorFromRequest(new Headers({ authorization: `Bearer ${key}` }), '');

  test('creates owner and key on an empty database, once', async () => {
    const source = { ...LOGIN, PATCHBAY_OWNER_API_KEY: KEY };
    await Promise.all([bootstrapOwner(source), bootstrapOwner(source), bootstrapOwner(source)]);
    await bootstrapOwner({
      ...source,
      PATCHBAY_OWNER_EMAIL: 'other@example.com',
      PATCHBAY_OWNER_API_KEY: `${KEY}2`,
    });
    expect(await prisma().user.findMany()).toMatchObject([{ email: 'ada@example.com' }]);
    expect(await prisma().workspace.count()).toBe(1);
    expect(await actorOf(KEY)).toMatchObject({ role: 'owner', kind: 'api_key' });
    expect(await actorOf(`${KEY}2`)).toBeNull();
  });

  test('the key is kept as a hash', async () => {
    await bootstrapOwner({ ...NONE, PATCHBAY_OWNER_API_KEY: KEY });
    expect(JSON.stringify(await prisma().apiKey.findMany())).not.toContain(KEY);
  });

  test('a key alone makes a workspace that the set-up page then joins', async () => {
    await bootstrapOwner({ ...NONE, PATCHBAY_OWNER_API_KEY: KEY });
    const actor = await actorOf(KEY);
    expect(await needsSetUp()).toBe(true);
    expect((await post()).status).toBe(201);
    expect(await prisma().membership.findMany()).toMatchObject([
      { workspaceId: actor?.workspaceId, role: 'owner' },
    ]);
  });

  test('a revoked key does not come back with a restart', async () => {
    await bootstrapOwner({ ...NONE, PATCHBAY_OWNER_API_KEY: KEY });
    await prisma().apiKey.updateMany({ data: { revokedAt: new Date() } });
    await bootstrapOwner({ ...NONE, PATCHBAY_OWNER_API_KEY: KEY });
    await bootstrapOwner({ ...LOGIN, PATCHBAY_OWNER_API_KEY: KEY });
    expect(await actorOf(KEY)).toBeNull();
  });

  test('keys with spaces and other letters work as a header carries them', async () => {
    const key = 'ein Schlüssel mit dreißig und mehr Zeichen';
    await bootstrapOwner({ ...NONE, PATCHBAY_OWNER_API_KEY: key });
    expect(await actorOf(Buffer.from(key, 'utf8').toString('latin1'))).toMatchObject({ role: 'owner' });
  });

  test('nothing set changes nothing', async () => {
    await bootstrapOwner(NONE);
    expect(await prisma().workspace.count()).toBe(0);
  });

  test.each([
    ['PATCHBAY_OWNER_API_KEY', { ...NONE, PATCHBAY_OWNER_API_KEY: 'x'.repeat(31) }],
    ['PATCHBAY_OWNER_API_KEY', { ...NONE, PATCHBAY_OWNER_API_KEY: `${'x'.repeat(40)}\nx` }],
    ['PATCHBAY_OWNER_PASSWORD', { ...LOGIN, PATCHBAY_OWNER_PASSWORD: 'short' }],
    ['PATCHBAY_OWNER_PASSWORD', { ...LOGIN, PATCHBAY_OWNER_EMAIL: undefined }],
    ['PATCHBAY_OWNER_EMAIL', { ...LOGIN, PATCHBAY_OWNER_PASSWORD: undefined }],
    ['PATCHBAY_OWNER_EMAIL', { ...LOGIN, PATCHBAY_OWNER_EMAIL: 'not an address' }],
  ])('a wrong %s is one plain sentence', async (name, source) => {
    const refused = bootstrapOwner(source);
    await expect(refused).rejects.toBeInstanceOf(EnvironmentError);
    await expect(refused).rejects.toThrow(new RegExp(`^${name} `));
    expect(await prisma().workspace.count()).toBe(0);
  });
});

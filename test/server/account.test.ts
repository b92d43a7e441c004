import { beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { verifyPassword } from '#server/auth/password.ts';
import { prisma } from '#server/db/prisma.ts';
import { callApi } from '#test/support/call-api.ts';
import { makeApiKey, makeSession, makeUser, makeWorkspace, PASSWORD } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();

let workspaceId = '';
let user = { id: '', email: '' };
let cookie = '';

beforeAll(async () => {
  workspaceId = await makeWorkspace();
});

beforeEach(async () => {
  user = await makeUser(workspaceId, 'viewer');
  cookie = await makeSession(user.id);
});

describe('/me', () => {
  test('says who asks', async () => {
    expect((await callApi('GET /me', { cookie })).body).toMatchObject({
      user: { id: user.id, email: user.email, name: 'viewer' },
      workspace: { name: 'Test workspace' },
      role: 'viewer',
    });
  });

  test('takes a name and nothing else', async () => {
    expect((await callApi('PATCH /me', { cookie, body: { name: 'Ada' } })).body.user.name).toBe('Ada');
    const reply = await callApi('PATCH /me', {
      cookie,
      body: { name: 'Eve', role: 'admin', ssoEnforced: false },
    });
    expect(reply.status).toBe(400);
    expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/role',
      '/ssoEnforced',
    ]);
    expect((await callApi('GET /me', { cookie })).body).toMatchObject({
      role: 'viewer',
      user: { name: 'Ada' },
    });
  });

  test('belongs to people: a key changes nothing', async () => {
    const key = await makeApiKey(workspaceId, 'owner');
    const body = { currentPassword: PASSWORD, newPassword: 'another password' };
    expect((await callApi('PATCH /me', { key, body: { name: 'Key' } })).status).toBe(403);
    expect((await callApi('POST /me/password', { key, body })).status).toBe(403);
    expect((await callApi('GET /me/sessions', { key })).body).toEqual({ data: [], next: null });
  });
});

describe('a new password', () => {
  const change = (body: unknown) => callApi('POST /me/password', { cookie, body });
  const hash = async () => (await prisma().user.findUniqueOrThrow({ where: { id: user.id } })).passwordHash;

  test('replaces the old one and ends the other sessions at once', async () => {
    const other = await makeSession(user.id);
    const stranger = await makeUser(workspaceId, 'viewer');
    const strangers = await makeSession(stranger.id);
    expect((await change({ currentPassword: PASSWORD, newPassword: 'another password' })).status).toBe(204);
    expect(await verifyPassword('another password', await hash())).toBe(true);
    expect((await callApi('GET /me', { cookie })).status).toBe(200);
    expect((await callApi('GET /me', { cookie: other })).status).toBe(401);
    expect((await callApi('GET /me', { cookie: strangers })).status).toBe(200);
  });

  test('needs the current one', async () => {
    const before = await hash();
    const reply = await change({ currentPassword: 'wrong', newPassword: 'another password' });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer: '/currentPassword' }] } });
    expect(await hash()).toBe(before);
  });

  test('is not too short, and a thief of a session gets ten guesses', async () => {
    expect((await change({ currentPassword: PASSWORD, newPassword: 'short' })).body.errors).toMatchObject([
      { pointer: '/newPassword' },
    ]);
    await change({ currentPassword: 'wrong', newPassword: 'another password' });
    await prisma().rateCounter.updateMany({ where: { key: `password:${user.id}` }, data: { count: 10 } });
    const reply = await change({ currentPassword: PASSWORD, newPassword: 'another password' });
    expect(reply.status).toBe(429);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('sessions', () => {
  const list = async () =>
    (await callApi('GET /me/sessions', { cookie })).body.data as { id: string; current: boolean }[];

  test('are listed with the present one marked', async () => {
    await makeSession(user.id);
    const sessions = await list();
    expect(sessions).toHaveLength(2);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(JSON.stringify(sessions)).not.toContain('tokenHash');
  });

  test('end at once when they are revoked', async () => {
    const other = await makeSession(user.id);
    const session = (await list()).find(({ current }) => !current)!;
    expect((await callApi(`DELETE /me/sessions/${session.id}`, { cookie })).status).toBe(204);
    expect((await callApi('GET /me', { cookie: other })).status).toBe(401);
    expect(await list()).toHaveLength(1);
    expect((await callApi(`DELETE /me/sessions/${session.id}`, { cookie })).status).toBe(404);
  });

  test('of somebody else do not exist', async () => {
    const stranger = await makeUser(workspaceId, 'owner');
    const strangers = await makeSession(stranger.id);
    const { id } = await prisma().session.findFirstOrThrow({ where: { userId: stranger.id } });
    expect((await callApi(`DELETE /me/sessions/${id}`, { cookie })).status).toBe(404);
    expect((await callApi('GET /me', { cookie: strangers })).status).toBe(200);
  });
});

import { beforeAll, describe, expect, test } from 'vitest';

import { openConnection } from '#server/connections/open-connection.ts';
import { prisma } from '#server/db/prisma.ts';
import { VaultError } from '#server/vault/aead.ts';
import { callApi } from '#test/support/call-api.ts';
import { makeApiKey, makeSession, makeUser, makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();

let workspaceId = '';
let key = '';

beforeAll(async () => {
  workspaceId = await makeWorkspace();
  key = await makeApiKey(workspaceId, 'admin');
});

const create = (
  slug: string,
  fields: Readonly<Record<string, string>> = { secret: 'first secret' },
  connector = 'signing_secret',
) => callApi('POST /connections', { key, body: { slug, connector, fields } });

function flowWith(slug: string, connection: string | null) {
  const hook = { id: 'hook', type: 'core.webhook', version: 1, config: { verify: { scheme: 'github' } } };
  return {
    format: 1,
    name: slug,
    slug,
    nodes: [connection === null ? { ...hook, config: {} } : { ...hook, connection }],
    edges: [],
  };
}

describe('connections', () => {
  test('are created, read and listed without their values', async () => {
    const reply = await create('shop', { secret: 'very secret', previousSecret: 'once secret' });
    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).toBe('/api/v1/connections/shop');
    expect(reply.body).toMatchObject({
      slug: 'shop',
      name: 'shop',
      connector: 'signing_secret',
      fields: ['previousSecret', 'secret'],
      usedBy: [],
      lastUsedAt: null,
    });
    for (const line of ['GET /connections/shop', 'GET /connections', 'GET /audit']) {
      const seen = await callApi(line, { key });
      expect(seen.status).toBe(200);
      expect(JSON.stringify(seen.body)).not.toMatch(/very secret|once secret/);
    }
  });

  test('are stored sealed', async () => {
    await create('sealed', { secret: 'plain-text-marker' });
    const row = await prisma().connection.findFirstOrThrow({
      where: { slug: 'sealed' },
      include: { fields: true },
    });
    expect(Buffer.from(row.fields[0]!.sealed).toString('latin1')).not.toContain('plain-text-marker');
    expect(row.wrappedKey.length).toBe(1 + 12 + 32 + 16);
  });

  test('open for their use, which is noted', async () => {
    await create('used');
    expect(await openConnection(workspaceId, 'used')).toEqual({
      connector: 'signing_secret',
      fields: { secret: 'first secret' },
    });
    expect((await callApi('GET /connections/used', { key })).body.lastUsedAt).not.toBeNull();
    expect(await openConnection(workspaceId, 'missing')).toBeNull();
    expect(await openConnection(await makeWorkspace(), 'used')).toBeNull();
  });

  test('a patch replaces what it names and leaves the rest', async () => {
    await create('patched', { secret: 'one', previousSecret: 'zero' });
    const before = await prisma().connection.findFirstOrThrow({ where: { slug: 'patched' } });
    const reply = await callApi('PATCH /connections/patched', {
      key,
      body: { name: 'Patched', fields: { secret: 'two', previousSecret: null } },
    });
    expect(reply.body).toMatchObject({ name: 'Patched', fields: ['secret'] });
    expect((await openConnection(workspaceId, 'patched'))?.fields).toEqual({ secret: 'two' });
    const after = await prisma().connection.findFirstOrThrow({ where: { slug: 'patched' } });
    expect(after.wrappedKey).not.toEqual(before.wrappedKey);
    await callApi('PATCH /connections/patched', { key, body: { name: 'Only the name' } });
    expect((await openConnection(workspaceId, 'patched'))?.fields).toEqual({ secret: 'two' });
  });

  test('patches at the same time lose nothing', async () => {
    await create('raced', { secret: 'one', previousSecret: 'zero' });
    const patches = [{ secret: 'two' }, { previousSecret: 'three' }];
    await Promise.all(
      patches.map((fields) => callApi('PATCH /connections/raced', { key, body: { fields } })),
    );
    expect((await openConnection(workspaceId, 'raced'))?.fields).toEqual({
      secret: 'two',
      previousSecret: 'three',
    });
  });

  test.each([
    ['an unknown connector', { slug: 'bad', connector: 'nothing', fields: {} }, 422, '/connector'],
    ['a connector without connections', { slug: 'bad', connector: 'core', fields: {} }, 422, '/connector'],
    [
      'an unknown field',
      { slug: 'bad', connector: 'bearer_token', fields: { token: 'x', extra: 'y' } },
      422,
      '/fields/extra',
    ],
    [
      'a missing field',
      { slug: 'bad', connector: 'basic_auth', fields: { username: 'ada' } },
      422,
      '/fields/password',
    ],
    ['a bad slug', { slug: 'Not a slug', connector: 'bearer_token', fields: { token: 'x' } }, 400, '/slug'],
    [
      'an unknown key',
      { slug: 'bad', connector: 'bearer_token', fields: { token: 'x' }, workspaceId: 'w' },
      400,
      '/workspaceId',
    ],
  ])('%s is refused with its pointer', async (_name, body, status, pointer) => {
    const reply = await callApi('POST /connections', { key, body });
    expect(reply.status).toBe(status);
    expect(reply.body.errors).toMatchObject([{ pointer }]);
    expect((await callApi('GET /connections/bad', { key })).status).toBe(404);
  });

  test('a refusal never repeats a value', async () => {
    const reply = await create('bad', { token: 'Bearer my secret token' }, 'bearer_token');
    expect(reply.status).toBe(422);
    expect(JSON.stringify(reply.body)).not.toContain('my secret token');
  });

  test('a removed required field is refused and nothing changes', async () => {
    await create('kept');
    expect(
      (await callApi('PATCH /connections/kept', { key, body: { fields: { secret: null } } })).status,
    ).toBe(422);
    expect((await openConnection(workspaceId, 'kept'))?.fields).toEqual({ secret: 'first secret' });
  });

  test('a slug is taken once, also by two at the same time', async () => {
    const replies = await Promise.all([create('taken'), create('taken'), create('taken')]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
  });

  test('open whole while they are being changed', { timeout: 120_000 }, async () => {
    await create('busy', { secret: 'secret 0', previousSecret: 'previous 0' });
    let isChanging = true;
    const opening = (async () => {
      for (let opened = 0; isChanging; opened++) {
        const { secret, previousSecret } = (await openConnection(workspaceId, 'busy'))?.fields ?? {};
        expect(previousSecret?.slice('previous '.length)).toBe(secret?.slice('secret '.length));
      }
    })();
    for (let n = 1; n <= 50; n++) {
      const fields = { secret: `secret ${n}`, previousSecret: `previous ${n}` };
      expect((await callApi('PATCH /connections/busy', { key, body: { fields } })).status).toBe(200);
    }
    isChanging = false;
    await opening;
  });

  test('rows that were swapped in the database do not open', async () => {
    await create('left', { secret: 'left' });
    await create('right', { secret: 'right' });
    const left = await prisma().connection.findFirstOrThrow({
      where: { slug: 'left' },
      include: { fields: true },
    });
    const right = await prisma().connection.findFirstOrThrow({ where: { slug: 'right' } });
    await prisma().connectionField.updateMany({
      where: { connectionId: right.id },
      data: { sealed: left.fields[0]!.sealed },
    });
    await prisma().connection.update({ where: { id: right.id }, data: { wrappedKey: left.wrappedKey } });
    await expect(openConnection(workspaceId, 'right')).rejects.toBeInstanceOf(VaultError);
  });

  test('list page by page', async () => {
    const other = await makeApiKey(await makeWorkspace(), 'admin');
    for (const slug of ['a', 'b', 'c']) {
      await callApi('POST /connections', {
        key: other,
        body: { slug, connector: 'bearer_token', fields: { token: slug } },
      });
    }
    const first = await callApi('GET /connections?limit=2', { key: other });
    expect(first.body.data.map(({ slug }: { slug: string }) => slug)).toEqual(['a', 'b']);
    const second = await callApi(`GET /connections?limit=2&cursor=${first.body.next}`, { key: other });
    expect(second.body).toMatchObject({ data: [{ slug: 'c' }], next: null });
    expect((await callApi('GET /connections?cursor=nonsense', { key: other })).status).toBe(400);
  });
});

describe('a connection that flows use', () => {
  test('names them, and stays while a published version needs it', async () => {
    await create('needed');
    for (const slug of ['needs-one', 'needs-two', 'only-draft']) {
      expect((await callApi(`PUT /flows/${slug}`, { key, body: flowWith(slug, 'needed') })).status).toBe(201);
    }
    for (const slug of ['needs-one', 'needs-two'])
      expect((await callApi(`POST /flows/${slug}/publish`, { key })).status).toBe(200);
    expect((await callApi('GET /connections/needed', { key })).body.usedBy).toEqual([
      'needs-one',
      'needs-two',
      'only-draft',
    ]);

    // The draft lets go of it, the published version does not.
    await callApi('PUT /flows/needs-two', { key, body: flowWith('needs-two', null) });
    const refused = await callApi('DELETE /connections/needed', { key });
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/needs-one, needs-two/) },
    });
    expect(refused.body.detail).not.toContain('only-draft');

    for (const slug of ['needs-one', 'needs-two']) await callApi(`POST /flows/${slug}/unpublish`, { key });
    expect((await callApi('DELETE /connections/needed', { key })).status).toBe(204);
    expect(await openConnection(workspaceId, 'needed')).toBeNull();
    expect(await prisma().connectionField.count({ where: { connection: { slug: 'needed' } } })).toBe(0);
  });

  test('publishing and deleting at the same time leave no published flow without it', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const slug = `race-${turn}`;
      await create(slug);
      await callApi(`PUT /flows/${slug}`, { key, body: flowWith(slug, slug) });
      const [published, deleted] = await Promise.all([
        callApi(`POST /flows/${slug}/publish`, { key }),
        callApi(`DELETE /connections/${slug}`, { key }),
      ]);
      expect([published.status, deleted.status]).not.toEqual([200, 204]);
      expect([published.status, deleted.status]).toContain(published.status === 200 ? 409 : 204);
    }
  });
});

describe('API keys', () => {
  test('work once made, show themselves once, and stop when revoked', async () => {
    const made = await callApi('POST /api-keys', { key, body: { name: 'CI', role: 'operator' } });
    expect(made.status).toBe(201);
    expect(made.body.key).toMatch(/^pb_[\w-]{43}$/);
    expect(made.body.prefix).toBe(made.body.key.slice(0, 8));
    expect((await callApi('GET /me', { key: made.body.key })).body).toMatchObject({
      role: 'operator',
      user: null,
    });
    const list = await callApi('GET /api-keys', { key });
    expect(JSON.stringify(list.body)).not.toContain(made.body.key);
    expect(list.body.data.find(({ id }: { id: string }) => id === made.body.id)).toMatchObject({
      name: 'CI',
      lastUsedAt: expect.any(String),
    });
    expect((await callApi(`DELETE /api-keys/${made.body.id}`, { key })).status).toBe(204);
    expect((await callApi('GET /me', { key: made.body.key })).status).toBe(401);
    expect((await callApi(`DELETE /api-keys/${made.body.id}`, { key })).status).toBe(404);
  });

  test('the reply to a repeated request carries the same key, and no row does', async () => {
    const headers = { 'idempotency-key': 'one key' };
    const first = await callApi('POST /api-keys', { key, body: { name: 'once' }, headers });
    const second = await callApi('POST /api-keys', { key, body: { name: 'once' }, headers });
    expect(second.body).toEqual(first.body);
    const rows = await prisma()
      .$queryRaw`SELECT to_jsonb(r)::text || (SELECT string_agg(to_jsonb(a)::text, '') FROM api_key a) AS text FROM idempotency_record r`;
    expect(JSON.stringify(rows)).not.toContain(first.body.key);
  });

  test('nobody makes or revokes a mightier one', async () => {
    expect((await callApi('POST /api-keys', { key, body: { name: 'up', role: 'owner' } })).status).toBe(403);
    const owner = await makeApiKey(workspaceId, 'owner');
    const list = await callApi('GET /api-keys', { key: owner });
    const ownerId = list.body.data.find(({ role }: { role: string }) => role === 'owner').id;
    expect((await callApi(`DELETE /api-keys/${ownerId}`, { key })).status).toBe(403);
  });

  test('a time of expiry must be to come', async () => {
    const past = await callApi('POST /api-keys', {
      key,
      body: { name: 'past', expiresAt: '2020-01-01T00:00:00Z' },
    });
    expect(past).toMatchObject({ status: 422, body: { errors: [{ pointer: '/expiresAt' }] } });
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    expect((await callApi('POST /api-keys', { key, body: { name: 'soon', expiresAt } })).body.expiresAt).toBe(
      expiresAt,
    );
  });
});

describe('the audit trail', () => {
  test('names who did what, newest first, page by page', async () => {
    const first = await callApi('GET /audit?limit=1', { key });
    const second = await callApi(`GET /audit?limit=1&cursor=${first.body.next}`, { key });
    expect(BigInt(second.body.data[0].id)).toBeLessThan(BigInt(first.body.data[0].id));
    expect(first.body.data[0]).toMatchObject({ actor: 'admin key', action: expect.stringContaining('.') });
    expect((await callApi('GET /audit?cursor=bm9uc2Vuc2U', { key })).status).toBe(400);
  });

  test('cannot be changed or deleted, but goes with its workspace', async () => {
    const other = await makeWorkspace();
    const otherKey = await makeApiKey(other, 'admin');
    await callApi('POST /api-keys', { key: otherKey, body: { name: 'x' } });
    await expect(
      prisma().auditEntry.updateMany({ where: { workspaceId: other }, data: { action: 'nothing' } }),
    ).rejects.toThrow(/cannot be changed/);
    await expect(prisma().auditEntry.deleteMany({ where: { workspaceId: other } })).rejects.toThrow(
      /cannot be changed/,
    );
    expect(await prisma().auditEntry.count({ where: { workspaceId: other } })).toBe(1);
    await prisma().workspace.delete({ where: { id: other } });
    expect(await prisma().auditEntry.count({ where: { workspaceId: other } })).toBe(0);
  });

  test('an act that fails leaves no entry', async () => {
    const before = await prisma().auditEntry.count({ where: { workspaceId } });
    await create('bad', { wrong: 'field' });
    await callApi('DELETE /connections/missing', { key });
    expect(await prisma().auditEntry.count({ where: { workspaceId } })).toBe(before);
  });

  test('names a person by e-mail and address', async () => {
    const user = await makeUser(workspaceId, 'owner');
    const headers = { 'x-patchbay-address': '192.0.2.9' };
    await callApi('POST /api-keys', {
      cookie: await makeSession(user.id),
      headers,
      body: { name: 'by hand' },
    });
    const entry = await prisma().auditEntry.findFirst({ where: { actor: `user:${user.id}` } });
    expect(entry).toMatchObject({
      actorName: user.email,
      address: '192.0.2.9',
      action: 'api_key.create',
      detail: { name: 'by hand' },
    });
  });
});

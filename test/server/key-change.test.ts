import { randomBytes } from 'node:crypto';

import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { openConnection } from '#server/connections/open-connection.ts';
import { pool } from '#server/db/pool.ts';
import { admitKeys } from '#server/vault/admit-keys.ts';
import { VaultError } from '#server/vault/aead.ts';
import { keyRing, readKeyRing } from '#server/vault/key-ring.ts';
import { endChild } from '#test/worker/worker-process.ts';
import { callApi } from '#test/support/call-api.ts';
import { launchProcess, type LaunchedProcess } from '#test/support/launch-process.ts';
import { makeConnection } from '#test/support/hook-fixture.ts';
import { makeApiKey, makeSession, makeUser, makeWorkspace } from '#test/support/people.ts';
import { PUBLIC_URL, useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();

const newKey = randomBytes(32).toString('base64');
const launched: LaunchedProcess[] = [];
let workspaceId = '';
let key = '';

beforeAll(async () => {
  workspaceId = await makeWorkspace();
  key = await makeApiKey(workspaceId, 'owner');
  await admitKeys(pool(), keyRing());
});
afterEach(async () => {
  await Promise.all(launched.splice(0).map(({ child }) => endChild(child)));
});

const oldKey = () => process.env['PATCHBAY_SECRET_KEY'] ?? '';

function launch(entry: string, keys: Readonly<Record<string, string>>): LaunchedProcess {
  const started = launchProcess(entry, { DATABASE_URL: process.env['DATABASE_URL'] ?? '', ...keys });
  launched.push(started);
  return started;
}

/** A process of its own that answers the API, with these keys. */
async function startApi(keys: Readonly<Record<string, string>>): Promise<string> {
  const web = launch('test/support/web-process.ts', { PATCHBAY_URL: PUBLIC_URL, ...keys });
  const message = (await web.message) as { apiUrl: string } | undefined;
  if (!message) throw new Error(web.output());
  return message.apiUrl;
}

describe('a process that cannot open what is stored', () => {
  test.each([
    ['web', 'server/web.ts', 'another key', newKey, /^This database belongs to another PATCHBAY_SECRET_KEY/],
    [
      'worker',
      'worker/main.ts',
      'another key',
      newKey,
      /^This database belongs to another PATCHBAY_SECRET_KEY/,
    ],
    ['web', 'server/web.ts', 'no key', '', /^PATCHBAY_SECRET_KEY is not set/],
    ['worker', 'worker/main.ts', 'no key', '', /^PATCHBAY_SECRET_KEY is not set/],
    ['worker', 'worker/main.ts', 'half a key', 'c2hvcnQ=', /^PATCHBAY_SECRET_KEY must be exactly 32 bytes/],
  ])('%s (%s) with %s ends with 1 and one sentence', async (_name, entry, _which, secretKey, says) => {
    const refused = launch(entry, { PATCHBAY_SECRET_KEY: secretKey, LOG_LEVEL: 'silent' });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatch(says);
    expect(refused.output().trim().split('\n')).toHaveLength(1);
  });
});

describe('what was there before the key changed', () => {
  test('a request that is repeated gets its first reply, a session goes on', async () => {
    const user = await makeUser(workspaceId, 'admin');
    const cookie = await makeSession(user.id);
    const send = (apiUrl: string) =>
      fetch(`${apiUrl}/api/v1/api-keys`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'idempotency-key': 'once',
        },
        body: JSON.stringify({ name: 'made once' }),
      });
    const before = await startApi({ PATCHBAY_SECRET_KEY: oldKey() });
    const first = await send(before);
    expect(first.status).toBe(201);

    const after = await startApi({ PATCHBAY_SECRET_KEY: newKey, PATCHBAY_SECRET_KEY_PREVIOUS: oldKey() });
    const again = await send(after);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(await first.json());
    const me = await fetch(`${after}/api/v1/me`, { headers: { cookie, origin: PUBLIC_URL } });
    expect(await me.json()).toMatchObject({ user: { email: user.email } });

    // Without the key before, neither is known any more.
    const later = await startApi({ PATCHBAY_SECRET_KEY: newKey });
    expect((await send(later)).status).toBe(422);
    expect((await fetch(`${later}/api/v1/me`, { headers: { cookie, origin: PUBLIC_URL } })).status).toBe(401);
  });
});

describe('bytes that were changed in the database', () => {
  const set = (sql: string, ...values: readonly unknown[]) => pool().query(sql, [...values]);

  test.each<readonly [string, (left: string, right: string, elsewhere: string) => Promise<unknown>]>([
    [
      'a field of another record',
      (left, right) =>
        set(
          `UPDATE connection_field SET sealed = (SELECT f.sealed FROM connection_field f JOIN connection c ON c.id = f.connection_id
             WHERE c.slug = $2 AND f.name = 'secret')
           WHERE name = 'secret' AND connection_id = (SELECT id FROM connection WHERE slug = $1)`,
          left,
          right,
        ),
    ],
    [
      'a field and the wrapped key of another record',
      async (left, right) => {
        await set(
          `UPDATE connection SET wrapped_key = (SELECT wrapped_key FROM connection WHERE slug = $2) WHERE slug = $1`,
          left,
          right,
        );
        await set(
          `UPDATE connection_field SET sealed = (SELECT f.sealed FROM connection_field f JOIN connection c ON c.id = f.connection_id
             WHERE c.slug = $2 AND f.name = 'secret')
           WHERE name = 'secret' AND connection_id = (SELECT id FROM connection WHERE slug = $1)`,
          left,
          right,
        );
      },
    ],
    [
      'two fields of one record, swapped',
      (left) =>
        set(
          `UPDATE connection_field f SET sealed = g.sealed FROM connection_field g
           WHERE g.connection_id = f.connection_id AND g.name <> f.name
             AND f.connection_id = (SELECT id FROM connection WHERE slug = $1)`,
          left,
        ),
    ],
    [
      'a whole record of another workspace',
      async (left, _right, elsewhere) => {
        await set('DELETE FROM connection WHERE slug = $1', left);
        await set(
          'UPDATE connection SET slug = $1, workspace_id = $3 WHERE slug = $2',
          left,
          elsewhere,
          workspaceId,
        );
      },
    ],
    [
      'the wrapped key of another record',
      (left, right) =>
        set(
          `UPDATE connection SET wrapped_key = (SELECT wrapped_key FROM connection WHERE slug = $2) WHERE slug = $1`,
          left,
          right,
        ),
    ],
    [
      'one bit of a field',
      (left) =>
        set(
          `UPDATE connection_field SET sealed = set_bit(sealed, 200, 1 - get_bit(sealed, 200))
           WHERE name = 'secret' AND connection_id = (SELECT id FROM connection WHERE slug = $1)`,
          left,
        ),
    ],
    [
      'one bit of the wrapped key',
      (left) =>
        set(
          `UPDATE connection SET wrapped_key = set_bit(wrapped_key, 200, 1 - get_bit(wrapped_key, 200)) WHERE slug = $1`,
          left,
        ),
    ],
    [
      'the number of the master key',
      (left) =>
        set(
          'UPDATE connection SET key_version = $2 WHERE slug = $1',
          left,
          readKeyRing({ PATCHBAY_SECRET_KEY: newKey }).current.version,
        ),
    ],
  ])('%s: refused', async (_what, change) => {
    const fields = { secret: 'one secret', previousSecret: 'another secret' };
    const [left, right] = [
      await makeConnection(workspaceId, fields),
      await makeConnection(workspaceId, fields),
    ];
    const elsewhere = await makeConnection(await makeWorkspace(), fields);
    expect((await openConnection(workspaceId, left))?.fields).toEqual(fields);
    await change(left, right, elsewhere);
    await expect(openConnection(workspaceId, left)).rejects.toBeInstanceOf(VaultError);
    // What nothing opens can still be deleted.
    expect((await callApi(`DELETE /connections/${left}`, { key })).status).toBe(204);
  });
});

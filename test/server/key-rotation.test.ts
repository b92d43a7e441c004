import { randomBytes, randomUUID } from 'node:crypto';

import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createPool } from '#server/db/pool.ts';
import { admitKeys } from '#server/vault/admit-keys.ts';
import { readKeyRing, type KeyRing } from '#server/vault/key-ring.ts';
import { rotateKeys, RotationError } from '#server/vault/rotate-keys.ts';
import { openFields, sealFields, type SealedRecord } from '#server/vault/sealed-record.ts';
import { SEALED_TABLES } from '#server/vault/sealed-tables.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { runCli } from '#test/support/run-cli.ts';

const makeKey = () => randomBytes(32).toString('base64');
const [first, second, third] = [makeKey(), makeKey(), makeKey()];
const only = (key: string) => readKeyRing({ PATCHBAY_SECRET_KEY: key });
const both = (key: string, previous: string) =>
  readKeyRing({ PATCHBAY_SECRET_KEY: key, PATCHBAY_SECRET_KEY_PREVIOUS: previous });

let database: TestDatabase;
let pool: pg.Pool;
const workspaceId = randomUUID();

beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, { max: 4 });
  await pool.query(`INSERT INTO workspace (id, slug, name) VALUES ($1, 'test', 'test')`, [workspaceId]);
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

async function addConnection(ring: KeyRing, token: string): Promise<string> {
  const id = randomUUID();
  const { wrappedKey, keyVersion, fields } = sealFields({ workspaceId, recordId: id }, { token }, ring);
  await pool.query(
    `INSERT INTO connection (id, workspace_id, slug, name, connector, wrapped_key, key_version)
     VALUES ($1, $2, $3, $3, 'bearer_token', $4, $5)`,
    [id, workspaceId, `c-${id}`, wrappedKey, keyVersion],
  );
  await pool.query(`INSERT INTO connection_field (connection_id, name, sealed) VALUES ($1, 'token', $2)`, [
    id,
    fields.get('token'),
  ]);
  return id;
}

async function readConnection(id: string): Promise<SealedRecord> {
  const { rows } = await pool.query<{ wrapped_key: Buffer; key_version: number; sealed: Buffer }>(
    `SELECT wrapped_key, key_version, sealed FROM connection JOIN connection_field ON connection_id = id WHERE id = $1`,
    [id],
  );
  const { wrapped_key: wrappedKey, key_version: keyVersion, sealed } = rows[0]!;
  return { wrappedKey, keyVersion, fields: new Map([['token', sealed]]) };
}

async function tokenOf(id: string, ring: KeyRing): Promise<string | undefined> {
  return openFields({ workspaceId, recordId: id }, await readConnection(id), ring)['token'];
}

async function notedKeys(): Promise<number[]> {
  const { rows } = await pool.query<{ version: number }>('SELECT version FROM master_key');
  return rows.map(({ version }) => version);
}

describe('who may work on a database', () => {
  test('the first key is noted; another is refused although nothing is sealed yet', async () => {
    expect(await admitKeys(pool, only(first))).toBeNull();
    expect(await admitKeys(pool, only(first))).toBeNull();
    expect(await admitKeys(pool, only(second))).toMatch(
      /^This database belongs to another PATCHBAY_SECRET_KEY [^\n]+$/,
    );
    expect(await notedKeys()).toEqual([only(first).current.version]);
  });

  test('of different keys at once, one is admitted', async () => {
    const keys = Array.from({ length: 8 }, makeKey);
    const faults = await Promise.all(keys.map((key) => admitKeys(pool, only(key))));
    expect(faults.filter((fault) => fault === null)).toHaveLength(1);
  });

  test('a key follows another while that is at hand, and is then enough', async () => {
    await admitKeys(pool, only(first));
    expect(await admitKeys(pool, both(second, first))).toBeNull();
    expect(await admitKeys(pool, only(second))).toBeNull();
  });

  test('the new key may be told to everybody before anybody seals with it', async () => {
    await admitKeys(pool, only(first));
    expect(await admitKeys(pool, both(first, second))).toBeNull();
    expect(await notedKeys()).toEqual([only(first).current.version]);
    expect(await admitKeys(pool, only(second))).not.toBeNull();
  });

  test('a record under a key that is not at hand refuses the process, and says how many', async () => {
    await admitKeys(pool, only(first));
    await admitKeys(pool, both(second, first));
    await addConnection(only(first), 'a');
    expect(await admitKeys(pool, only(second))).toMatch(
      /^A record in this database cannot be opened [^\n]+PREVIOUS/,
    );
    await addConnection(only(first), 'b');
    expect(await admitKeys(pool, only(second))).toMatch(/^2 records /);
    expect(await admitKeys(pool, both(second, first))).toBeNull();
  });

  test('a proof that was made with another key counts for nothing', async () => {
    await admitKeys(pool, only(first));
    await pool.query('UPDATE master_key SET version = $1', [only(second).current.version]);
    expect(await admitKeys(pool, only(second))).not.toBeNull();
  });
});

describe('the change of the key', () => {
  test('every table with wrapped keys is in the list', async () => {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'wrapped_key' ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([...SEALED_TABLES].sort());
  });

  test('brings everything under the new key and forgets the old one', async () => {
    await admitKeys(pool, only(first));
    const ids = await Promise.all(
      Array.from({ length: 450 }, (_, n) => addConnection(only(first), `token ${n}`)),
    );
    const before = await readConnection(ids[0]!);
    await admitKeys(pool, both(second, first));
    const told: number[] = [];
    const done = await rotateKeys(pool, both(second, first), { onProgress: ({ left }) => told.push(left) });
    expect(done).toEqual({ rewrapped: 450, left: 0, strange: 0, damaged: [] });
    expect(told).toEqual([250, 50, 0]);
    for (const [n, id] of ids.entries()) expect(await tokenOf(id, only(second))).toBe(`token ${n}`);
    // The fields' own bytes were not touched.
    expect((await readConnection(ids[0]!)).fields).toEqual(before.fields);
    expect(await notedKeys()).toEqual([only(second).current.version]);
    expect(await admitKeys(pool, only(first))).not.toBeNull();
    expect(await rotateKeys(pool, only(second))).toMatchObject({ rewrapped: 0, left: 0 });
  });

  test('reaches every sealed table, and rows without a key', async () => {
    await admitKeys(pool, only(first));
    const connection = await addConnection(only(first), 'a');
    const sealed = (id: string, name: string) => {
      const { wrappedKey, keyVersion, fields } = sealFields(
        { workspaceId, recordId: id },
        { [name]: `${name} of ${id}` },
        only(first),
      );
      return [wrappedKey, keyVersion, fields.get(name)!] as const;
    };
    const [app, consent, subscription, bare] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await pool.query(
      `INSERT INTO oauth_app (id, workspace_id, connector, client_id, wrapped_key, key_version, secret)
       VALUES ($1, $2, 'x', 'x', $3, $4, $5)`,
      [app, workspaceId, ...sealed(app, 'clientSecret')],
    );
    await pool.query(
      `INSERT INTO oauth_consent (id, state_hash, workspace_id, connection_id, connector, client_id, redirect_uri,
         expires_at, wrapped_key, key_version, verifier, binding_hash)
       VALUES ($1, $2, $3, $4, 'x', 'x', 'x', now(), $5, $6, $7, $2)`,
      [consent, randomBytes(32), workspaceId, connection, ...sealed(consent, 'verifier')],
    );
    await pool.query(
      `INSERT INTO subscription (id, workspace_id, node_id, trigger, connection, wrapped_key, key_version, secret)
       VALUES ($1, $2, 'n', 't', 'c', $3, $4, $5)`,
      [subscription, workspaceId, ...sealed(subscription, 'secret')],
    );
    await pool.query(
      `INSERT INTO subscription (id, workspace_id, node_id, trigger, connection) VALUES ($1, $2, 'n', 't', 'c')`,
      [bare, workspaceId],
    );
    await admitKeys(pool, both(second, first));
    expect(await rotateKeys(pool, both(second, first))).toMatchObject({ rewrapped: 4, left: 0 });
    for (const [table, column, id, name] of [
      ['oauth_app', 'secret', app, 'clientSecret'],
      ['oauth_consent', 'verifier', consent, 'verifier'],
      ['subscription', 'secret', subscription, 'secret'],
    ] as const) {
      const { rows } = await pool.query(
        `SELECT wrapped_key, key_version, ${column} AS sealed FROM ${table} WHERE id = $1`,
        [id],
      );
      const { wrapped_key: wrappedKey, key_version: keyVersion, sealed: bytes } = rows[0];
      const record = { wrappedKey, keyVersion, fields: new Map([[name, bytes]]) };
      expect(openFields({ workspaceId, recordId: id }, record, only(second))[name]).toBe(`${name} of ${id}`);
    }
  });

  test('does not begin before a process was started with the new key', async () => {
    await admitKeys(pool, only(first));
    const id = await addConnection(only(first), 'a');
    await expect(rotateKeys(pool, both(second, first))).rejects.toBeInstanceOf(RotationError);
    expect(await tokenOf(id, only(first))).toBe('a');
  });

  test('leaves alone what somebody is changing, and never undoes the change', async () => {
    await admitKeys(pool, only(first));
    const [changed, other] = [
      await addConnection(only(first), 'old'),
      await addConnection(only(first), 'other'),
    ];
    await admitKeys(pool, both(second, first));
    const writer = await pool.connect();
    try {
      await writer.query('BEGIN');
      await writer.query('SELECT 1 FROM connection WHERE id = $1 FOR UPDATE', [changed]);
      const rotation = rotateKeys(pool, both(second, first));
      await expect.poll(() => tokenOf(other, only(second)).catch(() => null)).toBe('other');
      // A process that still seals with the old key.
      const fresh = sealFields({ workspaceId, recordId: changed }, { token: 'new' }, both(first, second));
      await writer.query('UPDATE connection SET wrapped_key = $2, key_version = $3 WHERE id = $1', [
        changed,
        fresh.wrappedKey,
        fresh.keyVersion,
      ]);
      await writer.query('UPDATE connection_field SET sealed = $2 WHERE connection_id = $1', [
        changed,
        fresh.fields.get('token'),
      ]);
      await writer.query('COMMIT');
      expect(await rotation).toEqual({ rewrapped: 2, left: 0, strange: 0, damaged: [] });
    } finally {
      writer.release();
    }
    expect(await tokenOf(changed, only(second))).toBe('new');
  });

  test('gives up on what is held for too long, and keeps the old key noted', async () => {
    await admitKeys(pool, only(first));
    const id = await addConnection(only(first), 'a');
    await admitKeys(pool, both(second, first));
    const holder = await pool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM connection WHERE id = $1 FOR UPDATE', [id]);
      expect(await rotateKeys(pool, both(second, first), { patienceMs: 300 })).toMatchObject({
        rewrapped: 0,
        left: 1,
      });
      expect(await notedKeys()).toHaveLength(2);
      await holder.query('ROLLBACK');
    } finally {
      holder.release();
    }
    expect(await rotateKeys(pool, both(second, first))).toMatchObject({ rewrapped: 1, left: 0 });
  });

  test('names what was changed since it was sealed, and does the rest', async () => {
    await admitKeys(pool, only(first));
    const [sound, damaged] = [await addConnection(only(first), 'a'), await addConnection(only(first), 'b')];
    const { wrappedKey } = await readConnection(damaged);
    const altered = Buffer.from(wrappedKey);
    altered[20]! ^= 1;
    await pool.query('UPDATE connection SET wrapped_key = $2 WHERE id = $1', [damaged, altered]);
    await admitKeys(pool, both(second, first));
    expect(await rotateKeys(pool, both(second, first))).toEqual({
      rewrapped: 1,
      left: 1,
      strange: 0,
      damaged: [{ table: 'connection', id: damaged }],
    });
    expect(await tokenOf(sound, only(second))).toBe('a');
  });

  test('says what is under neither key', async () => {
    await admitKeys(pool, only(first));
    await admitKeys(pool, both(second, first));
    await addConnection(only(third), 'a');
    expect(await rotateKeys(pool, both(second, first))).toMatchObject({ strange: 1, left: 0 });
    expect(await notedKeys()).toHaveLength(2);
  });
});

describe('patchbay keys', () => {
  const cli = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    runCli(['keys', ...args], { env: { DATABASE_URL: database.url, ...env } });
  const rotated = { PATCHBAY_SECRET_KEY: second, PATCHBAY_SECRET_KEY_PREVIOUS: first };

  test('shows, changes and says when the previous key can go', async () => {
    await admitKeys(pool, only(first));
    const id = await addConnection(only(first), 'a');
    expect((await cli(rotated, 'status')).stdout).toMatch(/connection +0 +1 +0/);
    expect(await cli(rotated, 'rotate')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('restart it first'),
    });
    await admitKeys(pool, both(second, first));
    const done = await cli(rotated, 'rotate');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('Brought 1 records under the current key; 0 are left');
    expect(done.stdout).toContain('PATCHBAY_SECRET_KEY_PREVIOUS can be removed');
    expect(await tokenOf(id, only(second))).toBe('a');
    expect(JSON.parse((await cli(rotated, 'status', '--json')).stdout).tables).toEqual([
      { table: 'connection', current: 1, previous: 0, strange: 0 },
    ]);
  });

  test('ends with 1 while something is left', async () => {
    await admitKeys(pool, only(first));
    await admitKeys(pool, both(second, first));
    await addConnection(only(third), 'a');
    const done = await cli(rotated, 'rotate');
    expect(done.code).toBe(1);
    expect(done.stdout).not.toContain('can be removed');
  });

  test.each([
    ['no key', {}, /PATCHBAY_SECRET_KEY is not set/],
    ['no real key', { PATCHBAY_SECRET_KEY: 'secret' }, /PATCHBAY_SECRET_KEY must be exactly 32 bytes/],
  ])('with %s says so in a line', async (_name, env, says) => {
    const failed = await cli(env, 'status');
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
    expect(failed.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('prints a key where there is no data directory to put it into', async () => {
    const printed = await cli({ PATCHBAY_SECRET_KEY: first }, 'new', '--json');
    expect(() => only(JSON.parse(printed.stdout).key)).not.toThrow();
    expect(await notedKeys()).toEqual([]);
  });
});

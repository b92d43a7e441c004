import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { verifyAudit } from '#server/audit/verify-audit.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { closePool, pool } from '#server/db/pool.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();
afterAll(closePool);

let workspaceId: string;
beforeEach(async () => {
  workspaceId = await makeWorkspace();
});

function enter(action: string, detail = {}): Promise<void> {
  const actor = { kind: 'system', name: 'test', workspaceId, address: '' } as const;
  return inClientTransaction((client) => insertAudit(client, actor, { action, resource: 'flow:a', detail }));
}

/** As a superuser who knows of the triggers would. */
async function tamper(sql: string, ...values: unknown[]): Promise<void> {
  const client = await pool().connect();
  try {
    await client.query("SET session_replication_role = 'replica'");
    await client.query(sql, [workspaceId, ...values]);
  } finally {
    await client.query('RESET session_replication_role');
    client.release();
  }
}

describe('the chain of audit entries', () => {
  it('is intact for whatever was entered', async () => {
    expect(await verifyAudit(workspaceId)).toMatchObject({ isIntact: true, entries: 0, last: null });
    await enter('flow.create', { text: 'ä "quoted" \\ 😀', number: 1e21, nested: { list: [1.5, null] } });
    await enter('flow.publish');
    expect(await verifyAudit(workspaceId)).toMatchObject({
      isIntact: true,
      entries: 2,
      first: '1',
      last: '2',
      fault: null,
    });
  });

  it('has one order, however many write at once, and other workspaces in a transaction change nothing', async () => {
    const other = await makeWorkspace();
    const elsewhere = { kind: 'system', name: 'test', workspaceId: other, address: '' } as const;
    const act = { action: 'flow.create', resource: 'flow:a' };
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        inClientTransaction(async (client) => {
          await insertAudit(client, { ...elsewhere, workspaceId }, act);
          if (index % 3 === 0) await insertAudit(client, elsewhere, act);
          await insertAudit(client, { ...elsewhere, workspaceId }, act);
          if (index % 5 === 0) throw new Error('undone');
        }).catch(() => undefined),
      ),
    );
    expect(await verifyAudit(workspaceId)).toMatchObject({ isIntact: true, entries: 96, last: '96' });
    expect(await verifyAudit(other)).toMatchObject({ isIntact: true, entries: 16 });
  });

  it.each([
    ['action', `action = 'flow.read'`],
    ['actor', `actor_name = 'somebody else'`],
    ['resource', `resource = 'flow:b'`],
    ['time', `at = at - interval '1 microsecond'`],
    ['detail', `detail = '{"a": 2}'`],
    ['address', `address = '192.0.2.1'`],
  ])('names the entry whose %s a superuser changed', async (_, change) => {
    for (let n = 0; n < 5; n += 1) await enter('flow.publish', { n });
    await tamper(`UPDATE audit_entry SET ${change} WHERE workspace_id = $1 AND position = 3`);
    const check = await verifyAudit(workspaceId);
    expect(check).toMatchObject({ isIntact: false, entries: 2, last: '2', fault: { position: '3' } });
    expect(check.fault?.message).toContain('Entry 3 was changed');
  });

  it('names entries that are gone, in the middle and at the end, and those that were slipped in', async () => {
    for (let n = 0; n < 6; n += 1) await enter('flow.publish', { n });
    await tamper('DELETE FROM audit_entry WHERE workspace_id = $1 AND position = 6');
    expect((await verifyAudit(workspaceId)).fault).toMatchObject({
      position: '6',
      message: 'Entry 6 is missing.',
    });
    await tamper('DELETE FROM audit_entry WHERE workspace_id = $1 AND position IN (2, 3)');
    expect((await verifyAudit(workspaceId)).fault?.message).toBe('Entries 2 to 3 are missing.');

    workspaceId = await makeWorkspace();
    await enter('flow.publish');
    await tamper(
      `INSERT INTO audit_entry (workspace_id, actor, actor_name, action, resource) VALUES ($1, 'system', 'x', 'y', 'z')`,
    );
    expect((await verifyAudit(workspaceId)).fault?.message).toContain('past the chain');
  });

  it('is held against an anchor, which hashes made anew do not fit', async () => {
    for (let n = 0; n < 4; n += 1) await enter('flow.publish', { n });
    const { last, hash } = await verifyAudit(workspaceId);
    const anchor = { position: last!, hash: hash! };
    await enter('flow.publish');
    expect(await verifyAudit(workspaceId, { anchor })).toMatchObject({ isIntact: true, entries: 5 });
    // Changes the second entry, and makes every hash after it anew.
    await tamper(`UPDATE audit_entry SET action = 'nothing' WHERE workspace_id = $1 AND position = 2`);
    for (let position = 2; position <= 5; position += 1)
      await tamper(
        `UPDATE audit_entry e SET hash = audit_hash(before.hash, e) FROM audit_entry before
         WHERE e.workspace_id = $1 AND e.position = $2 AND before.workspace_id = $1 AND before.position = $2 - 1`,
        position,
      );
    await tamper(
      `UPDATE audit_chain SET hash = (SELECT hash FROM audit_entry WHERE workspace_id = $1 AND position = 5) WHERE workspace_id = $1`,
    );
    expect(await verifyAudit(workspaceId)).toMatchObject({ isIntact: true });
    expect((await verifyAudit(workspaceId, { anchor })).fault).toMatchObject({ position: '4' });
    const later = { position: '9', hash: anchor.hash };
    expect((await verifyAudit(workspaceId, { anchor: later })).fault?.message).toBe('Entry 9 is missing.');
  });

  it('cannot be changed, deleted or emptied by Patchbay itself', async () => {
    await enter('flow.publish');
    for (const sql of [
      `UPDATE audit_entry SET action = 'x' WHERE workspace_id = $1`,
      'DELETE FROM audit_entry WHERE workspace_id = $1',
    ])
      await expect(pool().query(sql, [workspaceId])).rejects.toThrow('cannot be changed or deleted');
    await expect(pool().query('TRUNCATE audit_entry')).rejects.toThrow('cannot be changed or deleted');
  });

  it('begins later once old entries were removed, which is on record and refused for the last year', async () => {
    for (let n = 0; n < 5; n += 1) await enter('flow.publish', { n });
    await expect(
      pool().query(
        `INSERT INTO audit_removal (workspace_id, before) VALUES ($1, now() - interval '300 days')`,
        [workspaceId],
      ),
    ).rejects.toThrow('365 days');
    // Two years old from the beginning on: their hashes are over that time.
    workspaceId = await makeWorkspace();
    for (const years of [2, 2, 2, 0, 0])
      await pool().query(
        `INSERT INTO audit_entry (workspace_id, at, actor, actor_name, action, resource)
         VALUES ($1, now() - $2 * interval '1 year', 'system', 'x', 'flow.publish', 'flow:a')`,
        [workspaceId, years],
      );
    const removal = `INSERT INTO audit_removal (workspace_id, before) VALUES ($1, now() - interval '400 days') RETURNING entries::int`;
    expect((await pool().query(removal, [workspaceId])).rows).toEqual([{ entries: 3 }]);
    expect((await pool().query(removal, [workspaceId])).rows).toEqual([{ entries: 0 }]);
    expect(await verifyAudit(workspaceId)).toMatchObject({
      isIntact: true,
      first: '4',
      last: '5',
      entries: 2,
    });
    await enter('flow.publish');
    expect(await verifyAudit(workspaceId)).toMatchObject({ isIntact: true, first: '4', last: '6' });
    await tamper('DELETE FROM audit_entry WHERE workspace_id = $1 AND position = 4');
    expect((await verifyAudit(workspaceId)).fault?.message).toBe('Entry 4 is missing.');
  });

  it('takes up what was entered before there was a chain', async () => {
    for (let n = 0; n < 12; n += 1) await enter('flow.publish', { n });
    await tamper('UPDATE audit_entry SET position = NULL, hash = NULL WHERE workspace_id = $1');
    await tamper('DELETE FROM audit_chain WHERE workspace_id = $1');
    const migration = resolve(import.meta.dirname, '../../prisma/migrations/0011_operators/migration.sql');
    const [upgrade] = /^DO E'[^]*?^END';$/m.exec(await readFile(migration, 'utf8')) ?? [''];
    await pool().query('DELETE FROM workspace WHERE id <> $1', [workspaceId]);
    await pool().query(upgrade);
    await enter('flow.publish');
    expect(await verifyAudit(workspaceId)).toMatchObject({ isIntact: true, entries: 13 });
  });
});

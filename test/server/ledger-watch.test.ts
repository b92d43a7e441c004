import { afterAll, beforeEach, expect, it } from 'vitest';

import { closePool, pool } from '#server/db/pool.ts';
import { checkLedgers } from '#server/ledger/check-ledgers.ts';
import { LedgerWatch } from '#server/ledger/ledger-watch.ts';
import { readMetrics } from '#server/metrics/registry.ts';
import { startMetrics } from '#server/web/metrics.ts';
import { storeRuns, publishFlow } from '#test/worker/test-flow.ts';
import { callApi } from '#test/support/call-api.ts';
import { makeApiKey, makeUser, makeWorkspace } from '#test/support/people.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

process.env['PATCHBAY_SMTP_URL'] = 'smtp://127.0.0.1:1';
process.env['PATCHBAY_MAIL_FROM'] = 'patchbay@example.com';

useAppDatabase();
startMetrics();
afterAll(closePool);

let workspaceId: string;
let runId: string;
let owner: string;

beforeEach(async () => {
  await pool().query('DELETE FROM run');
  await pool().query('DELETE FROM workspace');
  workspaceId = await makeWorkspace();
  owner = (await makeUser(workspaceId, 'owner')).email;
  await makeUser(workspaceId, 'admin');
  const flow = await publishFlow({ db: pool(), workspaceId }, { nodes: [], edges: '' });
  [runId] = (await storeRuns({ db: pool(), workspaceId }, flow, [1, 2])) as [string];
});

/** As if the last look had been a while ago. */
async function lookLater(): Promise<boolean> {
  await pool().query(`UPDATE ledger_check SET checked_at = now() - interval '1 minute'`);
  return (await checkLedgers()).isUnsure;
}

async function mails(): Promise<{ recipient: string; body: string }[]> {
  const { rows } = await pool().query<{ recipient: string; body: string }>(
    'SELECT recipient, body FROM email WHERE workspace_id = $1',
    [workspaceId],
  );
  return rows;
}

async function metric(name: string): Promise<number> {
  const { text } = await readMetrics();
  return Number(new RegExp(`^patchbay_ledger_${name} (.+)$`, 'm').exec(text)?.[1]);
}

it('tells the owners once of what two looks found, and again when it comes back', async () => {
  await checkLedgers();
  await pool().query('UPDATE run SET wake_at = NULL WHERE id = $1', [runId]);
  expect(await lookLater()).toBe(true);
  expect(await mails()).toEqual([]);
  expect(await lookLater()).toBe(false);
  expect(await mails()).toMatchObject([
    { recipient: owner, body: expect.stringContaining('nothing will wake') },
  ]);
  await lookLater();
  expect(await mails()).toHaveLength(1);

  await pool().query('UPDATE run SET wake_at = now()');
  await lookLater();
  await pool().query('UPDATE run SET wake_at = NULL WHERE id = $1', [runId]);
  await lookLater();
  expect(await mails()).toHaveLength(1);
  await lookLater();
  expect(await mails()).toHaveLength(2);
});

it('leaves the telling to an alert rule that tells somebody', async () => {
  const key = await makeApiKey(workspaceId, 'owner');
  const body = { kind: 'email', name: 'Ops', recipients: ['ops@example.com'] };
  const { body: channel } = await callApi('POST /alert-channels', { key, body });
  const rule = { kind: 'ledger', channels: [(channel as { id: string }).id] };
  expect((await callApi('POST /alert-rules', { key, body: rule })).status).toBe(201);
  await checkLedgers();
  await pool().query('UPDATE run SET wake_at = NULL WHERE id = $1', [runId]);
  await lookLater();
  await lookLater();
  const { rows } = await pool().query('SELECT told_at IS NOT NULL AS told FROM ledger_check');
  expect(rows).toEqual([{ told: true }]);
  expect(await mails()).toEqual([]);
});

it('shows drift and faults in the metrics', async () => {
  await lookLater();
  expect([await metric('drift'), await metric('faults')]).toEqual([0, 0]);
  await pool().query('DELETE FROM run WHERE id = $1', [runId]);
  await lookLater();
  expect([await metric('drift'), await metric('faults')]).toEqual([1, 1]);
  expect(await metric('age_seconds')).toBeLessThan(60);
});

it('is done by one process at a time, and not again just after', async () => {
  await pool().query('DELETE FROM run WHERE id = $1', [runId]);
  await lookLater();
  await pool().query(`UPDATE ledger_check SET checked_at = now() - interval '1 minute'`);
  await Promise.all(Array.from({ length: 4 }, () => checkLedgers()));
  await checkLedgers();
  expect(await mails()).toHaveLength(1);
});

it('reads the rows again only where something was written since all was right', async () => {
  const watch = new LedgerWatch();
  const look = async () => {
    await pool().query(`UPDATE ledger_check SET checked_at = now() - interval '1 minute'`);
    watch.start();
    await watch.stop();
    const { rows } = await pool().query<{ faults: number; isFresh: boolean }>(
      `SELECT faults, checked_at > now() - interval '30 seconds' AS "isFresh" FROM ledger_check`,
    );
    return rows[0];
  };
  const client = await pool().connect();
  try {
    // What an earlier test wrote is counted by now.
    await client.query('SELECT pg_stat_force_next_flush()');
    expect(await look()).toEqual({ faults: 0, isFresh: true });
    await client.query('SET track_counts = off');
    await client.query('UPDATE run SET wake_at = NULL WHERE id = $1', [runId]);
    expect(await look()).toEqual({ faults: 0, isFresh: true });
    await client.query('SET track_counts = on');
    await client.query('UPDATE run SET wake_at = NULL WHERE id = $1', [runId]);
    await client.query('SELECT pg_stat_force_next_flush()');
    expect(await look()).toEqual({ faults: 1, isFresh: true });
  } finally {
    client.release(true);
  }
});

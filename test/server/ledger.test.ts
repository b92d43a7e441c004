import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { Ledger, LedgerLine } from '#core/api/ledger.ts';
import { deleteFlow } from '#server/flows/delete-flow.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { pool } from '#server/db/pool.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { readLedger } from '#server/ledger/read-ledger.ts';
import { insertRun, type NewRun } from '#server/sql/insert-run.ts';
import { deliver, makeHook, testActor, type TestHook } from '#test/support/hook-fixture.ts';
import { makeWorkspace } from '#test/support/people.ts';
import { useHooks } from '#test/support/use-hooks.ts';

const hooks = useHooks();
const CONFIG = {
  dedupe: { $expr: 'trigger.body.id' },
  schema: { properties: { n: { type: 'number' } } },
  onSchemaMismatch: 'quarantine',
} as const;

const post = async (hook: TestHook, body: unknown) => {
  const reply = await deliver(hooks.server, hook.path, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(202);
};

const adds = (line: LedgerLine | undefined) => ({
  accepted: line?.accepted,
  runs: Object.values(line?.runs ?? {}).reduce((sum, count) => sum + count, 0),
  quarantined: line?.quarantined,
  deduplicated: line?.deduplicated,
  drift: line?.drift,
});
const lineOf = (ledger: Ledger, hook: TestHook) => ledger.flows.find(({ flow }) => flow === hook.slug);

async function start(hook: TestHook, rest: Partial<NewRun> = {}): Promise<boolean> {
  const { rows } = await pool().query<{ id: string }>(
    'SELECT id FROM flow_version WHERE flow_id = $1 LIMIT 1',
    [hook.flowId],
  );
  return inClientTransaction((client) =>
    insertRun(client, {
      runId: uuidv7(),
      eventId: uuidv7(),
      workspaceId: hook.workspaceId,
      flow: { id: hook.flowId, slug: hook.slug, name: hook.slug },
      version: { id: rows[0]!.id, number: 1 },
      kind: 'manual',
      event: { method: '', query: {}, headers: {}, body: Buffer.from('{}'), contentType: 'application/json' },
      ...rest,
    }),
  );
}

/** What comes too late for the flow is refused. */
async function deleteAmongEvents(hook: TestHook): Promise<void> {
  await Promise.all([
    ...Array.from({ length: 30 }, (_, n) =>
      deliver(hooks.server, hook.path, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: `late${n % 7}` }),
      }),
    ),
    deleteFlow(testActor(hook.workspaceId), hook.slug),
  ]);
}

describe('the equation', () => {
  it('holds after every kind of acceptance, and outlives the flow', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: CONFIG });
    await post(hook, { id: 'a', n: 1 });
    await Promise.all(Array.from({ length: 20 }, () => post(hook, { id: 'b', n: 1 })));
    await post(hook, { id: 'odd', n: 'x' });
    await post(hook, { id: 'odd', n: 'x' });
    await start(hook);
    for (let round = 0; round < 3; round += 1) await start(hook, { kind: 'schedule', dedupeKey: 'tick' });
    const expected = { accepted: 27, runs: 4, quarantined: 1, deduplicated: 22, drift: 0 };
    expect(adds(lineOf(await readLedger(hook.workspaceId), hook))).toEqual(expected);
    await deleteFlow(testActor(hook.workspaceId), hook.slug);
    expect(adds(lineOf(await readLedger(hook.workspaceId), hook))).toEqual(expected);
  });

  it('keeps the duplicates of a key that is free again after 30 days', async () => {
    const hook = await makeHook({ workspaceId: hooks.workspaceId, config: CONFIG });
    for (let round = 0; round < 3; round += 1) await post(hook, { id: 'a' });
    const age = `UPDATE dedupe_key SET first_seen_at = now() - interval '31 days' WHERE flow_id = $1`;
    await pool().query(age, [hook.flowId]);
    await Promise.all(Array.from({ length: 4 }, () => post(hook, { id: 'a' })));
    await pool().query(age, [hook.flowId]);
    for (let round = 0; round < 2; round += 1) await start(hook, { dedupeKey: 'a' });
    expect(adds(lineOf(await readLedger(hook.workspaceId), hook))).toEqual({
      ...{ accepted: 9, runs: 3, quarantined: 0, deduplicated: 6, drift: 0 },
    });
  });

  it('holds in every snapshot under load, with flows being deleted', async () => {
    const workspaceId = await makeWorkspace();
    const flows = await Promise.all(
      Array.from({ length: 6 }, () => makeHook({ workspaceId, config: CONFIG })),
    );
    let isOver = false;
    const load = Promise.all(
      flows.map(async (hook, place) => {
        for (let round = 0; round < 12; round += 1)
          await Promise.all([
            ...Array.from({ length: 8 }, (_, n) => post(hook, { id: `k${round}-${n % 3}`, n })),
            post(hook, { id: `odd${round}`, n: 'x' }),
            start(hook, round % 2 ? { dedupeKey: `tick${round % 3}` } : {}),
          ]);
        if (place === 0) await deleteAmongEvents(hook);
      }),
    ).finally(() => (isOver = true));
    let looks = 0;
    do {
      const { workspace, flows: lines, faults } = await readLedger(workspaceId);
      expect([workspace, ...lines].filter(({ drift }) => drift !== 0)).toEqual([]);
      expect(faults).toEqual([]);
      looks += 1;
    } while (!isOver);
    await load;
    expect(looks).toBeGreaterThan(2);
    const { workspace } = await readLedger(workspaceId);
    expect(adds(workspace)).toMatchObject({ drift: 0, quarantined: 72 });
    expect(workspace.accepted).toBeGreaterThanOrEqual(6 * 12 * 10);
  });

  it('shows drift where a run is gone, and where one was never counted', async () => {
    const workspaceId = await makeWorkspace();
    const hook = await makeHook({ workspaceId, config: CONFIG });
    for (const id of ['a', 'b', 'c']) await post(hook, { id });
    await pool().query('DELETE FROM run WHERE id = (SELECT id FROM run WHERE flow_id = $1 LIMIT 1)', [
      hook.flowId,
    ]);
    expect((await readLedger(workspaceId)).workspace).toMatchObject({ accepted: 3, drift: 1 });
    await inClientTransaction(async (client) => {
      await client.query('SET LOCAL session_replication_role = replica');
      await client.query(
        `INSERT INTO run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, started_by, wake_at)
         SELECT gen_random_uuid(), workspace_id, flow_id, flow_slug, flow_name, flow_version_id, 'manual', now()
         FROM run, generate_series(1, 2) WHERE flow_id = $1 LIMIT 4`,
        [hook.flowId],
      );
    });
    const { flows } = await readLedger(workspaceId);
    expect(adds(flows.find(({ flow }) => flow === hook.slug))).toMatchObject({
      accepted: 3,
      runs: 6,
      drift: -3,
    });
  });
});

describe('faults in the rows', () => {
  const DEAD = randomUUID();
  const NEW = randomUUID();
  /** What is planted past the triggers drifts, of course. */
  const faultsOf = async (workspaceId: string) =>
    (await readLedger(workspaceId)).faults.filter(({ code }) => code !== 'drift');

  /** A workspace with one run, done to by statements that know it as $1, past every constraint. */
  async function planted(...statements: readonly string[]) {
    const workspaceId = await makeWorkspace();
    const hook = await makeHook({ workspaceId, config: CONFIG });
    await post(hook, { id: 'a' });
    expect(await faultsOf(workspaceId)).toEqual([]);
    const { rows } = await pool().query<{ id: string }>('SELECT id FROM run WHERE flow_id = $1', [
      hook.flowId,
    ]);
    const runId = rows[0]!.id;
    await inClientTransaction(async (client) => {
      await client.query('SET LOCAL session_replication_role = replica');
      for (const statement of statements) await client.query(statement, [runId]);
    });
    return { workspaceId, runId };
  }

  const step = (status: string, rest = 'NULL', node = 'n') =>
    `INSERT INTO step (run_id, node_id, status, waiting_for) SELECT id, '${node}', '${status}', ${rest} FROM run WHERE id = $1`;
  const set = (what: string) => `UPDATE run SET ${what} WHERE id = $1`;

  it.each<[string, readonly string[]]>([
    ['run_asleep', [set('wake_at = NULL')]],
    ['run_asleep', [set(`status = 'running', wake_at = NULL`)]],
    [
      'run_asleep',
      [
        set(`status = 'in_doubt', wake_at = NULL`),
        step('in_doubt'),
        `INSERT INTO step_order (run_id, node_id, kind) VALUES ($1, 'n', 'retry')`,
      ],
    ],
    ['run_asleep', [set(`wake_at = NULL, concurrency_key = 'k', concurrency_limit = 1`)]],
    [
      'wait_without_source',
      [set(`status = 'waiting', wake_at = now() + interval '1 day'`), step('waiting', `'call'`)],
    ],
    [
      'wait_without_source',
      [set(`status = 'waiting', wake_at = now() + interval '1 day'`), step('waiting', `'approval'`)],
    ],
    ['failed_without_dead_letter', [set(`status = 'failed', finished_at = now(), wake_at = NULL`)]],
    [
      'ended_with_open_steps',
      [set(`status = 'succeeded', finished_at = now(), wake_at = NULL`), step('waiting', `'time'`)],
    ],
    ['doubt_without_step', [set(`status = 'in_doubt', wake_at = NULL`)]],
    [
      'lease_of_nobody',
      [
        set(
          `status = 'running', wake_at = NULL, lease_worker_id = '${DEAD}', started_at = now() - interval '31 seconds'`,
        ),
      ],
    ],
    [
      'lease_of_nobody',
      [
        set(`status = 'running', wake_at = NULL, lease_worker_id = '${DEAD}', started_at = now()`),
        `INSERT INTO worker (id, lock_key, heartbeat_at) SELECT '${DEAD}', 1, now() - interval '31 seconds' WHERE $1::uuid IS NOT NULL`,
      ],
    ],
  ])('%s is found (%#)', async (code, statements) => {
    const { workspaceId, runId } = await planted(...statements);
    expect((await readLedger(workspaceId)).faults).toMatchObject([{ code, count: 1, runIds: [runId] }]);
  });

  it('an event without a run, and a step without one, are found', async () => {
    const { workspaceId, runId } = await planted(step('succeeded'), 'DELETE FROM run WHERE id = $1');
    const { faults, workspace } = await readLedger(workspaceId);
    expect(faults).toMatchObject([
      { code: 'drift', count: 1, runIds: [] },
      { code: 'event_without_run', count: 1, runIds: [] },
      { code: 'step_without_run', count: 1, runIds: [runId] },
    ]);
    expect(workspace.drift).toBe(1);
    await pool().query('DELETE FROM step WHERE run_id = $1', [runId]);
  });

  it.each<[string, readonly string[]]>([
    ['in doubt', [set(`status = 'in_doubt', wake_at = NULL`), step('in_doubt')]],
    [
      'in line behind one that has the turn',
      [
        set(
          `status = 'running', concurrency_key = 'k', concurrency_limit = 1, wake_at = NULL, lease_worker_id = '${NEW}', started_at = now()`,
        ),
        `INSERT INTO run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, started_by, concurrency_key, concurrency_limit)
         SELECT gen_random_uuid(), workspace_id, flow_id, flow_slug, flow_name, flow_version_id, 'manual', 'k', 1 FROM run WHERE id = $1`,
      ],
    ],
    [
      'in line behind an end that is not told yet',
      [
        set(
          `status = 'succeeded', concurrency_key = 'k', concurrency_limit = 1, wake_at = NULL, started_at = now(), finished_at = now(), is_end_due = true`,
        ),
        `INSERT INTO run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, started_by, concurrency_key, concurrency_limit)
         SELECT gen_random_uuid(), workspace_id, flow_id, flow_slug, flow_name, flow_version_id, 'manual', 'k', 1 FROM run WHERE id = $1`,
      ],
    ],
    [
      'waiting for a called run',
      [
        set(`status = 'waiting', wake_at = now() + interval '1 day'`),
        step('waiting', `'call'`),
        `INSERT INTO run (id, workspace_id, flow_id, flow_slug, flow_name, flow_version_id, started_by, wake_at, parent_run_id, parent_node_id, parent_key)
         SELECT gen_random_uuid(), workspace_id, flow_id, flow_slug, flow_name, flow_version_id, 'call', now(), id, 'n', '' FROM run WHERE id = $1`,
      ],
    ],
    [
      'waiting for an answer',
      [
        set(`status = 'waiting', wake_at = now() + interval '1 day'`),
        step('waiting', `'approval'`),
        `INSERT INTO approval (id, workspace_id, run_id, node_id, flow_slug, question, approvers)
         SELECT gen_random_uuid(), workspace_id, id, 'n', flow_slug, '?', '{}' FROM run WHERE id = $1`,
      ],
    ],
  ])('a run %s is none', async (_, statements) => {
    const { workspaceId } = await planted(...statements);
    expect(await faultsOf(workspaceId)).toEqual([]);
  });
});

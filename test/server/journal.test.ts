import { randomUUID } from 'node:crypto';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Json } from '#core/json.ts';
import { pool } from '#server/db/pool.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import {
  attemptText,
  deadLetterText,
  runText,
  stepText,
  type StepRow,
} from '#server/journal/journal-rows.ts';
import {
  JournalClosedError,
  JournalDataError,
  JournalWriter,
  type RunWrite,
} from '#server/journal/journal-writer.ts';
import { fromStoredJson, toStoredJson } from '#server/journal/stored-json.ts';
import { useAppDatabase } from '#test/support/use-app-database.ts';

useAppDatabase();
const workerId = uuidv7();
const workspaceId = randomUUID();
const flowVersionId = randomUUID();
let writer: JournalWriter;

beforeAll(async () => {
  writer = new JournalWriter({ pool: pool(), workerId });
  await pool().query("insert into workspace (id, slug, name) values ($1, 'w', 'w')", [workspaceId]);
  await pool().query(
    `insert into flow_version (id, workspace_id, document, content_hash) values ($1, $2, '{}', '\\x00')`,
    [flowVersionId, workspaceId],
  );
});
afterAll(() => writer.close());

/** A run that a worker holds under epoch 3. */
async function heldRun(holder = workerId): Promise<string> {
  const id = uuidv7();
  await pool().query(
    `insert into run (id, workspace_id, flow_slug, flow_name, flow_version_id, started_by, status, epoch, lease_worker_id)
     values ($1, $2, 'f', 'f', $3, 'manual', 'running', 3, $4)`,
    [id, workspaceId, flowVersionId, holder],
  );
  return id;
}

function write(runId: string, rest: Partial<RunWrite> & { readonly output?: string } = {}): RunWrite {
  const { output = '{"ok":true}', ...given } = rest;
  const step: StepRow = {
    runId,
    nodeId: 'step',
    key: '',
    status: 'succeeded',
    ports: ['out'],
    input: null,
    output,
    error: null,
    attempts: 1,
    startedAt: 1_000,
    finishedAt: 2_000,
    nextAttemptAt: null,
    waitingFor: null,
    heldBy: null,
    state: null,
    logs: null,
  };
  return {
    runId,
    epoch: 3,
    isFirst: false,
    steps: [stepText(step)],
    attempts: [],
    run: null,
    deadLetter: null,
    orders: [],
    ...given,
  };
}

/** A run that is written for the first time, and let go: it goes another way. */
function whole(runId: string, rest: Partial<RunWrite> & { readonly output?: string } = {}): RunWrite {
  const epoch = rest.epoch ?? 3;
  const run = runText({
    runId,
    epoch,
    status: 'succeeded',
    output: '"done"',
    reply: null,
    error: null,
    wakeAt: null,
    finishedAt: 1,
    hasProgress: false,
    keepsLease: false,
    signals: 0,
    compensation: null,
    isEndDue: false,
  });
  return write(runId, { ...rest, isFirst: true, run });
}

async function stepsOf(runId: string): Promise<{ node_id: string; output: Json }[]> {
  const { rows } = await pool().query<{ node_id: string; output: Json }>(
    'select * from step where run_id = $1',
    [runId],
  );
  return rows;
}

describe.each([
  ['a part of a run', write],
  ['a whole run', whole],
])('fencing of %s', (_, make) => {
  test('the holder writes', async () => {
    const id = await heldRun();
    expect(await writer.commit(make(id))).toBe('kept');
    expect(await stepsOf(id)).toMatchObject([{ node_id: 'step', output: { ok: true }, attempts: 1 }]);
  });

  test.each([
    ['an older epoch', 2],
    ['a newer epoch', 4],
  ])('%s writes nothing', async (_name, epoch) => {
    const id = await heldRun();
    expect(await writer.commit(make(id, { epoch }))).toBe('lost');
    expect(await stepsOf(id)).toEqual([]);
  });

  test('another holder, or none: nothing is written, neither step, nor run, nor dead letter', async () => {
    for (const holder of [uuidv7(), null]) {
      const id = await heldRun(holder as string);
      const run = runText({
        runId: id,
        epoch: 3,
        status: 'failed',
        output: null,
        reply: null,
        error: null,
        wakeAt: null,
        finishedAt: 1,
        hasProgress: false,
        keepsLease: false,
        signals: 0,
        compensation: null,
        isEndDue: true,
      });
      const deadLetter = deadLetterText({
        runId: id,
        workspaceId,
        flowSlug: 'f',
        nodeId: null,
        errorKind: 'bug',
        errorCode: 'x',
        cause: 'x',
      });
      expect(await writer.commit(write(id, { run, deadLetter }))).toBe('lost');
      expect(await stepsOf(id)).toEqual([]);
      const { rows } = await pool().query('select status from run where id = $1', [id]);
      expect(rows).toEqual([{ status: 'running' }]);
      expect((await pool().query('select 1 from dead_letter where run_id = $1', [id])).rows).toEqual([]);
    }
  });

  test('a run that is taken over while the write waits for its row is lost', async () => {
    const id = await heldRun();
    const thief = await pool().connect();
    await thief.query('begin');
    await thief.query('update run set lease_worker_id = $2, epoch = 4 where id = $1', [id, uuidv7()]);
    const outcome = writer.commit(make(id));
    await new Promise((done) => setTimeout(done, 100));
    await thief.query('commit');
    thief.release();
    expect(await outcome).toBe('lost');
    expect(await stepsOf(id)).toEqual([]);
  });
});

describe('a whole run', () => {
  test('ends with its steps and attempts in one statement, and leaves its worker', async () => {
    const id = await heldRun();
    const attempt = {
      runId: id,
      nodeId: 'step',
      key: '',
      number: 1,
      startedAt: 1,
      finishedAt: 2,
      error: null,
    };
    expect(await writer.commit(whole(id, { attempts: [attemptText(attempt)] }))).toBe('kept');
    const { rows } = await pool().query(
      `select status, output, lease_worker_id, (select count(*)::int from attempt where run_id = id) as attempts
       from run where id = $1`,
      [id],
    );
    expect(rows).toEqual([{ status: 'succeeded', output: 'done', lease_worker_id: null, attempts: 1 }]);
  });

  test('of which something is on record after all is written all the same, and so are its neighbours', async () => {
    const [known, blank] = [await heldRun(), await heldRun()];
    await writer.commit(write(known, { output: '"earlier"' }));
    const outcomes = await Promise.all(
      [known, blank].map((id) => writer.commit(whole(id, { output: '"now"' }))),
    );
    expect(outcomes).toEqual(['kept', 'kept']);
    expect(await stepsOf(known)).toMatchObject([{ output: 'now' }]);
    expect(await stepsOf(blank)).toMatchObject([{ output: 'now' }]);
  });

  test('of which somebody asked the end is due at once, where it was to wait', async () => {
    const id = await heldRun();
    await pool().query('update run set cancel_requested_at = now() where id = $1', [id]);
    const run = whole(id)
      .run!.replace('"succeeded"', '"waiting"')
      .replace(/"f":[^,]*/, '"f":null');
    expect(await writer.commit({ ...whole(id), run })).toBe('kept');
    const { rows } = await pool().query('select wake_at <= now() as is_due from run where id = $1', [id]);
    expect(rows).toEqual([{ is_due: true }]);
  });
});

describe('group commit', () => {
  test('many at once are few statements, and each learns its own outcome', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => heldRun()));
    const before = await commits();
    const outcomes = await Promise.all(
      ids.map((id, index) => writer.commit({ ...write(id), epoch: index % 2 ? 3 : 2 })),
    );
    expect(outcomes).toEqual(ids.map((_, index) => (index % 2 ? 'kept' : 'lost')));
    expect((await commits()) - before).toBeLessThan(15);
  });

  test('what Postgres refuses fails alone: its neighbours are written', async () => {
    const ids = await Promise.all(Array.from({ length: 9 }, () => heldRun()));
    const outcomes = await Promise.allSettled(
      // As if the encoder had let a NUL through, and broken JSON.
      ids.map((id, index) => writer.commit(write(id, index === 4 ? { output: '"\\u0000"' } : {}))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(
      ids.map((_, index) => (index === 4 ? 'rejected' : 'fulfilled')),
    );
    expect(outcomes[4]).toMatchObject({ reason: expect.any(JournalDataError) as unknown });
    expect(await stepsOf(ids[4]!)).toEqual([]);
    expect(await stepsOf(ids[5]!)).toHaveLength(1);
  });

  test('once closed it takes nothing more', async () => {
    const closed = new JournalWriter({ pool: pool(), workerId });
    closed.close();
    await expect(closed.commit(write(await heldRun()))).rejects.toThrow(JournalClosedError);
  });
});

async function commits(): Promise<number> {
  // The counters of other sessions arrive with a delay; asking for them flushes our own.
  await pool().query('select pg_stat_force_next_flush()');
  await new Promise((done) => setTimeout(done, 50));
  const { rows } = await pool().query<{ count: string }>(
    'select xact_commit as count from pg_stat_database where datname = current_database()',
  );
  return Number(rows[0]!.count);
}

describe('values that jsonb refuses', () => {
  const roundTrip = async (value: Json): Promise<Json> => {
    const { rows } = await pool().query<{ value: Json }>('select $1::jsonb as value', [toStoredJson(value)]);
    return fromStoredJson(rows[0]!.value);
  };

  test.each([
    'a\0b',
    '\ud800',
    '\udc00 alone',
    'ok 😀',
    '\ufdd0',
    '\ufdd00000',
    '\\u0000 in letters',
    ['\0', { '\0key\0': '\ud800\ud800' }],
  ] as Json[])('%j comes back as it was', async (value) => {
    expect(await roundTrip(value)).toEqual(value);
  });

  test('whatever the strings, they come back as they were', async () => {
    const unit = fc.oneof(
      fc.constantFrom('\0', '\ud800', '\udbff', '\udc00', '\ufdd0', '\\', 'u0000', '0', 'd'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const text = fc.array(unit, { maxLength: 8 }).map((parts) => parts.join(''));
    // `JSON.parse` of V8 13.6 takes `x\n` for the key `x\` once it has seen an object with that: not ours to test.
    const name = text.map((key) => key.replaceAll('\\', ''));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.oneof(text, fc.array(text))), async (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as Json;
        expect(await roundTrip(plain)).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });
});

import { beforeAll, describe, expect, test } from 'vitest';

import { inClientTransaction } from '#server/db/client-transaction.ts';
import { prisma } from '#server/db/prisma.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { insertRun, type NewRun } from '#server/sql/insert-run.ts';
import { manualFlow } from '#test/support/sample-flows.ts';
import { useApi } from '#test/support/use-api.ts';

const api = useApi();
let base: Omit<NewRun, 'runId' | 'eventId' | 'kind'>;

beforeAll(async () => {
  await api.call('PUT /flows/target', manualFlow('target'));
  await api.call('POST /flows/target/publish');
  const flow = await prisma().flow.findFirstOrThrow({ where: { slug: 'target' } });
  const version = await prisma().flowVersion.findFirstOrThrow({ where: { flowId: flow.id } });
  const event = {
    method: '',
    query: {},
    headers: {},
    body: Buffer.from('{"a":1}'),
    contentType: 'application/json',
  };
  base = { workspaceId: api.workspaceId, flow, version, event };
});

function newRun(rest: Partial<NewRun> & Pick<NewRun, 'kind'>): NewRun {
  return { ...base, runId: uuidv7(), eventId: uuidv7(), ...rest };
}

function insert(run: NewRun): Promise<boolean> {
  return inClientTransaction((client) => insertRun(client, run));
}

async function stored({ runId, eventId }: NewRun) {
  const [run, event] = await Promise.all([
    prisma().run.findUnique({ where: { id: runId } }),
    prisma().event.findUnique({ where: { id: eventId } }),
  ]);
  return { run, event };
}

describe('insertRun', () => {
  test('stores an event and a run that is due', async () => {
    const run = newRun({ kind: 'schedule', dedupeKey: 'tick', concurrency: { key: 'c', limit: 2 } });
    expect(await insert(run)).toBe(true);
    const { run: row, event } = await stored(run);
    expect(row).toMatchObject({
      startedBy: 'schedule',
      status: 'queued',
      flowSlug: 'target',
      versionNumber: 1,
      concurrencyKey: 'c',
      concurrencyLimit: 2,
      parentRunId: null,
      isAwaited: false,
    });
    expect(row?.wakeAt).toBeInstanceOf(Date);
    expect(event).toMatchObject({ kind: 'schedule', dedupeKey: 'tick', contentType: 'application/json' });
    expect(Buffer.from(event!.body).toString()).toBe('{"a":1}');
  });

  test('stores nothing for a key that was seen, and counts it; after 30 days it is new again', async () => {
    const first = newRun({ kind: 'poll', dedupeKey: 'k' });
    const second = newRun({ kind: 'poll', dedupeKey: 'k' });
    const third = newRun({ kind: 'poll', dedupeKey: 'k' });
    expect([await insert(first), await insert(second)]).toEqual([true, false]);
    expect(await stored(second)).toEqual({ run: null, event: null });
    const where = { flowId_key: { flowId: base.flow.id, key: 'k' } };
    expect(await prisma().dedupeKey.findUnique({ where })).toMatchObject({
      runId: first.runId,
      duplicates: 1,
    });
    const longAgo = new Date(Date.now() - 31 * 86_400_000);
    await prisma().dedupeKey.update({ where, data: { firstSeenAt: longAgo } });
    expect(await insert(third)).toBe(true);
    expect(await prisma().dedupeKey.findUnique({ where })).toMatchObject({
      runId: third.runId,
      duplicates: 0,
    });
  });

  test('starts one run for a calling step, and one for a failed run', async () => {
    const caller = newRun({ kind: 'manual' });
    await insert(caller);
    const parent = { runId: caller.runId, nodeId: 'call', key: '', isAwaited: true };
    const called = newRun({ kind: 'call', parent, callDepth: 1 });
    const again = newRun({ kind: 'call', parent, callDepth: 1 });
    expect([await insert(called), await insert(again)]).toEqual([true, false]);
    expect(await stored(again)).toEqual({ run: null, event: null });
    expect((await stored(called)).run).toMatchObject({
      parentRunId: caller.runId,
      parentNodeId: 'call',
      isAwaited: true,
      callDepth: 1,
    });
    const failure = newRun({ kind: 'failure', failureOf: caller.runId });
    expect(await insert(failure)).toBe(true);
    expect(await insert(newRun({ kind: 'failure', failureOf: caller.runId }))).toBe(false);
  });

  test('of two at once with one key, one is stored', async () => {
    const runs = Array.from({ length: 6 }, () => newRun({ kind: 'poll', dedupeKey: 'race' }));
    const results = await Promise.all(runs.map(insert));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await prisma().event.count({ where: { dedupeKey: 'race' } })).toBe(1);
  });
});

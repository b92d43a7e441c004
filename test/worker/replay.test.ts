import { beforeAll, describe, expect, test } from 'vitest';

import type { ReplayRequest } from '#core/api/replay.ts';
import type { FlowNode } from '#core/flow-document.ts';
import type { Json } from '#core/json.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { ProblemError } from '#server/problem.ts';
import { prepareReplay } from '#server/recovery/prepare-replay.ts';
import { replayRunIn } from '#server/recovery/replay-run.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import {
  post,
  readKeyedSteps,
  readRun,
  START,
  useWorkers,
  whenRun,
  type PublishedFlow,
  type RunRow,
  type TestFlow,
} from './worker-fixture.ts';

const fixture = useWorkers();
beforeAll(async () => {
  await fixture.startWorker();
});

type Request = Partial<Omit<ReplayRequest, 'dryRun'>>;
const targetOf = (runId: string, request: Request) => ({
  workspaceId: fixture.workspaceId,
  runId,
  request: { version: 'original' as const, ...request },
});

/** Resolves to the new run once it has ended. */
async function replay(runId: string, request: Request = {}, isRedrive = false): Promise<RunRow> {
  const made = await inClientTransaction((client) =>
    replayRunIn(client, { ...targetOf(runId, request), isRedrive }),
  );
  return whenRun(fixture, made.runId);
}

async function planOf(runId: string, request: Request) {
  const { plan } = (await inClientTransaction((client) => prepareReplay(client, targetOf(runId, request))))
    .planned;
  const ids = (steps: typeof plan.reused) => steps.map(({ nodeId }) => nodeId);
  return { ...plan, reused: ids(plan.reused), executed: ids(plan.executed), possible: ids(plan.possible) };
}

async function refusal(runId: string, request: Request): Promise<string> {
  const error: unknown = await planOf(runId, request).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return error.errors?.[0]?.code ?? error.code;
  throw new Error('The replay was not refused.', { cause: error });
}

async function ended(flow: TestFlow, input: Json = {}): Promise<{ id: string; flow: PublishedFlow }> {
  const published = await fixture.publish(flow);
  const [id] = await fixture.start(published, [input]);
  await whenRun(fixture, id!);
  return { id: id!, flow: published };
}

const map = (id: string, output: Json, rest: Partial<FlowNode> = {}) => ({
  id,
  type: 'core.map',
  config: { output },
  ...rest,
});

describe('from the trigger', () => {
  test('the same event makes a new run with keys of its own', async () => {
    const { sink } = fixture;
    const { id } = await ended(
      { nodes: [START, post('call', `${sink.url}/again`)], edges: 'start>call' },
      { n: 1 },
    );
    const run = await replay(id);
    expect(run).toMatchObject({
      status: 'succeeded',
      replay_of: id,
      replay_from: null,
      started_by: 'replay',
    });
    const [first, second] = sink.at('/again');
    expect(second!.json()).toEqual(first!.json());
    expect(second!.headers['idempotency-key']).toBe(idempotencyKey(run.id, 'call', ''));
    expect((await planOf(id, {})).effects).toMatchObject([
      { nodeId: 'call', repeats: true, sameKey: false, certain: true },
    ]);
  });

  test('an input is the body of a new event; the original keeps its own', async () => {
    const { id } = await ended(
      { nodes: [START, map('copy', { $expr: 'trigger.body' })], edges: 'start>copy' },
      { n: 1 },
    );
    expect(await replay(id, { input: { n: 2 } })).toMatchObject({ output: { n: 2 } });
    expect(await replay(id)).toMatchObject({ output: { n: 1 } });
  });

  test('runs the version that is asked for', async () => {
    const { id, flow } = await ended({ nodes: [START, map('copy', 1)], edges: 'start>copy' });
    await fixture.db.query(
      `insert into flow_version (id, workspace_id, flow_id, number, document, content_hash)
       select gen_random_uuid(), workspace_id, flow_id, 2, replace(document::text, '"output":1', '"output":2')::json, '\\x01'
       from flow_version where id = $1`,
      [flow.versionId],
    );
    expect(await refusal(id, { version: 'latest' })).toBe('not_published');
    await fixture.db.query('update flow set published_version = 2 where id = $1', [flow.id]);
    expect(await replay(id, { version: 'latest' })).toMatchObject({ version_number: 2, output: 2 });
    expect(await replay(id, { version: 1 })).toMatchObject({ version_number: 1, output: 1 });
    expect(await refusal(id, { version: 3 })).toBe('unknown_version');
    await fixture.db.query('delete from flow where id = $1', [flow.id]);
    expect(await replay(id)).toMatchObject({ status: 'succeeded', output: 1, flow_id: null });
  });
});

describe('from a step', () => {
  test('what does not come after it is taken over, loops with their items; it and what follows run', async () => {
    const { sink } = fixture;
    const { id } = await ended({
      nodes: [
        START,
        { id: 'each', type: 'core.each', config: { items: [1, 2] } },
        { ...post('item', `${sink.url}/item`, { body: { $expr: 'item' } }), parent: 'each' },
        post('sum', `${sink.url}/sum`, { body: { $expr: '$count(steps.each.results)' } }),
        post('beside', `${sink.url}/beside`),
      ],
      edges: 'start>each each>sum start>beside',
    });
    expect(await planOf(id, { from: 'sum' })).toMatchObject({
      reused: ['start', 'each', 'item', 'beside'],
      executed: ['sum'],
      possible: [],
    });
    const run = await replay(id, { from: 'sum' });
    expect(run).toMatchObject({ status: 'succeeded', replay_from: 'sum' });
    expect(sink.at('/item')).toHaveLength(2);
    expect(sink.at('/beside')).toHaveLength(1);
    expect(sink.at('/sum').map((call) => call.json())).toEqual([2, 2]);
    const steps = await readKeyedSteps(fixture, run.id);
    expect(steps).toMatchObject({
      'item 1': { is_reused: true },
      each: { is_reused: true },
      sum: { is_reused: false },
    });
  });

  test('an input is the settings of that step', async () => {
    const { id } = await ended({
      nodes: [START, map('one', 1), map('two', { $expr: 'steps.one + 1' })],
      edges: 'start>one one>two',
    });
    expect(await replay(id, { from: 'one', input: { output: 41 } })).toMatchObject({ output: 42 });
    expect(await refusal(id, { from: 'one', input: {} })).toBe('required');
    expect(await refusal(id, { from: 'start', input: {} })).toBe('is_trigger');
  });

  test('the reply that a step taken over made is the output of the replay', async () => {
    const respond = { id: 'respond', type: 'core.respond', config: { body: { ok: 7 } } };
    const { id } = await ended({
      nodes: [START, respond, map('after', 1)],
      edges: 'start>respond respond>after',
    });
    expect(await replay(id, { from: 'after' })).toMatchObject({ output: { ok: 7 } });
  });

  test('it cannot begin in a loop, at an unknown step, or where no way led', async () => {
    const { id } = await ended({
      nodes: [
        START,
        { id: 'if', type: 'core.if', config: { condition: true } },
        map('yes', 1),
        map('no', 2),
        { id: 'each', type: 'core.each', config: { items: [1] } },
        map('in', 3, { parent: 'each' }),
      ],
      edges: 'start>if if:true>yes if:false>no yes>each',
    });
    expect(await refusal(id, { from: 'in' })).toBe('unknown_node');
    expect(await refusal(id, { from: 'nothing' })).toBe('unknown_node');
    expect(await refusal(id, { from: 'no' })).toBe('not_reached');
    expect(await planOf(id, { from: 'if' })).toMatchObject({
      executed: ['if'],
      possible: ['yes', 'no', 'each', 'in'],
    });
  });

  test('what another run did is not undone by the replay; what was undone is not taken over', async () => {
    const { sink } = fixture;
    sink.reply('/flaky', (_, before) => (before > 0 && before < 3 ? { status: 400 } : {}));
    const { id } = await ended({
      nodes: [
        START,
        post('reserve', `${sink.url}/reserve`, { compensate: 'release' }),
        post('call', `${sink.url}/flaky`),
        post('release', `${sink.url}/release`),
      ],
      edges: 'start>reserve reserve>call',
    });
    const replayed = await replay(id, { from: 'call' });
    expect(replayed).toMatchObject({ status: 'failed', compensation: null });
    expect(sink.at('/release')).toHaveLength(0);
    const whole = await replay(id);
    expect(whole).toMatchObject({ status: 'failed', compensation: 'undone' });
    expect(await refusal(whole.id, { from: 'call' })).toBe('was_undone');
    expect(await replay(whole.id)).toMatchObject({ status: 'succeeded' });
  });

  test('the dead letter of the original stays open, but for a redrive', async () => {
    const { sink } = fixture;
    sink.reply('/dead', (_, before) => (before === 0 ? { status: 400 } : {}));
    const { id } = await ended({ nodes: [START, post('call', `${sink.url}/dead`)], edges: 'start>call' });
    const isOpen = async () =>
      (await fixture.db.query('select from dead_letter where run_id = $1 and redriven_at is null', [id]))
        .rowCount === 1;
    await replay(id);
    expect(await isOpen()).toBe(true);
    await replay(id, {}, true);
    expect(await isOpen()).toBe(false);
    expect(await readRun(fixture, id)).toMatchObject({ status: 'failed' });
  });
});

import type pg from 'pg';

import type { BulkAction, BulkPreview } from '#core/api/bulk-actions.ts';
import type { DeadLetterGroups } from '#core/api/dead-letters.ts';
import { callApi } from '#test/support/call-api.ts';
import { storeFailedRuns } from '#test/support/dead-letters.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { publishFlow, storeRuns, type PublishedFlow } from '#test/worker/test-flow.ts';
import type { WorkerProcess } from '#test/worker/worker-process.ts';
import { idempotencyKey } from '#worker/idempotency-key.ts';
import type { OrderDesk } from './order-desk.ts';

export interface RedriveProof {
  readonly db: pg.Pool;
  readonly workspaceId: string;
  /** An API key of the workspace with the right to replay. */
  readonly key: string;
  readonly desk: OrderDesk;
  /** Dead letters to redrive. */
  readonly count: number;
  readonly ratePerSecond: number;
  startWorker(): Promise<WorkerProcess>;
}

/** What the proof found. All is well when `faults` is empty. */
export interface RedriveReport {
  readonly deadLetters: number;
  readonly succeeded: number;
  readonly rateAskedFor: number;
  /** Items a second from start to pause, from there to the kill, and from the new worker's first to the end. */
  readonly rates: readonly number[];
  readonly mostInOneSecond: number;
  /** Same key, in flight when the worker was killed: a far end that knows keys takes it as one. */
  readonly repeatedInFlight: number;
  readonly repeatedAfterCommit: number;
  readonly secondsFromKillToNextItem: number;
  readonly faults: readonly string[];
}

const PATIENCE_MS = 230_000;

/**
 * Real runs fail at a real far end; when it is put right, they are found by their group and redriven at a rate, through a
 * pause and the death of the worker. Every one must be accounted for, and none called again that was done.
 */
export async function proveRedrive(proof: RedriveProof): Promise<RedriveReport> {
  const { db, desk, count, ratePerSecond } = proof;
  const flow = await publishOrders(proof);
  const runIds = await storeRuns(
    proof,
    flow,
    Array.from({ length: count }, (_, n) => ({ order: n })),
  );
  const others = await storeFailedRuns(proof, { flow, inputs: [1, 2, 3], cause: 'timeout' });
  const first = await proof.startWorker();
  await waitFor(
    'every run to fail',
    async () => (await openCount(db)) === count + others.length,
    PATIENCE_MS,
  );
  desk.putRight();

  const filter = await findGroup(proof, flow);
  const action = await call<BulkAction>(proof, 'POST /dead-letters/redrive', { filter, ratePerSecond });
  await whenDone(proof, action, 0.2);
  const atPause = await call<BulkAction>(proof, `POST /bulk-actions/${action.id}/pause`);
  await whenSettled(db, action);
  const takenAtPause = desk.taken.size;
  const stillPaused = await call<BulkAction>(proof, `GET /bulk-actions/${action.id}`);
  await call(proof, `POST /bulk-actions/${action.id}/continue`);
  await whenDone(proof, action, 0.5);

  first.signal('SIGKILL');
  await first.ended;
  const killedAt = performance.now();
  const committed = await succeededIds(db, runIds);
  const atKill = await doneCount(db, action);
  const second = await proof.startWorker();
  await waitFor('the next item', async () => (await doneCount(db, action)) > atKill, PATIENCE_MS);
  const secondsFromKillToNextItem = round((performance.now() - killedAt) / 1_000);
  await waitFor(
    'the end of the bulk action',
    async () => (await call<BulkAction>(proof, `GET /bulk-actions/${action.id}`)).status === 'done',
    PATIENCE_MS,
  );
  await waitFor(
    'every run to succeed',
    async () => (await succeededIds(db, runIds)).size === count,
    PATIENCE_MS,
  );
  second.signal('SIGTERM');
  await second.ended;

  const end = await call<BulkAction>(proof, `GET /bulk-actions/${action.id}`);
  const calls = callsOf(desk, runIds);
  const repeatedAfterCommit = [...committed].filter((id) => lastCall(desk, id) > killedAt).length;
  const most = await mostInOneSecond(db, action);
  const faults = [
    ...faultIf(end.counts.done !== count, `done ${JSON.stringify(end.counts)}`),
    ...faultIf(end.results.succeeded !== count, `results ${JSON.stringify(end.results)}`),
    ...faultIf(
      (await openCount(db)) !== others.length,
      'other dead letters were touched, or some are still open',
    ),
    ...faultIf(stillPaused.counts.done !== atPause.counts.done, 'items were done after the pause'),
    ...faultIf(takenAtPause !== count + atPause.counts.done, 'runs were resumed that no item tells of'),
    ...faultIf(calls.firstTwice > 0, `${calls.firstTwice} finished steps were called again`),
    ...faultIf(calls.notRefusedOnce > 0, `${calls.notRefusedOnce} keys were not refused exactly once`),
    ...faultIf(calls.missing > 0, `${calls.missing} failed steps were not called again`),
    ...faultIf(repeatedAfterCommit > 0, `${repeatedAfterCommit} steps that were done were called again`),
    ...faultIf(most > ratePerSecond, `${most} items in one second`),
  ];
  return {
    deadLetters: count,
    succeeded: end.results.succeeded,
    rateAskedFor: ratePerSecond,
    rates: await ratesOf(db, action, [atPause.counts.done, atKill]),
    mostInOneSecond: most,
    repeatedInFlight: calls.twice,
    repeatedAfterCommit,
    secondsFromKillToNextItem,
    faults,
  };
}

function publishOrders(proof: RedriveProof): Promise<PublishedFlow> {
  const post = (id: string) => ({
    id,
    type: 'http.request',
    config: { method: 'POST', url: `${proof.desk.url}/${id}`, body: { $expr: 'trigger.body' } },
  });
  return publishFlow(proof, {
    nodes: [{ id: 'start', type: 'core.manual' }, post('reserve'), post('book')],
    edges: 'start>reserve reserve>book',
  });
}

/** As a person does: the largest group, its filter, and how many that would be. */
async function findGroup(proof: RedriveProof, flow: PublishedFlow) {
  const { data } = await call<DeadLetterGroups>(proof, `GET /dead-letters/groups?flow=${flow.slug}`);
  const [group] = data;
  if (data.length !== 2 || group?.count !== proof.count)
    throw new Error(`Odd groups: ${JSON.stringify(data)}`);
  const { nodeId, errorKind, cause } = group;
  const filter = { flow: flow.slug, nodeId, errorKind, cause };
  const preview = await call<BulkPreview>(proof, 'POST /dead-letters/redrive', { filter, dryRun: true });
  if (preview.total !== proof.count) throw new Error(`The preview says ${preview.total}.`);
  return filter;
}

async function call<T>({ key }: RedriveProof, what: string, body?: unknown): Promise<T> {
  const reply = await callApi(what, { key, ...(body === undefined ? {} : { body }) });
  if (reply.status >= 300) throw new Error(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body as T;
}

function whenDone(proof: RedriveProof, { id, total }: BulkAction, share: number): Promise<unknown> {
  const isThere = async () => (await doneCount(proof.db, { id })) >= share * total;
  return waitFor(`${share} of the items`, isThere, PATIENCE_MS);
}

/** Resolves once the runs that were resumed so far have ended. */
function whenSettled(db: pg.Pool, { id }: BulkAction): Promise<unknown> {
  const open = `select from bulk_item i join run r on r.id = i.result_run_id
    where i.bulk_action_id = $1 and r.finished_at is null limit 1`;
  return waitFor(
    'the resumed runs to end',
    async () => (await db.query(open, [id])).rowCount === 0,
    PATIENCE_MS,
  );
}

async function doneCount(db: pg.Pool, { id }: Pick<BulkAction, 'id'>): Promise<number> {
  return numberOf(
    db,
    "select count(*)::int as n from bulk_item where bulk_action_id = $1 and status <> 'pending'",
    [id],
  );
}

function openCount(db: pg.Pool): Promise<number> {
  return numberOf(
    db,
    'select count(*)::int as n from dead_letter where redriven_at is null and discarded_at is null',
  );
}

async function succeededIds(db: pg.Pool, runIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(
    "select id from run where status = 'succeeded' and id = any($1::uuid[])",
    [runIds],
  );
  return new Set(rows.map(({ id }) => id));
}

function mostInOneSecond(db: pg.Pool, { id }: BulkAction): Promise<number> {
  return numberOf(
    db,
    `select max(n)::int as n from (select count(*) over (order by done_at
       range between interval '999 milliseconds' preceding and current row) as n
     from bulk_item where bulk_action_id = $1) as seconds`,
    [id],
  );
}

/** Items a second of the parts between the given positions. */
async function ratesOf(db: pg.Pool, { id }: BulkAction, borders: readonly number[]): Promise<number[]> {
  const { rows } = await db.query<{ rate: number }>(
    `select (count(*) - 1) / extract(epoch from max(done_at) - min(done_at))::float8 as rate
     from bulk_item where bulk_action_id = $1 group by width_bucket(position - 1, $2::int[]) order by min(position)`,
    [id, borders],
  );
  return rows.map(({ rate }) => round(rate));
}

function callsOf({ taken, refused }: OrderDesk, runIds: readonly string[]) {
  const times = (id: string, node: string) => taken.get(idempotencyKey(id, node, ''))?.length ?? 0;
  const count = (isSo: (id: string) => boolean) => runIds.filter(isSo).length;
  return {
    firstTwice: count((id) => times(id, 'reserve') !== 1),
    notRefusedOnce: count((id) => refused.get(idempotencyKey(id, 'book', '')) !== 1),
    missing: count((id) => times(id, 'book') === 0),
    twice: count((id) => times(id, 'book') > 1),
  };
}

function lastCall({ taken }: OrderDesk, runId: string): number {
  return taken.get(idempotencyKey(runId, 'book', ''))?.at(-1) ?? 0;
}

async function numberOf(db: pg.Pool, text: string, values: unknown[] = []): Promise<number> {
  return (await db.query<{ n: number }>(text, values)).rows[0]!.n;
}

function faultIf(isFault: boolean, text: string): string[] {
  return isFault ? [text] : [];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

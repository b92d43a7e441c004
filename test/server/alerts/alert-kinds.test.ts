import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Alert } from '#core/api/alerts.ts';
import { AlertDuty } from '#server/alerts/alert-duty.ts';
import { closeEgress } from '#server/egress/egress-client.ts';
import { checkLedgers } from '#server/ledger/check-ledgers.ts';
import '#test/support/oauth/connectors.ts';
import { startOAuthProvider, type OAuthProvider } from '#test/support/oauth/provider.ts';
import { storeConnection } from '#test/support/oauth/store-connection.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { callApi } from '#test/support/call-api.ts';
import { makeApiKey } from '#test/support/people.ts';
import { makeApiWorkspace } from '#test/support/use-api.ts';
import { PUBLIC_URL } from '#test/support/use-app-database.ts';
import {
  post,
  START,
  useWorkers,
  whenRun,
  type PublishedFlow,
  type WorkerProcess,
} from '#test/worker/worker-fixture.ts';
import { look, makeRule } from './alert-fixture.ts';

process.env['PATCHBAY_EGRESS_ALLOW'] = '127.0.0.0/8';
const fixture = useWorkers();
afterAll(closeEgress);
let key: string;
let worker: WorkerProcess;
beforeAll(async () => {
  process.env['PATCHBAY_URL'] = PUBLIC_URL;
  key = await makeApiKey(fixture.workspaceId, 'owner');
  worker = await fixture.startWorker();
});
const call = (line: string, body?: unknown) => callApi(line, { key, body });

/** A flow whose one call answers as the far end says. */
async function calling(path: string): Promise<PublishedFlow> {
  return fixture.publish({
    nodes: [START, post('send', `${fixture.sink.url}${path}`, { retry: { attempts: 1 } })],
    edges: 'start>send',
  });
}

async function runs(flow: PublishedFlow, count: number): Promise<string[]> {
  const ids = await fixture.start(
    flow,
    Array.from({ length: count }, (_, n) => n),
  );
  for (const id of ids) await whenRun(fixture, id);
  return ids;
}

const NIGHTLY = {
  ...{ format: 1, name: 'Nightly', slug: 'nightly', edges: [] },
  nodes: [{ id: 'tick', type: 'core.schedule', version: 1, config: { cron: '0 3 * * *', timezone: 'UTC' } }],
};

const one = (alerts: readonly Alert[]): Alert => {
  expect(alerts).toHaveLength(1);
  return alerts[0]!;
};
const alertOf = async (id: string) =>
  ((await call('GET /alerts')).body as { data: Alert[] }).data.find((alert) => alert.id === id)!;

describe('with a worker that runs', () => {
  test('error rate: opens when calls fail, names the step, ends when enough succeed', async () => {
    const flow = await calling('/rate');
    const rule = await makeRule(call, { kind: 'error_rate', threshold: 50, minimumRuns: 4, flow: flow.slug });
    fixture.sink.reply('/rate', { status: 422, body: { error: 'no such order' } });
    await runs(flow, 3);
    expect(await look(call, rule)).toEqual([]);
    const [failed] = await runs(flow, 1);
    const alert = one(await look(call, rule));
    expect(alert).toMatchObject({
      flow: flow.slug,
      value: 100,
      runId: failed,
      nodeId: 'send',
      state: 'open',
    });
    expect(alert.title).toContain('100 % of runs fail');
    expect(one(await look(call, rule)).id).toBe(alert.id);
    fixture.sink.reply('/rate', {});
    await runs(flow, 6);
    expect(await look(call, rule)).toEqual([]);
    expect(await alertOf(alert.id)).toMatchObject({ state: 'resolved', worst: 100 });
  });

  test('p95: opens when runs take long, names the slowest step, ends when they do not', async () => {
    const flow = await calling('/slow');
    const rule = await makeRule(call, { kind: 'p95', threshold: 2.5, flow: flow.slug });
    // So long that no quick run takes as long, however busy the machine is.
    fixture.sink.reply('/slow', { delayMs: 2_700 });
    const [slow] = await runs(flow, 1);
    const alert = one(await look(call, rule));
    expect(alert).toMatchObject({ runId: slow, nodeId: 'send' });
    expect(alert.value).toBeGreaterThan(2.5);
    fixture.sink.reply('/slow', {});
    await runs(flow, 40);
    expect(await look(call, rule)).toEqual([]);
  });

  test('dead letters: opens by a failed run, ends when it is mended', async () => {
    const flow = await calling('/dead');
    const rule = await makeRule(call, { kind: 'dead_letters', flow: flow.slug });
    fixture.sink.reply('/dead', { status: 422 });
    const [id] = await runs(flow, 1);
    expect(one(await look(call, rule))).toMatchObject({ value: 1, runId: id, nodeId: 'send' });
    fixture.sink.reply('/dead', {});
    expect((await call(`POST /runs/${id}/resume`, {})).status).toBe(202);
    await whenRun(fixture, id!, { status: ['succeeded'] });
    expect(await look(call, rule)).toEqual([]);
  });
});

describe('a connection', () => {
  let provider: OAuthProvider;
  beforeAll(async () => {
    provider = await startOAuthProvider();
  });
  afterAll(() => provider.stop());

  test('opens when it must be reconnected or ends soon, ends when it works', async () => {
    const rule = await makeRule(call, { kind: 'connection', threshold: 3 });
    const account = { accessToken: 'an access token' };
    const ends = await storeConnection(fixture, provider, {
      slug: 'ends',
      account,
      endsInSeconds: 2.5 * 86_400,
    });
    await storeConnection(fixture, provider, { slug: 'later', account, endsInSeconds: 5 * 86_400 });
    const gone = await storeConnection(fixture, provider, { slug: 'gone', account, status: 'reconnect' });
    const alerts = await look(call, rule);
    expect(alerts.map(({ subject, title }) => `${subject}: ${title}`).toSorted()).toEqual([
      expect.stringMatching(/^ends: .* ends in 3 days$/),
      expect.stringMatching(/^gone: .* needs somebody$/),
    ]);
    await fixture.db.query(`update connection set status = 'ok', expires_at = null where id = any($1)`, [
      [ends, gone],
    ]);
    expect(await look(call, rule)).toEqual([]);
  });
});

test('the ledger: opens when two looks find a row that nothing accounts for, ends when it adds up', async () => {
  const rule = await makeRule(call, { kind: 'ledger' });
  const flow = await calling('/ledger');
  const [id] = await runs(flow, 1);
  const lookAtLedger = async () => {
    await fixture.db.query(`update ledger_check set checked_at = now() - interval '1 minute'`);
    await checkLedgers();
  };
  await checkLedgers();
  await fixture.db.query(
    `update run set status = 'queued', finished_at = null, wake_at = null where id = $1`,
    [id],
  );
  await lookAtLedger();
  expect(await look(call, rule)).toEqual([]);
  await lookAtLedger();
  expect(one(await look(call, rule)).title).toBe('The ledger does not add up');
  await fixture.db.query(`update run set status = 'succeeded', finished_at = now() where id = $1`, [id]);
  await lookAtLedger();
  expect(await look(call, rule)).toEqual([]);
});

test('SIGKILL of the worker: a gone worker, queue age and a missed schedule open, are told by the web process, and end when one runs again', async () => {
  const { body: hook } = await call('POST /alert-channels', {
    ...{ kind: 'webhook', name: 'On call', url: `${fixture.sink.url}/alarm` },
  });
  const gone = await makeRule(call, {
    kind: 'worker_gone',
    threshold: 5,
    channels: [(hook as { id: string }).id],
  });
  const age = await makeRule(call, { kind: 'queue_age', threshold: 1 });
  const late = await makeRule(call, { kind: 'missed_schedule', threshold: 5 });
  const flow = await calling('/after');
  await call('PUT /flows/nightly', NIGHTLY);
  expect((await call('POST /flows/nightly/publish', {})).status).toBe(200);
  expect(await look(call, gone)).toEqual([]);

  worker.signal('SIGKILL');
  expect(await worker.ended).toBe('SIGKILL');
  const [waiting] = await fixture.start(flow, [1]);
  await fixture.db.query('update schedule set next_at = now()');
  // What the web process does, and nothing of a worker.
  const duty = new AlertDuty();
  duty.start();
  const opened = async (rule: { readonly id: string }) => (await look(call, rule))[0];
  expect((await waitFor('the gone worker', () => opened(gone))).title).toContain('No worker is alive');
  const [alarm] = await fixture.sink.waitFor('/alarm', 1);
  expect(alarm!.json()).toMatchObject({ type: 'alert.opened', data: { alerts: [{ kind: 'worker_gone' }] } });
  expect((await waitFor('queue age', () => opened(age))).subject).toBe(flow.slug);
  // Nothing waits in another workspace: there nobody is disturbed.
  const other = await makeApiWorkspace();
  const callThere = (line: string, body?: unknown) => callApi(line, { key: other.key, body });
  expect(await look(callThere, await makeRule(callThere, { kind: 'worker_gone', threshold: 5 }))).toEqual([]);
  expect((await waitFor('the missed schedule', () => opened(late))).subject).toBe('nightly');

  await fixture.startWorker();
  await whenRun(fixture, waiting!);
  for (const rule of [gone, age, late]) await waitFor('calm', async () => (await opened(rule)) === undefined);
  const [, over] = await fixture.sink.waitFor('/alarm', 2);
  expect(over!.json()).toMatchObject({ type: 'alert.resolved' });
  await duty.stop();
});

import { createHmac, randomBytes } from 'node:crypto';
import { resolve } from 'node:path';

import type { JsonObject } from '#core/json.ts';
import { SHIFT_VARIABLE } from '#test/faults/shifted-clock.ts';
import { openStage, type Stage, type WebServer } from '#test/faults/stage.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post, START } from '#test/worker/test-flow.ts';

const PRELOAD = resolve(import.meta.dirname, 'shifted-clock.ts');
/** A timer counts as lost when it has not fired so long after its time. */
const LOST_MS = 10_000;
/** The test's clock and the database's are one; whole milliseconds are cut off on the way. */
const EARLY_MS = 2;

export interface ClockReport {
  readonly name: 'clocks';
  readonly shiftSeconds: number;
  readonly timers: number;
  readonly early: number;
  readonly lost: number;
  /** The longest wait after the time had come, in ms. */
  readonly latestMs: number;
  readonly faults: readonly string[];
}

/** Runs every kind of timer with web and worker whose clocks are wrong by so much, beside a worker whose clock is right. */
export async function runClocks(shiftMs: number): Promise<ClockReport> {
  const stage = await openStage();
  try {
    const env = { [SHIFT_VARIABLE]: String(shiftMs), LOG_LEVEL: 'warn' };
    const args = ['--import', PRELOAD];
    const [web, , right] = await Promise.all([
      stage.startWeb(env, args),
      stage.startWorker(env, args),
      // Its only task is to bury the other, should that look dead to it.
      stage.startWorker({ LOG_LEVEL: 'warn', PATCHBAY_CONCURRENCY: '1' }),
    ]);
    const delays = (await Promise.all([retry(stage), wait(stage), schedule(stage), approval(stage)])).flat();
    const faults = [...(await signatures(stage, web)), ...(await leases(stage))];
    if (!web.process.output().includes("clock differs from the database's")) faults.push('no warning');
    if (right.output().includes('workers died')) faults.push('a worker was taken for dead');
    return {
      name: 'clocks',
      shiftSeconds: shiftMs / 1_000,
      timers: delays.length,
      early: delays.filter((delay) => delay < -EARLY_MS).length,
      lost: delays.filter((delay) => delay > LOST_MS).length,
      latestMs: Math.round(Math.max(...delays)),
      faults,
    };
  } finally {
    await stage.close();
  }
}

/** Milliseconds from when the second attempt was due to when it arrived. */
async function retry(stage: Stage): Promise<number[]> {
  stage.sink.reply('/flaky', (_, before) => (before === 0 ? { status: 503 } : {}));
  const node = post('flaky', `${stage.sink.url}/flaky`, {
    retry: { attempts: 3, baseSeconds: 1, maxSeconds: 2 },
  });
  await stage.start(await stage.publish({ nodes: [START, node], edges: 'start>flaky' }), [{}]);
  const dueAt = await waitFor('the time of the second attempt', async () => {
    const { rows } = await stage.db.query<{ at: Date | null }>(
      `select next_attempt_at as at from step where node_id = 'flaky'`,
    );
    return rows[0]?.at;
  });
  const [first, second] = await stage.sink.waitFor('/flaky', 2, LOST_MS + 5_000);
  // The law draws from nothing up to its base: never later than that.
  if (dueAt.getTime() > first!.at + 1_500) return [Infinity];
  return [second!.at - dueAt.getTime()];
}

async function wait(stage: Stage): Promise<number[]> {
  const flow = (id: string, config: JsonObject) =>
    stage.publish({
      nodes: [START, { id: 'wait', type: 'core.wait', config }, post(id, `${stage.sink.url}/${id}`)],
      edges: `start>wait wait>${id}`,
    });
  const startedAt = Date.now();
  const until = startedAt + 2_500;
  await stage.start(await flow('seconds', { seconds: 1 }), [{}]);
  await stage.start(await flow('until', { until: new Date(until).toISOString() }), [{}]);
  const [[seconds], [at]] = await Promise.all([
    stage.sink.waitFor('/seconds', 1, LOST_MS + 5_000),
    stage.sink.waitFor('/until', 1, LOST_MS + 5_000),
  ]);
  return [seconds!.at - startedAt - 1_000, at!.at - until];
}

async function schedule(stage: Stage): Promise<number[]> {
  const clock = { id: 'clock', type: 'core.schedule', config: { cron: '0 0 1 1 *' } };
  const flow = await stage.publishLive({
    nodes: [clock, post('tick', `${stage.sink.url}/tick`)],
    edges: 'clock>tick',
  });
  const plannedAt = Date.now() + 2_000;
  await stage.db.query(
    `insert into schedule (flow_id, workspace_id, node_id, cron, timezone, missed, next_at)
     values ($1, $2, 'clock', '0 0 1 1 *', 'UTC', 'skip', $3)`,
    [flow.id, stage.workspaceId, new Date(plannedAt)],
  );
  const [tick] = await stage.sink.waitFor('/tick', 1, LOST_MS + 5_000);
  return [tick!.at - plannedAt];
}

async function approval(stage: Stage): Promise<number[]> {
  const ask = {
    id: 'ask',
    type: 'core.approval',
    config: { question: '?', approvers: { role: 'operator' }, timeoutSeconds: 2 },
  };
  const flow = await stage.publish({
    nodes: [START, ask, post('late', `${stage.sink.url}/late`)],
    edges: 'start>ask ask:expired>late',
  });
  const [runId] = await stage.start(flow, [{}]);
  const [late] = await stage.sink.waitFor('/late', 1, LOST_MS + 5_000);
  const { rows } = await stage.db.query<{ at: Date }>(
    'select expires_at as at from approval where run_id = $1',
    [runId],
  );
  return [late!.at - rows[0]!.at.getTime()];
}

/** A fresh signature is taken, a stale one refused; the same event twice is one run. */
async function signatures(stage: Stage, web: WebServer): Promise<string[]> {
  const secret = randomBytes(24).toString('base64');
  const faults: string[] = [];
  const created = await fetch(`${web.apiUrl}/api/v1/connections`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ slug: 'signing', connector: 'signing_secret', fields: { secret } }),
  });
  if (created.status !== 201) faults.push(`the connection: ${created.status}`);
  const hook = {
    id: 'hook',
    type: 'core.webhook',
    config: { verify: { scheme: 'standard_webhooks' } },
    connection: 'signing',
  };
  const path = await stage.addHook(await stage.publishLive({ nodes: [hook], edges: '' }));
  const deliver = async (id: string, ageSeconds: number) => {
    const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
    const signature = createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${timestamp}.{}`);
    const reply = await fetch(`${web.hooksUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature.digest('base64')}`,
      },
      body: '{}',
    });
    const text = await reply.text();
    return { status: reply.status, runId: text === '' ? '' : (JSON.parse(text) as { runId?: string }).runId };
  };
  const [fresh, again, stale] = [await deliver('a', 0), await deliver('a', 0), await deliver('b', 301)];
  if (fresh.status !== 202) faults.push(`a fresh signature: ${fresh.status}`);
  if (again.status !== 202 || again.runId !== fresh.runId) faults.push('the same event made another run');
  if (stale.status !== 401) faults.push(`a stale signature: ${stale.status}`);
  return faults;
}

/** Nobody took a run from a worker that was alive. */
async function leases(stage: Stage): Promise<string[]> {
  const { rows } = await stage.db.query('select 1 from run where deaths > 0');
  return rows.length === 0 ? [] : [`${rows.length} runs were taken from workers that were alive`];
}

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { startEmbeddedPostgres } from '#server/db/embedded.ts';
import { applyMigrations } from '#server/db/migrate.ts';
import { openStage, type Stage, type WebServer } from '#test/faults/stage.ts';
import { percentile } from '#test/faults/percentile.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { childrenOf } from '#test/support/processes.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { post } from '#test/worker/test-flow.ts';

/** How Postgres goes away: asked to drop everything, killed, or hanging with its connections open. */
const WAYS = ['immediate', 'kill', 'stop'] as const;
type Way = (typeof WAYS)[number];
const AWAY_MS = 6_000;
const EVERY_MS = 50;

export interface OutageReport {
  readonly name: 'outage';
  readonly way: Way;
  /** Events sent while it was away, and how they were answered. */
  readonly refused: number;
  readonly otherwise: readonly number[];
  /** Without `Retry-After`. */
  readonly unadvised: number;
  readonly refusalMs: { readonly p50: number; readonly p95: number; readonly max: number };
  /** From when Postgres answers again to the first 202, and to the first call that a worker makes, in ms. */
  readonly acceptedAfterMs: number;
  readonly calledAfterMs: number;
  /** Connections of web and worker at the end. */
  readonly connections: number;
  readonly lost: number;
  readonly faults: readonly string[];
}

/** Takes Postgres away from a running web process and worker in each way, under a steady stream of events. */
export async function runOutages(onReport: (report: OutageReport) => void): Promise<void> {
  const dataDir = await temporaryFolder();
  const server = await startEmbeddedPostgres({ dataDir });
  await applyMigrations(server.url);
  const stage = await openStage({ databaseUrl: server.url });
  try {
    const hook = await publishHook(stage);
    const web = await stage.startWeb({ LOG_LEVEL: 'fatal' });
    const worker = await stage.startWorker({ LOG_LEVEL: 'fatal' });
    for (const way of WAYS) {
      const report = await outage(stage, {
        way,
        web,
        hook,
        pidFile: join(dataDir, 'postgres/postmaster.pid'),
        server,
      });
      const ended = [web.process, worker].filter(
        ({ child }) => child.exitCode !== null || child.signalCode !== null,
      );
      onReport({ ...report, faults: ended.map(({ pid }) => `process ${pid} ended`) });
    }
  } finally {
    await stage.close();
    await server.stop();
  }
}

interface Outage {
  readonly way: Way;
  readonly web: WebServer;
  readonly hook: string;
  readonly pidFile: string;
  readonly server: { readonly url: string; revive(): Promise<void> };
}

interface Sent {
  readonly id: string;
  readonly at: number;
  readonly status: number;
  readonly ms: number;
  readonly isAdvised: boolean;
}

async function outage(stage: Stage, { way, web, hook, pidFile, server }: Outage): Promise<OutageReport> {
  const sent: Sent[] = [];
  const stream = { isOn: true };
  const streaming = send(`${web.hooksUrl}${hook}`, sent, stream);
  await waitFor('events to be accepted', () => sent.filter(({ status }) => status === 202).length > 20);
  const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
  const backends = way === 'stop' ? (await childrenOf(pid)).map((child) => child.pid) : [];
  const awayFrom = performance.now();
  if (way === 'stop') for (const each of [pid, ...backends]) signal(each, 'SIGSTOP');
  else signal(pid, way === 'kill' ? 'SIGKILL' : 'SIGQUIT');
  await sleep(AWAY_MS);
  const calls = stage.sink.requests.length;
  const backFrom = await bringBack(way, { backends: [pid, ...backends], server });
  const accepted = await waitFor(
    'an event to be accepted',
    () => sent.find(({ at, ms, status }) => status === 202 && at + ms > backFrom),
    30_000,
  );
  await waitFor('a call', () => stage.sink.requests.length > calls, 30_000);
  const calledAt = performance.now();
  stream.isOn = false;
  await streaming;
  const away = sent.filter(({ at }) => at > awayFrom + 500 && at < backFrom);
  const refusals = away.filter(({ status }) => status === 503);
  return {
    name: 'outage',
    way,
    refused: refusals.length,
    otherwise: [...new Set(away.filter(({ status }) => status !== 503).map(({ status }) => status))],
    unadvised: refusals.filter(({ isAdvised }) => !isAdvised).length,
    refusalMs: {
      p50: Math.round(
        percentile(
          refusals.map(({ ms }) => ms),
          50,
        ),
      ),
      p95: Math.round(
        percentile(
          refusals.map(({ ms }) => ms),
          95,
        ),
      ),
      max: Math.round(
        percentile(
          refusals.map(({ ms }) => ms),
          100,
        ),
      ),
    },
    acceptedAfterMs: Math.round(accepted.at + accepted.ms - backFrom),
    calledAfterMs: Math.round(calledAt - backFrom),
    connections: await connections(stage),
    lost: await lost(stage, sent),
    faults: [],
  };
}

/** Resolves to when Postgres answered again. */
async function bringBack(
  way: Way,
  { backends, server }: { backends: readonly number[]; server: Outage['server'] },
): Promise<number> {
  if (way === 'stop') for (const pid of backends) signal(pid, 'SIGCONT');
  else
    await waitFor(
      'Postgres to start',
      () =>
        server.revive().then(
          () => true,
          () => false,
        ),
      60_000,
    );
  await waitFor('Postgres to answer', async () => {
    const client = new pg.Client({ connectionString: server.url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  });
  return performance.now();
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // A backend that ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** One event after the other, each sent once: what was not accepted is not to be found. */
async function send(url: string, sent: Sent[], stream: { isOn: boolean }): Promise<void> {
  const open = new Set<Promise<void>>();
  while (stream.isOn) {
    const id = randomUUID();
    const at = performance.now();
    const one = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id }),
    }).then(async (reply) => {
      await reply.arrayBuffer();
      const isAdvised = reply.headers.has('retry-after');
      sent.push({ id, at, status: reply.status, ms: performance.now() - at, isAdvised });
    });
    open.add(one);
    void one.finally(() => open.delete(one));
    await sleep(EVERY_MS);
  }
  await Promise.all(open);
}

/** Accepted events that have no run that succeeded. */
async function lost(stage: Stage, sent: readonly Sent[]): Promise<number> {
  const accepted = sent.filter(({ status }) => status === 202).map(({ id }) => id);
  const missing = async () => {
    const { rows } = await stage.db.query<{ count: number }>(
      `select count(*)::int as count from unnest($1::text[]) as sent(id)
       where not exists (select from event e join run r on r.event_id = e.id
         where e.dedupe_key = sent.id and r.status = 'succeeded')`,
      [accepted],
    );
    return rows[0]!.count;
  };
  return waitFor(
    'the runs to end',
    async () => ((await missing()) === 0 ? { count: 0 } : undefined),
    60_000,
  ).then(({ count }) => count, missing);
}

async function connections(stage: Stage): Promise<number> {
  const { rows } = await stage.db.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where application_name like 'patchbay%'`,
  );
  return rows[0]!.count;
}

async function publishHook(stage: Stage): Promise<string> {
  const hook = { id: 'hook', type: 'core.webhook', config: { dedupe: { $expr: 'trigger.body.id' } } };
  const flow = await stage.publishLive({
    nodes: [hook, post('call', `${stage.sink.url}/call`)],
    edges: 'hook>call',
  });
  return stage.addHook(flow);
}

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { readKeyRing } from '#server/vault/key-ring.ts';
import { openFields } from '#server/vault/sealed-record.ts';
import { openStage, type Stage, type WebServer } from '#test/faults/stage.ts';
import type { LaunchedProcess } from '#test/support/launch-process.ts';
import { runCli } from '#test/support/run-cli.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { endChild } from '#test/worker/worker-process.ts';
import { signEvent, storeSignedFlows, tokenOf, type SignedFlow } from './signed-flows.ts';

export interface KeyRotationOptions {
  /** Two for each flow: one signs its events, one calls the far end. */
  readonly connections: number;
  readonly rotations: number;
  readonly ratePerSecond: number;
  /** Web processes, and as many workers. */
  readonly processes: number;
  /** Connections that are changed a second, meanwhile. */
  readonly changesPerSecond: number;
}

/** What came of it. All is well when `faults` is empty. */
export interface KeyRotationReport {
  readonly name: 'key-rotation';
  readonly connections: number;
  readonly rotations: number;
  readonly seconds: number;
  /** Events that were accepted. */
  readonly runs: number;
  readonly runsPerSecond: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Attempts that were made again, because the machine was too busy. */
  readonly repeated: number;
  /** Events that were answered with anything but 202 and 503. */
  readonly refused: number;
  /** Times that an event was sent again because the web process in hand just ended. */
  readonly resent: number;
  /** Times that it was answered with 503, "not stored", and sent again. */
  readonly unstored: number;
  readonly processesStarted: number;
  /** Records brought under a new key, and in which time, by the commands that were not cut off. */
  readonly rewrapped: number;
  readonly rotateMs: readonly number[];
  /** Records that were left when the command was killed in the middle. */
  readonly leftAtKill: readonly number[];
  /** Connections that were changed meanwhile. */
  readonly changed: number;
  readonly faults: readonly string[];
}

type Keys = Readonly<Record<string, string>>;

const PATIENCE_MS = 240_000;
const MAX_PENDING = 200;
const COMMAND = resolve(import.meta.dirname, '../../../cli/main.ts');

/**
 * Webhooks arrive and flows call, each with connections of its own, while the master key is changed as the guide says: all processes are
 * restarted one by one for each step, the command that wraps everything anew is killed once and run again, and connections
 * are changed all the while. No run may fail, no secret reach another's far end, no change be undone, nothing be left under the old key.
 */
export async function proveKeyRotation(options: KeyRotationOptions): Promise<KeyRotationReport> {
  const stage = await openStage();
  let key = newKey();
  const flows = await storeSignedFlows(stage, options.connections / 2, ringOf(only(key)));
  const fleet = await startFleet(stage, options.processes, only(key));
  const load = startLoad({ stage, fleet, flows, options });
  const [rotateMs, leftAtKill]: [number[], number[]] = [[], []];
  let rewrapped = 0;
  const startedAt = performance.now();
  try {
    for (let rotation = 0; rotation < options.rotations; rotation++) {
      const [old, next] = [key, newKey()];
      await fleet.restartAll(both(old, next));
      await fleet.restartAll(both(next, old));
      leftAtKill.push(await killRotation(stage, both(next, old)));
      const from = performance.now();
      const done = await runCli(['keys', 'rotate', '--json'], {
        env: { DATABASE_URL: stage.databaseUrl, ...both(next, old) },
      });
      rotateMs.push(Math.round(performance.now() - from));
      if (done.code !== 0) throw new Error(`The rotation failed: ${done.stdout}${done.stderr}`);
      rewrapped += (JSON.parse(done.stdout) as { rewrapped: number }).rewrapped;
      await fleet.restartAll(only(next));
      key = next;
    }
    const loaded = await load.stop();
    const seconds = (performance.now() - startedAt) / 1_000;
    const died = [...fleet.died()];
    await whenAllEnded(stage);
    const outcome = await readOutcome(stage, loaded, only(key));
    return {
      name: 'key-rotation',
      connections: options.connections,
      rotations: options.rotations,
      seconds: Math.round(seconds),
      runs: loaded.accepted,
      runsPerSecond: Math.round(loaded.accepted / seconds),
      succeeded: outcome.succeeded,
      failed: outcome.failed,
      repeated: outcome.repeated,
      refused: loaded.refused.length,
      resent: loaded.resent,
      unstored: loaded.unstored,
      processesStarted: fleet.started(),
      rewrapped,
      rotateMs,
      leftAtKill,
      changed: loaded.tokens.size,
      faults: [
        ...outcome.faults,
        ...[...new Set(loaded.refused)].map((refusal) => `an event was refused: ${refusal}`),
        ...(loaded.changeFault === null ? [] : [loaded.changeFault]),
        ...died,
      ],
    };
  } finally {
    await load.stop();
    await stage.close();
  }
}

interface Fleet {
  webs(): readonly WebServer[];
  /** One after the other, the new process before the old one goes. */
  restartAll(keys: Keys): Promise<void>;
  started(): number;
  /** The last words of processes that ended unasked. */
  died(): readonly string[];
}

async function startFleet(stage: Stage, processes: number, keys: Keys): Promise<Fleet> {
  let started = 0;
  const env = (given: Keys) => ({ PATCHBAY_SECRET_KEY_PREVIOUS: '', LOG_LEVEL: 'warn', ...given });
  const died: string[] = [];
  const asked = new Set<LaunchedProcess>();
  const watched = (process: LaunchedProcess) => {
    started++;
    void process.ended.then((ending) => {
      if (!asked.has(process)) died.push(`a process ended (${ending}): ${process.output().slice(-1_000)}`);
    });
    return process;
  };
  const startWeb = async (given: Keys) => {
    const web = await stage.startWeb(env(given));
    watched(web.process);
    return web;
  };
  const startWorker = async (given: Keys) => watched(await stage.startWorker(env(given)));
  const end = async (process: LaunchedProcess) => {
    asked.add(process);
    process.signal('SIGTERM');
    await process.ended;
  };
  const webs: WebServer[] = [];
  const workers: LaunchedProcess[] = [];
  for (let index = 0; index < processes; index++) {
    workers.push(await startWorker(keys));
    webs.push(await startWeb(keys));
  }
  return {
    webs: () => [...webs],
    started: () => started,
    died: () => died,
    restartAll: async (given) => {
      for (let index = 0; index < processes; index++) {
        const worker = await startWorker(given);
        await end(workers.splice(index, 1, worker)[0]!);
        const web = await startWeb(given);
        await end(webs.splice(index, 1, web)[0]!.process);
      }
    },
  };
}

/** Kills the command once it has begun. Resolves to what was left then. */
async function killRotation(stage: Stage, keys: Keys): Promise<number> {
  const version = ringOf(keys).previous!.version;
  const count = async () => {
    const { rows } = await stage.db.query<{ n: number }>(
      'select count(*)::int as n from connection where key_version = $1',
      [version],
    );
    return rows[0]!.n;
  };
  const before = await count();
  const command = spawn(process.execPath, [COMMAND, 'keys', 'rotate'], {
    env: { ...process.env, DATABASE_URL: stage.databaseUrl, ...keys },
    stdio: 'ignore',
  });
  await waitFor('the rotation to begin', async () => (await count()) < before - 10, PATIENCE_MS);
  await endChild(command);
  return count();
}

interface Loaded {
  readonly accepted: number;
  readonly refused: readonly string[];
  readonly resent: number;
  readonly unstored: number;
  /** Of the connections that were changed: what they hold now. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly changeFault: string | null;
}

function startLoad(given: {
  readonly stage: Stage;
  readonly fleet: Fleet;
  readonly flows: readonly SignedFlow[];
  readonly options: KeyRotationOptions;
}): { stop(): Promise<Loaded> } {
  const { stage, fleet, flows, options } = given;
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const pending = new Set<Promise<void>>();
  const refused: string[] = [];
  const tokens = new Map<string, string>();
  let [accepted, resent, unstored, isStopped] = [0, 0, 0, false];
  let changeFault: string | null = null;
  const pick = () => flows[Math.floor(Math.random() * flows.length)]!;
  const anyWeb = () => fleet.webs()[Math.floor(Math.random() * options.processes)]!;

  /** A sender: the same delivery again until somebody answers. */
  const sendEvent = async () => {
    const flow = pick();
    const body = JSON.stringify({ flow: flow.number });
    const headers = signEvent(flow, body);
    for (;;) {
      const status = await post(anyWeb().hooksUrl + flow.path, { body, headers, agent });
      if (status === 202) accepted++;
      else if (status !== null && status !== 503) refused.push(String(status));
      // Not stored, says the web process: a sender tries again, as when nobody answers.
      if (status !== null && status !== 503) return;
      if (status === 503) unstored++;
      else resent++;
      await sleep(50);
    }
  };
  const changeConnection = async () => {
    const { caller, number } = pick();
    const token = `${tokenOf(number)}-${randomBytes(8).toString('hex')}`;
    // Whether a change whose answer was lost took effect is not known: it is made again.
    for (;;) {
      const reply = await fetch(`${anyWeb().apiUrl}/api/v1/connections/${caller}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ fields: { token } }),
      }).catch(() => null);
      if (reply?.status === 200) return void tokens.set(caller, token);
      if (reply) return void (changeFault = `a change was refused: ${reply.status} ${await reply.text()}`);
      await sleep(50);
    }
  };
  const keepUp = async (ratePerSecond: number, work: () => Promise<void>) => {
    const began = performance.now();
    for (let n = 0; !isStopped; n++) {
      const early = began + (n * 1_000) / ratePerSecond - performance.now();
      if (early > 1) await sleep(early);
      // A machine that cannot keep up gets no heap of events on top; the report says at which rate they came.
      while (pending.size >= MAX_PENDING) await Promise.race(pending);
      const done = work().finally(() => pending.delete(done));
      pending.add(done);
    }
  };
  const changing = async () => {
    const began = performance.now();
    for (let n = 0; !isStopped; n++) {
      const early = began + (n * 1_000) / options.changesPerSecond - performance.now();
      if (early > 1) await sleep(early);
      // One after the other: of two changes at once nobody knows which was last.
      await changeConnection();
    }
  };
  const loops = Promise.all([keepUp(options.ratePerSecond, sendEvent), changing()]);
  return {
    stop: async () => {
      isStopped = true;
      await loops;
      await Promise.all(pending);
      agent.destroy();
      return { accepted, refused, resent, unstored, tokens, changeFault };
    },
  };
}

/** Null when nobody answered. */
function post(
  url: string,
  { body, headers, agent }: { body: string; headers: Record<string, string>; agent: Agent },
): Promise<number | null> {
  return new Promise((done) => {
    const sending = request(url, { method: 'POST', headers, agent }, (reply) => {
      reply.resume();
      reply.on('end', () => done(reply.statusCode ?? 0));
      reply.on('error', () => done(null));
    });
    sending.on('error', () => done(null));
    sending.end(body);
  });
}

async function whenAllEnded({ db }: Stage): Promise<void> {
  await waitFor(
    'all runs to end',
    async () => {
      const { rowCount } = await db.query(
        `select 1 from run where status not in ('succeeded', 'failed', 'cancelled') limit 1`,
      );
      return rowCount === 0;
    },
    PATIENCE_MS,
  );
}

async function readOutcome(stage: Stage, { accepted, tokens }: Loaded, keys: Keys) {
  const { rows } = await stage.db.query<{ status: string; n: number }>(
    'select status::text, count(*)::int as n from run group by status',
  );
  const counts = new Map(rows.map(({ status, n }) => [status, n]));
  const succeeded = counts.get('succeeded') ?? 0;
  const failed = [...counts.values()].reduce((a, b) => a + b, 0) - succeeded;
  const strangers = stage.sink.requests.filter(
    ({ path, headers }) =>
      !headers.authorization?.startsWith(`Bearer ${tokenOf(Number(path.split('/')[2]))}`),
  );
  // A machine that is too busy repeats attempts; keys are no reason to.
  const attempts = await stage.db.query<{ n: number; refused: number }>(
    `select count(*)::int as n, count(*) filter (where error->>'kind' <> 'transient' or error::text ~ 'key|secret')::int as refused
     from attempt where error is not null`,
  );
  const { n: repeated, refused } = attempts.rows[0]!;
  const faults = [
    ...faultIf(failed > 0, `${failed} runs failed: ${await reasonOf(stage)}`),
    ...faultIf(refused > 0, `${refused} attempts failed for want of a key: ${await reasonOf(stage)}`),
    ...faultIf(succeeded !== accepted, `${accepted} events were accepted, ${succeeded} runs succeeded`),
    ...faultIf(strangers.length > 0, `${strangers.length} calls showed another's token`),
    ...(await storedFaults(stage, tokens, keys)),
  ];
  return { succeeded, failed, repeated, faults };
}

async function reasonOf({ db }: Stage): Promise<string> {
  const { rows } = await db.query<{ error: unknown }>(
    `select error from attempt where error is not null order by error->>'kind' <> 'transient' desc limit 1`,
  );
  return JSON.stringify(rows[0]?.error);
}

/** Every connection opens with the last key alone, and holds what it was changed to last. */
async function storedFaults(
  { db, workspaceId }: Stage,
  tokens: ReadonlyMap<string, string>,
  keys: Keys,
): Promise<string[]> {
  const ring = ringOf(keys);
  const { rows } = await db.query<{
    id: string;
    slug: string;
    wrapped_key: Buffer;
    key_version: number;
    name: string;
    sealed: Buffer;
  }>(
    'select c.id, slug, wrapped_key, key_version, f.name, sealed from connection c join connection_field f on connection_id = c.id',
  );
  let [shut, undone] = [0, 0];
  for (const { id, slug, wrapped_key: wrappedKey, key_version: keyVersion, name, sealed } of rows) {
    try {
      const fields = new Map([[name, sealed]]);
      const opened = openFields({ workspaceId, recordId: id }, { wrappedKey, keyVersion, fields }, ring);
      const expected =
        tokens.get(slug) ?? (slug.startsWith('caller-') ? tokenOf(Number(slug.slice(7))) : undefined);
      if (expected !== undefined && opened[name] !== expected) undone++;
    } catch {
      shut++;
    }
  }
  return [
    ...faultIf(shut > 0, `${shut} connections do not open with the last key`),
    ...faultIf(undone > 0, `${undone} connections do not hold what they were changed to last`),
  ];
}

function faultIf(isFault: boolean, says: string): string[] {
  return isFault ? [says] : [];
}

function newKey(): string {
  return randomBytes(32).toString('base64');
}

function only(key: string): Keys {
  return { PATCHBAY_SECRET_KEY: key };
}

function both(key: string, previous: string): Keys {
  return { PATCHBAY_SECRET_KEY: key, PATCHBAY_SECRET_KEY_PREVIOUS: previous };
}

function ringOf(keys: Keys) {
  return readKeyRing(keys);
}

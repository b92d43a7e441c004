import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { BuildError, buildWhenStale } from '#scripts/build.ts';
import {
  ChildFailure,
  superviseChild,
  type ChildSpec,
  type SupervisedChild,
} from '#scripts/supervisor/child.ts';
import {
  migrate,
  prepareDatabase,
  requireFreePort,
  requireKeys,
  type PreparedDatabase,
} from '#scripts/supervisor/prepare.ts';
import { watchSources } from '#scripts/supervisor/reload.ts';
import { prepareSandbox, type PreparedSandbox } from '#scripts/supervisor/sandbox.ts';
import { EmbeddedPostgresError } from '#server/db/embedded.ts';
import { EnvironmentError, parseEnv, type Env } from '#server/env.ts';
import { prepareKeys } from '#server/vault/key-files.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** A small nursery, and a way to sweep it while large bodies flow through (`server/ingress/turns.ts`): memory stays within bounds. */
const WEB_NODE_OPTIONS = ['--max-semi-space-size=8', '--expose-gc'] as const;
/** Ctrl+C reaches this process more than once: from the terminal and through npm. */
const SAME_SIGNAL_MS = 1_000;
/** Errors whose message says all. */
const PLAIN = [BuildError, ChildFailure, EmbeddedPostgresError, EnvironmentError];

/**
 * What `npm start` runs: prepares everything, then keeps the web process, the workers and the sandbox app running until it is
 * asked to stop. Ends with 0 after a graceful stop, with 1 and one sentence when something keeps it from starting.
 */
const isDev = process.argv.includes('--dev');
const stopping = new AbortController();
const started: { database?: PreparedDatabase; children: SupervisedChild[] } = { children: [] };
let isFailed = false;

listenForStop();
try {
  if (existsSync('.env')) process.loadEnvFile('.env');
  await start(parseEnv(process.env));
  await stopAsked();
} catch (cause) {
  if (!stopping.signal.aborted) fail(cause);
}
await stop();
process.exit(isFailed ? 1 : 0);

async function start(env: Env): Promise<void> {
  await requireFreePort(env.HOST, env.PORT);
  const keys = await prepareKeys(env);
  const sandbox = await prepareSandbox(env, { secretKey: keys.PATCHBAY_SECRET_KEY, say });
  stopping.signal.throwIfAborted();
  const database = await prepareDatabase(env, say);
  started.database = database;
  stopping.signal.throwIfAborted();
  // The data directory is ours now. Acme starts while the database is migrated, so that nobody waits for it.
  const acme = sandbox && startSandbox(sandbox);
  await migrate(database.url, say);
  await requireKeys(database.url, keys);
  stopping.signal.throwIfAborted();
  if (!isDev) await buildWhenStale({ say, signal: stopping.signal });
  stopping.signal.throwIfAborted();
  const productEnv: NodeJS.ProcessEnv = {
    ...process.env,
    ...sandbox?.productEnv,
    DATABASE_URL: database.url,
    ...keys,
    NODE_ENV: isDev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  };
  const { web, workers } = startProcesses(env, productEnv);
  await Promise.race([
    Promise.all([...[web, ...workers].map((each) => each.ready), acme?.line]),
    stopAsked(),
  ]);
  if (isDev)
    watchSources({
      worker: () => workers.forEach((each) => each.restart()),
      web: () => web.restart(),
      sandbox: () => acme?.child.restart(),
    });
  if (stopping.signal.aborted) return;
  if (acme) say(await acme.line);
  say(`Patchbay is ready: ${env.publicUrl}`);
}

function startProcesses(
  env: Env,
  productEnv: NodeJS.ProcessEnv,
): { web: SupervisedChild; workers: SupervisedChild[] } {
  const web = supervise({
    name: 'web',
    args: [...WEB_NODE_OPTIONS, resolve(ROOT, 'server/web.ts'), ...(isDev ? ['--dev'] : [])],
    env: productEnv,
    say,
  });
  const workers = Array.from({ length: env.PATCHBAY_WORKERS }, (_, index) =>
    supervise({
      name: `worker ${index + 1}`,
      args: [resolve(ROOT, 'worker/main.ts')],
      env: { ...productEnv, ...workerPort(env, index) },
      say,
    }),
  );
  return { web, workers };
}

/** Each worker answers probes on a port of its own. */
function workerPort({ PATCHBAY_WORKER_PORT: first }: Env, index: number): { PATCHBAY_WORKER_PORT?: string } {
  return first === undefined ? {} : { PATCHBAY_WORKER_PORT: String(first + index) };
}

/** `line` says what came of it, for people. It never rejects: Patchbay runs with or without Acme. */
function startSandbox({ url, ownEnv }: PreparedSandbox): { child: SupervisedChild; line: Promise<string> } {
  const args = [resolve(ROOT, 'sandbox/main.ts')];
  const child = supervise({ name: 'sandbox app', args, env: ownEnv, say });
  const line = child.ready.then(
    () => `The sandbox app Acme is at ${url}`,
    (cause: unknown) => `${messageOf(cause)} Patchbay runs without it.`,
  );
  return { child, line };
}

function supervise(spec: ChildSpec): SupervisedChild {
  const child = superviseChild(spec);
  started.children.push(child);
  return child;
}

function stopAsked(): Promise<void> {
  if (stopping.signal.aborted) return Promise.resolve();
  return new Promise((done) => stopping.signal.addEventListener('abort', () => done(), { once: true }));
}

/** The processes first, side by side; the database last, when nobody needs it. */
async function stop(): Promise<void> {
  await Promise.all(started.children.map((child) => child.stop()));
  await started.database?.stop();
}

function listenForStop(): void {
  let askedAt = 0;
  const ask = (): void => {
    const now = performance.now();
    if (stopping.signal.aborted && now - askedAt > SAME_SIGNAL_MS) return force();
    if (stopping.signal.aborted) return;
    askedAt = now;
    if (started.children.length > 0) say('Stopping …');
    stopping.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  // The launcher died without a word.
  process.on('disconnect', ask);
}

/** Somebody asked twice: nothing is waited for. Postgres still ends by its own rules, else its next start must recover. */
function force(): void {
  for (const child of started.children) child.kill();
  const end = (): never => process.exit(1);
  (started.database?.stop() ?? Promise.resolve()).then(end, end);
}

function fail(cause: unknown): void {
  isFailed = true;
  if (cause instanceof ChildFailure && cause.hasSpoken) return;
  const isPlain = PLAIN.some((kind) => cause instanceof kind);
  process.stderr.write(`${cause instanceof Error && !isPlain ? cause.stack : messageOf(cause)}\n`);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

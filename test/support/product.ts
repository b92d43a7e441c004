import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { createTestDatabase } from '#test/support/database.ts';
import { freePort } from '#test/support/free-port.ts';
import { childrenOf } from '#test/support/processes.ts';
import { waitFor } from '#test/support/wait-for.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Long enough for a build of the pages on a busy machine. */
const START_MS = 600_000;

export interface ProductOptions {
  /** Over the defaults; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A database that the caller owns. Default: a fresh one, dropped at the end. */
  readonly database?: { readonly url: string };
  /** Uses the embedded Postgres with its own durability settings instead of a test database, whose fsync is off. */
  readonly durable?: boolean;
  /** Where keys and the embedded database are. Default: a fresh folder, removed at the end. */
  readonly dataDir?: string;
}

export interface Product {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** With the rights of the owner. */
  readonly apiKey: string;
  readonly ownerEmail: string;
  readonly ownerPassword: string;
  readonly databaseUrl: string;
  /** The supervisor's process. */
  readonly pid: number;
  /** All that the product printed so far. */
  output(): string;
  webPid(): Promise<number>;
  workerPids(): Promise<readonly number[]>;
  /** Sends a signal to one worker and returns its process id. */
  killWorker(signal: NodeJS.Signals): Promise<number>;
  /** Stops it gracefully and returns the exit code. A second call does nothing more. */
  stop(): Promise<number | null>;
}

/**
 * Starts the real product, as `npm start` does: supervisor, built web process, worker; on a free port, with an owner
 * and an API key, and with loopback allowed as a far end.
 */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const ownDataDir = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const own = options.durable || options.database ? undefined : await createTestDatabase();
  const database = options.durable ? undefined : (options.database ?? own);
  const owner = { email: 'owner@example.com', password: 'correct horse battery staple' };
  const apiKey = `pb_test_${randomBytes(24).toString('hex')}`;
  const port = await freePort();
  const supervisor = launch({
    ...process.env,
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: database?.url,
    PATCHBAY_DATA_DIR: dataDir,
    PATCHBAY_SECRET_KEY: database ? randomBytes(32).toString('base64') : undefined,
    PATCHBAY_OWNER_EMAIL: owner.email,
    PATCHBAY_OWNER_PASSWORD: owner.password,
    PATCHBAY_OWNER_API_KEY: apiKey,
    PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8,::1/128',
    LOG_LEVEL: 'warn',
    ...options.env,
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitFor('the product to start', () => supervisor.isReady() || supervisor.hasEnded(), START_MS);
    if (!supervisor.isReady()) throw new Error(`The product did not start:\n${supervisor.output()}`);
  } catch (cause) {
    await supervisor.stop();
    throw cause;
  }

  const pidsOf = async (entry: string): Promise<readonly number[]> => {
    const children = await childrenOf(supervisor.pid);
    return children.filter((child) => child.command.includes(entry)).map((child) => child.pid);
  };
  return {
    url,
    apiKey,
    ownerEmail: owner.email,
    ownerPassword: owner.password,
    databaseUrl: database?.url ?? (await embeddedUrl(dataDir)),
    pid: supervisor.pid,
    output: supervisor.output,
    webPid: () => waitFor('a web process', async () => (await pidsOf('server/web.ts'))[0]),
    workerPids: () => pidsOf('worker/main.ts'),
    killWorker: async (signal) => {
      const pid = await waitFor('a worker', async () => (await pidsOf('worker/main.ts'))[0]);
      process.kill(pid, signal);
      return pid;
    },
    stop: async () => {
      const code = await supervisor.stop();
      await own?.drop();
      if (ownDataDir) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

interface Launched {
  readonly pid: number;
  output(): string;
  isReady(): boolean;
  hasEnded(): boolean;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  stop(): Promise<number | null>;
}

/** Starts the supervisor as `npm start` would, once everything is installed; or another command, such as npm itself. */
export function launch(
  env: NodeJS.ProcessEnv,
  [program, ...args]: readonly [string, ...string[]] = [process.execPath, join(ROOT, 'scripts/supervise.ts')],
): Launched {
  // The test runner's own mode is not the product's.
  const { NODE_ENV: _mode, VITEST: _runner, ...productEnv } = env;
  const child: ChildProcess = spawn(program, args, {
    cwd: ROOT,
    // The sandbox app takes a port and a process of its own: only for who asks for it.
    env: { PATCHBAY_SANDBOX: 'off', ...(productEnv as NodeJS.ProcessEnv) },
    // The channel ends the product when the test process dies.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exit = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  return {
    pid: child.pid ?? -1,
    output: () => said,
    isReady: () => said.includes('Patchbay is ready'),
    ended: exit,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: () => {
      child.kill('SIGTERM');
      return exit;
    },
  };
}

/** A folder that Postgres's own user may pass through, as which it runs when the tests run as root. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-product-'));
  await chmod(folder, 0o711);
  return folder;
}

async function embeddedUrl(dataDir: string): Promise<string> {
  const password = (await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim();
  const port = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[3];
  return `postgresql://patchbay:${password}@127.0.0.1:${port}/patchbay`;
}

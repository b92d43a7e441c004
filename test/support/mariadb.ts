import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import type { Pair } from '#test/support/certificates.ts';
import { freePort } from '#test/support/free-port.ts';
import { waitFor } from '#test/support/wait-for.ts';

const run = promisify(execFile);

export interface MariaDb {
  readonly port: number;
  /** Runs SQL as the administrator, behind the product's back; resolves to what the client prints. */
  sql(text: string): Promise<string>;
  stop(): Promise<void>;
}

/** True where this machine has a MariaDB (Debian: mariadb-server-core, mariadb-client-core). npm brings none. */
export function hasMariaDb(): boolean {
  return PROGRAMS.every((name) => find(name) !== undefined);
}

const PROGRAMS = ['mariadbd', 'mariadb-install-db', 'mariadb'];

/** Starts a MariaDB of its own on loopback; with a pair, it offers TLS. */
export async function startMariaDb(pair?: Pair): Promise<MariaDb> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-mariadb-'));
  await chmod(folder, 0o711);
  const dataDir = join(folder, 'data');
  const socket = join(folder, 'socket');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  await run(find('mariadb-install-db')!, [
    ...[
      '--no-defaults',
      `--datadir=${dataDir}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    ...asRoot,
  ]);
  const tls = pair ? await writePair(folder, pair) : ['--skip-ssl'];
  const port = await freePort();
  const server = spawn(
    find('mariadbd')!,
    [
      ...[
        '--no-defaults',
        `--datadir=${dataDir}`,
        `--socket=${socket}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
      ],
      ...[
        '--innodb-flush-log-at-trx-commit=0',
        '--innodb-buffer-pool-size=16M',
        `--pid-file=${join(folder, 'pid')}`,
      ],
      ...tls,
      ...asRoot,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((done) => server.once('exit', () => done()));
  const sql = async (text: string) => {
    const args = [
      '--no-defaults',
      `--socket=${socket}`,
      '--user=root',
      '--skip-column-names',
      '--batch',
      '-e',
      text,
    ];
    return (await run(find('mariadb')!, args)).stdout.trim();
  };
  await waitFor('MariaDB', () => isOpen(port), 60_000);
  return {
    port,
    sql,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writePair(folder: string, { cert, key }: Pair): Promise<string[]> {
  const files = { cert: join(folder, 'server.crt'), key: join(folder, 'server.key') };
  const { uid, gid } = await stat(folder);
  for (const [file, text] of [
    [files.cert, cert],
    [files.key, key],
  ] as const) {
    await writeFile(file, text, { mode: 0o600 });
    await chown(file, uid, gid);
  }
  return [`--ssl-cert=${files.cert}`, `--ssl-key=${files.key}`];
}

function find(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    const end = (isFine: boolean) => {
      socket.destroy();
      done(isFine);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
  });
}

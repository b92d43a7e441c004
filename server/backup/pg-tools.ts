import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { BackupError } from '#server/backup/backup-error.ts';

const run = promisify(execFile);

/**
 * Where Postgres's own program is, in `binDir` (`PATCHBAY_PG_BIN`) or else on the PATH, of a major version that can serve
 * a server of the given one. Null when there is none.
 */
export async function findPgTool(
  name: 'pg_dump' | 'pg_restore',
  wanted: { readonly major: number; readonly binDir: string | undefined },
): Promise<string | null> {
  const folders = wanted.binDir ? [wanted.binDir] : (process.env['PATH'] ?? '').split(delimiter);
  for (const path of folders.map((folder) => join(folder, name))) {
    if (!existsSync(path)) continue;
    const said = await run(path, ['--version']).catch(() => null);
    if (Number(/ (\d+)/.exec(said?.stdout ?? '')?.[1] ?? 0) >= wanted.major) return path;
  }
  return null;
}

/** Runs it against a database, whose password does not appear on the command line. Throws with what it said. */
export async function runPgTool(program: string, url: string, args: readonly string[]): Promise<void> {
  const target = new URL(url);
  const { password } = target;
  target.password = '';
  const child = spawn(program, [...args, `--dbname=${target.href}`], {
    env: { ...process.env, ...(password && { PGPASSWORD: decodeURIComponent(password) }) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code !== 0) throw new BackupError(`${program} failed: ${said.trim() || `exit code ${code}`}`);
}

/** The names of the migrations in a backup of pg_dump's custom format. */
export async function migrationsInCustom(pgRestore: string, file: string): Promise<string[]> {
  const args = ['--data-only', '--table=_prisma_migrations', '--file=-', file];
  const { stdout } = await run(pgRestore, args, { maxBuffer: 64 * 1_048_576 });
  return [...stdout.matchAll(/\t(\d{4}_[a-z0-9_]+)\t/g)].map((match) => match[1]!);
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 600_000;

/** Another product cannot be had on this machine; the message says why. */
export class PeerError extends Error {
  override name = 'PeerError';
}

/**
 * Installs another product from npm into the folder for temporary files, once; resolves to that folder. Throws `PeerError`.
 *
 * @param npmArgs further arguments of `npm install`.
 */
export async function installPeer(
  name: string,
  version: string,
  npmArgs: readonly string[] = [],
): Promise<string> {
  const folder = join(tmpdir(), 'patchbay-peers', `${name}-${version}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  process.stderr.write(`Installing ${name} ${version} into ${folder} …\n`);
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact', ...npmArgs];
  try {
    await run('npm', [...args, `${name}@${version}`], { cwd: folder, timeout: INSTALL_MS });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new PeerError(`${name} ${version} cannot be installed from npm on this machine: ${said}`, {
      cause,
    });
  }
  await writeFile(done, '');
  return folder;
}

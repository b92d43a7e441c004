import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 600_000;

/** Installs another product from npm into the folder for temporary files, once; resolves to that folder. */
export async function installPeer(name: string, version: string): Promise<string> {
  const folder = join(tmpdir(), 'patchbay-peers', `${name}-${version}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  process.stderr.write(`Installing ${name} ${version} into ${folder} …\n`);
  await run('npm', ['install', '--no-audit', '--no-fund', '--save-exact', `${name}@${version}`], {
    cwd: folder,
    timeout: INSTALL_MS,
  });
  await writeFile(done, '');
  return folder;
}

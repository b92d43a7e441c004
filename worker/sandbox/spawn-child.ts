import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve, sep } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export type ChildStdio = ChildProcessByStdio<Writable, Readable, Readable>;

const HERE = realpathSync(import.meta.dirname);
const PACKAGES = [
  'quickjs-emscripten-core',
  '@jitl/quickjs-wasmfile-release-sync',
  '@jitl/quickjs-ffi-types',
];

/**
 * Starts the process that people's code runs in: no environment, no working directory of ours, nothing inherited but the
 * three pipes; Node's permission model lets it read its own modules and nothing else, and start nothing.
 */
export function spawnChild(): ChildStdio {
  return spawn(process.execPath, [...flags(), resolve(HERE, 'child.ts')], {
    // Next's types ask for a NODE_ENV.
    env: {} as NodeJS.ProcessEnv,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

function flags(): string[] {
  return [
    '--permission',
    ...readable().map((path) => `--allow-fs-read=${path}`),
    // For the watchdog.
    '--allow-worker',
    '--no-addons',
    '--no-warnings',
    '--disable-sigusr1',
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--max-old-space-size=128',
    '--expose-gc',
  ];
}

function readable(): readonly string[] {
  return [`${HERE}${sep}`, ...PACKAGES.map((name) => `${packageDirectory(name)}${sep}`)];
}

function packageDirectory(name: string): string {
  const entry = realpathSync(createRequire(import.meta.url).resolve(name));
  const folder = join('node_modules', name);
  return entry.slice(0, entry.lastIndexOf(folder) + folder.length);
}

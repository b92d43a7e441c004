#!/usr/bin/env node
// Runs on any Node from 20 on: finds one that runs TypeScript as it is, then hands over to main.ts.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const WANTED_MAJOR = 24;
/** Compiled code is kept: a command starts in half the time. */
const COMPILED = join(HERE, '..', 'node_modules', '.cache', 'node');

const node = findNode();
if (!node) {
  process.stderr.write(
    `The patchbay command needs Node ${WANTED_MAJOR} or newer, this is ${process.version}. Run npm install in ${dirname(HERE)}, which brings it, or install it from nodejs.org.\n`,
  );
  process.exitCode = 1;
} else if (node === process.execPath) {
  module.enableCompileCache?.(COMPILED);
  await import('./main.ts');
} else {
  const child = spawn(node, [join(HERE, 'main.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: COMPILED, ...process.env },
  });
  // A terminal sends the signal to the child too; here it only must not end the parent first.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1);
  });
}

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) return process.execPath;
  const brought = join(HERE, '..', 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(brought) ? brought : undefined;
}

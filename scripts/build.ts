import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const pack = promisify(brotliCompress);

const ROOT = resolve(import.meta.dirname, '..');
const STAMP = join(ROOT, '.next', 'patchbay-built-from');
const LOCK = join(ROOT, 'node_modules', '.cache', 'patchbay-build.lock');
const SOURCES = ['app', 'components', 'connectors', 'core', 'public', 'server'];
const FILES = [
  'next.config.ts',
  'package-lock.json',
  'package.json',
  'postcss.config.mjs',
  'prisma/schema.prisma',
  'tsconfig.json',
];

/** The pages do not build; its message is what the builder said. */
export class BuildError extends Error {
  override name = 'BuildError';
}

/**
 * Builds the pages for production when their sources changed since the last build. Two at once wait for each other.
 * Throws with the builder's own words when it fails.
 *
 * @param options.say is called once, when there is something to build.
 */
export async function buildWhenStale(options: {
  say: (line: string) => void;
  signal?: AbortSignal;
}): Promise<void> {
  const release = await takeLock();
  try {
    const wanted = await hashSources();
    if (existsSync(STAMP) && (await readFile(STAMP, 'utf8')) === wanted) return;
    options.say('Building the pages (half a minute) …');
    await rm(STAMP, { force: true });
    await runBuilder(options.signal);
    await packAssets(join(ROOT, '.next', 'static'));
    await writeFile(STAMP, wanted);
  } finally {
    await release();
  }
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const path of [...FILES, ...(await listSources())].filter((each) => existsSync(join(ROOT, each)))) {
    hash.update(path).update(await readFile(join(ROOT, path)));
  }
  return hash.digest('hex');
}

async function listSources(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of SOURCES.filter((each) => existsSync(join(ROOT, each)))) {
    const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries)
      if (entry.isFile()) found.push(join(entry.parentPath.slice(ROOT.length + 1), entry.name));
  }
  return found.sort();
}

async function runBuilder(signal: AbortSignal | undefined): Promise<void> {
  const next = join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next');
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal ? { signal } : {}),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise<void>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) =>
      code === 0 ? done() : fail(new BuildError(`The pages could not be built:\n${said.trim()}`)),
    );
  });
}

/** Packs scripts and styles once, as small as Brotli can; the web process sends them so. */
async function packAssets(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(js|css)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(
    paths.map(async (path) => {
      const content = await readFile(path);
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      };
      await writeFile(`${path}.br`, await pack(content, { params }));
    }),
  );
}

/** A file that names its owner, so that the next one can tell a dead owner from a slow one. */
async function takeLock(): Promise<() => Promise<void>> {
  await mkdir(resolve(LOCK, '..'), { recursive: true });
  for (;;) {
    try {
      const file = await open(LOCK, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(LOCK, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      const owner = Number(await readFile(LOCK, 'utf8').catch(() => ''));
      if (owner > 0 && !isAlive(owner)) await rm(LOCK, { force: true });
      else await sleep(250);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

if (import.meta.main) {
  await buildWhenStale({ say: (line) => console.log(line) });
}

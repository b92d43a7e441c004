// Runs on any Node from 20 on, with nothing installed: built-in modules only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..');
const WANTED_MAJOR = 24;

/** A fault with a remedy: shown as one sentence, without a stack. */
export class PlainError extends Error {}

/** Makes the checkout ready to run TypeScript: packages, Node 24, Prisma client. Returns that Node's path. */
export function bootstrap(say = (line) => process.stderr.write(`${line}\n`)) {
  if (!isInstalled()) install(say);
  const node = findNode();
  if (!isClientFresh()) generateClient(node, say);
  return node;
}

/** True when node_modules holds what package-lock.json names; npm writes its own record at the end of an install. */
function isInstalled() {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    // Packages for other platforms, and optional ones that failed, are missing rightly.
    if (!found) return entry.optional === true || entry.peer === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function install(say) {
  say('Installing packages (about a minute the first time) …');
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, process.env.npm_execpath]
    : ['npm'];
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const [program, ...first] = npm;
  const { status, error, stdout, stderr } = spawnSync(program, [...first, ...args], {
    cwd: ROOT,
    // Prisma would download a binary that nothing here uses, unless it is told of an executable.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    encoding: 'utf8',
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  throw new PlainError(`npm ci failed${error ? ` (${error.message})` : ''}: see above, then try again.`);
}

/** This Node when it is new enough, else the one that npm brought. */
export function findNode() {
  if (majorOf(process.version) >= WANTED_MAJOR) return process.execPath;
  const brought = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(brought)) return brought;
  throw new PlainError(
    `Patchbay needs Node ${WANTED_MAJOR} or newer, this is ${process.version}, and npm has none for ${process.platform} ${process.arch}: install it from nodejs.org.`,
  );
}

function majorOf(version) {
  return Number(version.replace(/^v/, '').split('.')[0]);
}

const CLIENT_STAMP = join(ROOT, 'prisma', 'generated', '.made-from');

function clientSource() {
  const schema = readFileSync(join(ROOT, 'prisma', 'schema.prisma'));
  const prisma = readFileSync(join(ROOT, 'node_modules', 'prisma', 'package.json'));
  return createHash('sha256').update(schema).update(prisma).digest('hex');
}

function isClientFresh() {
  return existsSync(CLIENT_STAMP) && readFileSync(CLIENT_STAMP, 'utf8') === clientSource();
}

function generateClient(node, say) {
  say('Generating the database client …');
  rmSync(CLIENT_STAMP, { force: true });
  const cli = join(ROOT, 'node_modules', 'prisma', 'build', 'index.js');
  const { status, stdout, stderr } = spawnSync(node, [cli, 'generate'], {
    cwd: ROOT,
    env: {
      ...productEnvironment(node),
      PRISMA_SCHEMA_ENGINE_BINARY: node,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
    encoding: 'utf8',
  });
  if (status !== 0) {
    process.stderr.write(`${stdout}${stderr}`);
    throw new PlainError('The database client could not be generated from prisma/schema.prisma: see above.');
  }
  writeFileSync(CLIENT_STAMP, clientSource());
}

/** The environment of every process of ours: that Node and the installed programs come first. */
export function productEnvironment(node, extra = {}) {
  const path = [dirname(node), join(ROOT, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return {
    // Compiled code is kept: a process starts in half the time.
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node'),
    ...process.env,
    PATH: path,
    NEXT_TELEMETRY_DISABLED: '1',
    ...extra,
  };
}

/**
 * Runs a TypeScript entry point with its arguments and ends with its exit code; signals are passed on. The message
 * channel lets the child notice when this process dies without a word.
 */
export function runEntry(node, entry, args) {
  const child = spawn(node, [join(ROOT, entry), ...args], {
    env: productEnvironment(node),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // Out of the terminal's group: Ctrl+C reaches it once, from here.
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  whenNpmDies(() => child.kill('SIGTERM'));
  child.once('error', (cause) => fail(cause));
  child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

/** npm that was killed passes nothing on; what it started would stay behind. */
function whenNpmDies(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 1_000);
  timer.unref();
}

/** Says what went wrong and ends with 1. */
export function fail(cause) {
  process.stderr.write(`${cause instanceof PlainError ? cause.message : (cause?.stack ?? String(cause))}\n`);
  process.exit(1);
}

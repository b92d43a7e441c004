import { spawn } from 'node:child_process';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ensureChromium } from '#scripts/chromium.ts';

const ROOT = resolve(import.meta.dirname, '..');

interface Counts {
  readonly passed: number;
  readonly failed: number;
}
interface Step {
  readonly name: string;
  run(): Promise<Counts>;
}

/**
 * What `npm test` runs, to the end whatever fails: each check counts as one test, each test as itself. The last line
 * is the sum, alone: `N passed, N failed`.
 */
const reports = await mkdtemp(join(tmpdir(), 'patchbay-reports-'));
const build = check('build', ['node', 'scripts/build.ts']);
/** They wait for nothing, so two fill two cores; the longest goes first. */
const checks: readonly Step[] = [
  check('lint', ['eslint', '--max-warnings=0', '.']),
  check('types', ['next', 'typegen'], ['tsc', '--noEmit']),
  check('formatting', ['prettier', '--check', '.']),
  check('import rules', ['node', 'scripts/check-imports.ts']),
  check('dead code', ['knip', '--no-progress']),
  check('duplicates', ['jscpd']),
  check('generated files', ['node', 'scripts/check-generated.ts']),
];
/**
 * One after the other, beside the checks, because they mostly wait: they start the product, kill its processes, and compare what was
 * acknowledged with what happened.
 */
const losses: readonly Step[] = [
  check('no loss through kills', chaos('storm', '--seconds', '45', '--rate', '12', '--kills', '14')),
  check('no loss with the queue', chaos('queue', '--seconds', '8')),
  check('one run each for repeated events', chaos('duplicates', '--events', '100', '--kills', '2')),
];
const tests: readonly Step[] = [
  { name: 'unit and integration tests', run: runVitest },
  { name: 'browser tests', run: runPlaywright },
];

stopTogether();
const total = { passed: 0, failed: 0 };
const summary: string[] = [];
await carryOut(build);
const waiting = [...checks];
await Promise.all([carryOutAll(waiting), carryOutAll(waiting), carryOutAll([...losses])]);
await carryOutAll([...tests]);
await rm(reports, { recursive: true });
process.stdout.write(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 ? 1 : 0);

/** Takes steps off the list until none is left. */
async function carryOutAll(list: Step[]): Promise<void> {
  for (let next = list.shift(); next; next = list.shift()) await carryOut(next);
}

async function carryOut(step: Step): Promise<void> {
  process.stdout.write(`\n── ${step.name}\n`);
  const startedAt = performance.now();
  const { passed, failed } = await step.run();
  total.passed += passed;
  total.failed += failed;
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  summary.push(
    `${failed === 0 ? 'ok    ' : 'FAILED'} ${step.name}: ${passed} passed, ${failed} failed, ${seconds} s`,
  );
}

/** The launcher made this process the leader of a group: whatever the steps started ends with it. */
function stopTogether(): void {
  const end = (): void => {
    process.removeAllListeners('SIGTERM');
    process.kill(-process.pid, 'SIGTERM');
    process.exit(1);
  };
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.once(event, end);
}

/** A check that passes or fails as a whole; what it says is shown only when it fails. */
function check(name: string, ...commands: readonly (readonly string[])[]): Step {
  return {
    name,
    run: async () => {
      for (const command of commands) {
        const { code, output } = await execute(command, { isShown: false });
        if (code === 0) continue;
        process.stdout.write(`\n── ${name} failed\n${output.trim()}\n`);
        return { passed: 0, failed: 1 };
      }
      return { passed: 1, failed: 0 };
    },
  };
}

/** A short tier of `npm run chaos`. */
function chaos(scenario: string, ...options: readonly string[]): readonly string[] {
  return ['node', 'test/chaos/main.ts', '--scenario', scenario, ...options];
}

async function runVitest(): Promise<Counts> {
  const file = join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code } = await execute(['vitest', 'run', ...reporters], { isShown: true });
  const report = await readReport<{ numPassedTests: number; numFailedTests: number }>(file);
  return wholeCounts(code, { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 });
}

async function runPlaywright(): Promise<Counts> {
  const file = join(reports, 'playwright.json');
  try {
    process.env.PATCHBAY_CHROMIUM = await ensureChromium((line) => process.stdout.write(`${line}\n`));
  } catch (cause) {
    process.stdout.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    return { passed: 0, failed: 1 };
  }
  process.env.PLAYWRIGHT_JSON_OUTPUT_NAME = file;
  const { code } = await execute(['playwright', 'test', '--reporter=list,json'], { isShown: true });
  const report = await readReport<{ stats: { expected: number; unexpected: number; flaky: number } }>(file);
  const { expected = 0, unexpected = 0, flaky = 0 } = report?.stats ?? {};
  return wholeCounts(code, { passed: expected, failed: unexpected + flaky });
}

/** A runner that failed without a failed test (a crash, a leak, nothing found) counts as one failure. */
function wholeCounts(code: number, counts: Counts): Counts {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function readReport<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Runs a program from node_modules/.bin; never rejects. */
function execute(
  command: readonly string[],
  options: { isShown: boolean },
): Promise<{ readonly code: number; readonly output: string }> {
  const [program = '', ...args] = command;
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: options.isShown ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', (cause) => done({ code: 1, output: cause.message }));
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}

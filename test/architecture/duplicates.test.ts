import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, expect, test } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const FOLDERS = ['app', 'cli', 'components', 'connectors', 'core', 'sandbox', 'scripts', 'server', 'worker'];
const run = promisify(execFile);
let root = '';

afterEach(() => rm(root, { recursive: true, force: true }));

/** The product's own settings of the duplicate check, on a tree with one file under the given names. */
async function checkCopies(
  names: readonly string[],
): Promise<{ readonly code: number; readonly said: string }> {
  root = await mkdtemp(join(tmpdir(), 'patchbay-duplicates-'));
  for (const folder of FOLDERS) await mkdir(join(root, folder));
  await cp(join(REPOSITORY, '.jscpd.json'), join(root, '.jscpd.json'));
  for (const name of names) await cp(join(REPOSITORY, 'core/plan.ts'), join(root, name));
  return run(join(REPOSITORY, 'node_modules/.bin/jscpd'), [], { cwd: root }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (cause: { code: number; stdout: string }) => ({ code: cause.code, said: cause.stdout }),
  );
}

test('the duplicate check catches a planted copy', async () => {
  const { code, said } = await checkCopies(['core/plan.ts', 'server/plan-again.ts']);
  expect(code).not.toBe(0);
  expect(said).toContain('plan-again.ts');
});

test('the duplicate check accepts the same file once', async () => {
  expect((await checkCopies(['core/plan.ts'])).code).toBe(0);
});

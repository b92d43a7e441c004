import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import { checkImports } from '#scripts/check-imports.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const planted: string[] = [];

afterEach(async () => {
  await Promise.all(planted.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** A small tree of its own, with the same import map as the product. */
async function plant(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-imports-'));
  planted.push(root);
  const folders = ['app', 'cli', 'components', 'connectors', 'core', 'sandbox', 'server', 'test', 'worker'];
  const imports = Object.fromEntries(folders.map((folder) => [`#${folder}/*`, `./${folder}/*`]));
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'planted', type: 'module', imports }));
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), source);
  }
  return root;
}

async function rulesBrokenBy(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))].filter(
    (folder) => folder !== 'node_modules',
  );
  const { violations } = await checkImports(await plant(files), folders);
  return violations.map((violation) => violation.split(':')[0] ?? '');
}

describe('the import rules', () => {
  test('hold for the whole product, having read all of it', async () => {
    const report = await checkImports(REPOSITORY);
    expect(report.violations).toEqual([]);
    expect(report.modules).toBeGreaterThan(100);
  });

  test.each<[string, string, Record<string, string>]>([
    [
      'core reaching into server',
      'core-alone',
      {
        'core/a.ts': "import { b } from '#server/b.ts';\nexport const a = b;",
        'server/b.ts': 'export const b = 1;',
      },
    ],
    [
      'core reading a file',
      'core-pure-node',
      { 'core/a.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;" },
    ],
    [
      'core using an unlisted package',
      'core-pure-npm',
      {
        'core/a.ts': "import x from 'rogue';\nexport const a = x;",
        'node_modules/rogue/package.json': '{ "name": "rogue", "version": "1.0.0", "main": "index.js" }',
        'node_modules/rogue/index.js': 'module.exports = 1;',
      },
    ],
    [
      'a component reaching into server',
      'components',
      {
        'components/a.tsx': "import { b } from '#server/b.ts';\nexport const a = b;",
        'server/b.ts': 'export const b = 1;',
      },
    ],
    [
      'a component reaching handlers through a neighbour',
      'components-no-handlers',
      {
        'components/a.tsx': "import { b } from '#connectors/x/words.ts';\nexport const a = b;",
        'connectors/x/words.ts': "import { c } from './handlers.ts';\nexport const b = c;",
        'connectors/x/handlers.ts': 'export const c = 1;',
      },
    ],
    [
      'a definition reaching its handler',
      'definitions-browser-safe',
      {
        'connectors/x/definition.ts': "import { b } from './handlers.ts';\nexport const a = b;",
        'connectors/x/handlers.ts': 'export const b = 1;',
      },
    ],
    [
      'server importing a page',
      'app-is-a-top',
      {
        'server/a.ts': "import { b } from '../app/page.tsx';\nexport const a = b;",
        'app/page.tsx': 'export const b = 1;',
      },
    ],
    [
      'the product importing a test',
      'app-is-a-top',
      {
        'server/a.ts': "import { b } from '#test/b.ts';\nexport const a = b;",
        'test/b.ts': 'export const b = 1;',
      },
    ],
    [
      'the command line reaching into server',
      'cli',
      {
        'cli/a.ts': "import { b } from '#server/b.ts';\nexport const a = b;",
        'server/b.ts': 'export const b = 1;',
      },
    ],
    [
      'the sandbox app sharing code with Patchbay',
      'sandbox-alone',
      {
        'sandbox/a.ts': "import { b } from '#core/b.ts';\nexport const a = b;",
        'core/b.ts': 'export const b = 1;',
      },
    ],
    [
      'Patchbay importing the sandbox app',
      'sandbox-apart',
      {
        'server/a.ts': "import { b } from '#sandbox/b.ts';\nexport const a = b;",
        'sandbox/b.ts': 'export const b = 1;',
      },
    ],
    [
      'a circle',
      'no-circles',
      {
        'server/a.ts': "import { b } from './b.ts';\nexport const a = () => b;",
        'server/b.ts': "import { a } from './a.ts';\nexport const b = () => a;",
      },
    ],
    ['a module that nothing uses', 'no-orphans', { 'server/a.ts': 'export const a = 1;' }],
    [
      'an import of nothing',
      'no-unresolvable',
      { 'server/a.ts': "import { b } from '#server/gone.ts';\nexport const a = b;" },
    ],
  ])('catch %s', async (_what, rule, files) => {
    expect(await rulesBrokenBy(files)).toContain(rule);
  });

  test('accept the same shapes the right way round', async () => {
    const files = {
      'core/a.ts': 'export const a = 1;',
      'connectors/definitions.ts': "import { a } from '#core/a.ts';\nexport const d = a;",
      'server/b.ts': "import { d } from '#connectors/definitions.ts';\nexport const b = d;",
      'worker/main.ts': "import { b } from '#server/b.ts';\nb.toFixed();",
      'components/c.tsx': "import { d } from '#connectors/definitions.ts';\nexport const c = d;",
      'app/page.tsx':
        "import { c } from '#components/c.tsx';\nimport { b } from '#server/b.ts';\nexport default () => [b, c];",
    };
    expect(await rulesBrokenBy(files)).toEqual([]);
  });

  test('refuse to pass on an empty tree', async () => {
    await expect(checkImports(await plant({ 'core/readme.md': 'nothing' }), ['core'])).rejects.toThrow(
      '0 modules',
    );
  });
});

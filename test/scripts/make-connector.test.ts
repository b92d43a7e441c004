import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { exampleSchema } from '#scripts/reference/example.ts';
import { connectorName } from '#scripts/connector/connector-name.ts';
import { makeConnector } from '#scripts/make-connector.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

let copy: string;
let written: readonly string[];

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'patchbay-connector-'));
  for (const path of [
    'connectors',
    'core',
    'test/connectors',
    'test/support',
    'package.json',
    'tsconfig.json',
  ])
    await cp(join(ROOT, path), join(copy, path), { recursive: true });
  await mkdir(join(copy, 'docs/reference/examples'), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const only = {
    extends: './tsconfig.json',
    compilerOptions: { incremental: false },
    include: ['connectors/**/*.ts', 'test/connectors/apps/*.ts'],
  };
  await writeFile(join(copy, 'tsconfig.only.json'), JSON.stringify(only));
  await writeFile(
    join(copy, 'vitest.config.ts'),
    `export default { test: { include: ['test/**/*.test.ts'] } };\n`,
  );
  written = await makeConnector(connectorName('my_crm', 'My CRM', 'https://api.crm.example.com/v2/'), copy);
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** The output of a tool, which must succeed. */
async function tool(name: string, ...args: readonly string[]): Promise<string> {
  const done = await run(join(ROOT, 'node_modules/.bin', name), [...args], { cwd: copy }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(`${name} failed:\n${error.stdout}${error.stderr}`);
    },
  );
  return done.stdout;
}

describe('a connector that was just made', () => {
  it('is types that fit', { timeout: 180_000 }, async () => {
    await tool('tsc', '--noEmit', '--project', 'tsconfig.only.json');
  });

  it('passes the test of the registry and its own', { timeout: 180_000 }, async () => {
    const files = ['contract', 'apps/registry', 'apps/my-crm'].map(
      (name) => `test/connectors/${name}.test.ts`,
    );
    const output = await tool('vitest', 'run', '--reporter=verbose', ...files);
    expect(output).toContain('my_crm.create_item');
    expect(output).toContain('tells a refusal in the vendor’s words');
  });

  it('is formatted as the rest is', async () => {
    const options = ['--config', join(ROOT, '.prettierrc.json')];
    await tool('prettier', '--check', ...options, ...written);
  });

  it('has examples that are some', async () => {
    for (const operation of ['get_item', 'create_item']) {
      const text = await readFile(join(copy, `docs/reference/examples/my_crm.${operation}.json`), 'utf8');
      expect(exampleSchema.safeParse(JSON.parse(text)).error).toBeUndefined();
    }
  });

  it('is not made a second time', async () => {
    const again = makeConnector(connectorName('my_crm', 'My CRM', 'https://api.crm.example.com'), copy);
    await expect(again).rejects.toThrow(/is there already/);
  });
});

describe('names that cannot be one', () => {
  it.each([
    ['My-CRM', 'My CRM', 'https://api.example.com', /id of a connector/],
    ['crm_', 'My CRM', 'https://api.example.com', /id of a connector/],
    ['crm', '  ', 'https://api.example.com', /label/],
    ['crm', "Bob's", 'https://api.example.com', /label/],
    ['crm', 'CRM', 'http://api.example.com', /where an API begins/],
    ['crm', 'CRM', 'api.example.com', /where an API begins/],
    ['crm', 'CRM', "https://api.example.com/'+x", /where an API begins/],
  ])('%s %s %s', (id, label, baseUrl, words) => {
    expect(() => connectorName(id, label, baseUrl)).toThrow(words);
  });
});

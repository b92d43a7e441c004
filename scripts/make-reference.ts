import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { CONNECTORS } from '#connectors/definitions.ts';
import { connectorsPage } from '#scripts/reference/connectors-page.ts';
import { readExample } from '#scripts/reference/example.ts';
import { expressionPage } from '#scripts/reference/expression-page.ts';
import { flowPage } from '#scripts/reference/flow-page.ts';
import { indexPage } from '#scripts/reference/index-page.ts';
import { readJudged } from '#scripts/reference/judged.ts';
import { nodePage } from '#scripts/reference/node-page.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/reference');

/** Every page of the reference by its path in the folder, made from the registry. Throws when a type has no example. */
export async function makeReference(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map([
    ['README.md', indexPage()],
    ['expressions.md', expressionPage()],
    ['flows.md', await flowPage()],
    ['connectors.md', connectorsPage(await readJudged())],
  ]);
  for (const connector of CONNECTORS)
    for (const operation of connector.operations) {
      const type = `${connector.id}.${operation.id}`;
      pages.set(`nodes/${type}.md`, nodePage({ connector, operation, example: await readExample(type) }));
    }
  return new Map(
    await Promise.all([...pages].map(async ([path, text]) => [path, await tidy(text)] as const)),
  );
}

/** One line for every page that is not what it would be if it were made now. */
export async function staleReferencePages(): Promise<readonly string[]> {
  const made = await makeReference();
  const stored = await storedPages();
  const stale = [...new Set([...made.keys(), ...stored.keys()])].filter(
    (path) => made.get(path) !== stored.get(path),
  );
  return stale.map((path) => `docs/reference/${path} is out of date: node scripts/make-reference.ts`);
}

async function tidy(text: string): Promise<string> {
  const options = await resolveConfig(join(ROOT, 'README.md'));
  return format(text, { ...options, parser: 'markdown' });
}

async function storedPages(): Promise<ReadonlyMap<string, string>> {
  const files = await readdir(FOLDER, { withFileTypes: true, recursive: true });
  const paths = files
    .filter((file) => file.name.endsWith('.md'))
    .map((file) => join(file.parentPath, file.name));
  const read = async (path: string) => [relative(FOLDER, path), await readFile(path, 'utf8')] as const;
  return new Map(await Promise.all(paths.map(read)));
}

if (import.meta.main) {
  const made = await makeReference();
  for (const path of (await storedPages()).keys()) if (!made.has(path)) await rm(join(FOLDER, path));
  for (const [path, text] of made) {
    await mkdir(dirname(join(FOLDER, path)), { recursive: true });
    await writeFile(join(FOLDER, path), text);
  }
}

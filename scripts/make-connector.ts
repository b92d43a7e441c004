import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { connectorFiles } from '#scripts/connector/connector-files.ts';
import { connectorName, type ConnectorName } from '#scripts/connector/connector-name.ts';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * Writes a new connector with two operations, its test and its examples, and enters it into the registries. Gives back the paths
 * that it wrote. Throws a plain sentence where there is one of that name, or for a name that cannot be one; nothing is written then.
 */
export async function makeConnector(name: ConnectorName, root: string = ROOT): Promise<readonly string[]> {
  const files = connectorFiles(name);
  for (const path of Object.keys(files)) await refuseExisting(join(root, path));
  const registries = {
    'connectors/definitions.ts': await registered(root, { ...name, file: 'definition', list: 'CONNECTORS' }),
    'connectors/handlers.ts': await registered(root, { ...name, file: 'handlers', list: 'HANDLERS' }),
  };
  const options = await resolveConfig(join(ROOT, 'README.md'));
  for (const [path, text] of Object.entries({ ...files, ...registries })) {
    const parser = path.endsWith('.json') ? 'json' : 'typescript';
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), await format(text, { ...options, parser }));
  }
  return [...Object.keys(files), ...Object.keys(registries)];
}

async function refuseExisting(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new Error(`${path} is there already. Choose another id, or remove it first.`);
}

/** A registry with one import and one entry more, at the end of its list. */
async function registered(
  root: string,
  { folder, variable, file, list }: ConnectorName & { readonly file: string; readonly list: string },
): Promise<string> {
  const path = join(root, `connectors/${file === 'definition' ? 'definitions' : 'handlers'}.ts`);
  const text = await readFile(path, 'utf8');
  const entry = file === 'definition' ? `${variable},` : `...${variable}Handlers,`;
  const imported = file === 'definition' ? variable : `${variable}Handlers`;
  const begin = text.indexOf(`export const ${list}`);
  const end = text.indexOf('\n];', begin);
  const lastImport = text.lastIndexOf('\nimport ', begin);
  if (begin < 0 || end < 0 || lastImport < 0) throw new Error(`${path} does not look like a registry.`);
  return [
    text.slice(0, lastImport),
    `\nimport { ${imported} } from './${folder}/${file}.ts';`,
    text.slice(lastImport, end),
    `\n  ${entry}`,
    text.slice(end),
  ].join('');
}

if (import.meta.main) {
  const [id, label, baseUrl] = process.argv.slice(2);
  try {
    if (id === undefined || label === undefined || baseUrl === undefined)
      throw new Error('Usage: npm run make-connector -- <id> "<Label>" <address of its API>');
    const written = await makeConnector(connectorName(id, label, baseUrl));
    console.log(
      `${written.join('\n')}\n\nNext: node scripts/make-reference.ts, then docs/guides/write-a-connector.md.`,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

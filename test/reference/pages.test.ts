import { access, readFile, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { CONNECTORS } from '#connectors/definitions.ts';
import { FUNCTION_HELP } from '#core/expression/functions/function-help.ts';
import { schemaNode, type SchemaNode } from '#scripts/reference/describe-schema.ts';

const FOLDER = resolve(import.meta.dirname, '../../docs/reference');

const PAGES = (await readdir(FOLDER, { recursive: true })).filter((path) => path.endsWith('.md'));
const OPERATIONS = CONNECTORS.flatMap(({ id, operations }) =>
  operations.map((operation) => [`${id}.${operation.id}`, operation] as const),
);

function read(path: string): Promise<string> {
  return readFile(join(FOLDER, path), 'utf8');
}

/** Names of all settings, nested ones too. */
function settingNames({ properties = {}, items, oneOf = [], anyOf = [] }: SchemaNode): readonly string[] {
  const parts = [...Object.values(properties), ...(items ? [items] : []), ...oneOf, ...anyOf];
  return [...Object.keys(properties), ...parts.flatMap(settingNames)];
}

describe.each(PAGES)('%s', (path) => {
  it('holds text alone, and links to what there is', async () => {
    const text = await read(path);
    expect(text).not.toMatch(/\bundefined\b|\[object |NaN/);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link ?? '');
    for (const link of links) await access(join(FOLDER, dirname(path), link));
    expect(links.length).toBeGreaterThan(0);
  });
});

describe.each(OPERATIONS)('the page of %s', (type, operation) => {
  it('has every setting, port and the example output', async () => {
    const text = await read(`nodes/${type}.md`);
    for (const name of settingNames(schemaNode(operation.input, 'input'))) expect(text).toContain(name);
    if (Array.isArray(operation.outputs))
      for (const port of operation.outputs as readonly string[]) expect(text).toContain(`\`${port}\``);
    expect(text).toContain(operation.summary);
  });
});

it('lists every node type and every function', async () => {
  const index = await read('README.md');
  for (const [type] of OPERATIONS) expect(index).toContain(`(nodes/${type}.md)`);
  const functions = await read('expressions.md');
  for (const { name, parameters } of FUNCTION_HELP) expect(functions).toContain(`\`$${name}${parameters}\``);
});

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { expect, test } from 'vitest';

import { envSchema, parseEnv } from '#server/env.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../.env.example');

/** `NAME=value` and `# NAME=value` alike: the example shows optional variables as comments. */
async function readExample(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(EXAMPLE, 'utf8');
  return new Map(
    [...text.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

test('.env.example lists every variable that Patchbay reads, and no other', async () => {
  expect([...(await readExample()).keys()].sort()).toEqual(Object.keys(envSchema.shape).sort());
});

test('.env.example shows the defaults', async () => {
  const example = await readExample();
  const defaults = envSchema.parse({});
  for (const [name, value] of Object.entries(defaults)) {
    if (value === undefined) continue;
    expect(`${name}=${example.get(name)}`).toBe(`${name}=${String(value)}`);
  }
});

test('.env.example can be used as it is', async () => {
  expect(parseEnv(Object.fromEntries(await readExample())).publicUrl).toBe('http://127.0.0.1:3000');
});

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { expect, test } from 'vitest';

const FOLDER = resolve(import.meta.dirname, '../../docs/guides');
const guide = readFileSync(resolve(FOLDER, 'attacks.md'), 'utf8');
/** Each test that a row names: its file, and words of its name. */
const named = [...guide.matchAll(/\]\((\.\.\/\.\.\/test\/[^)]+)\) “([^”]+)”/g)];

test('every row of the guide to attacks names a test', () => {
  const rows = guide.split('\n').filter((line) => line.startsWith('|') && !/^\| (attack|-)/.test(line));
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => !row.includes('](../../test/'))).toEqual([]);
});

test.each(named.map(([, path = '', words = '']) => [path, words]))('%s has “%s”', (path, words) => {
  expect(readFileSync(resolve(FOLDER, path), 'utf8')).toContain(words);
});

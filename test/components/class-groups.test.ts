import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { extendTailwindMerge } from 'tailwind-merge';
import { expect, test } from 'vitest';

import { cn } from '#components/ui/cn.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** All of Tailwind, and the shadows that our theme adds, which it would take for colours. */
const twMerge = extendTailwindMerge({ extend: { theme: { shadow: ['popup', 'dialog'] } } });

/** Every class of Tailwind that stands in a text of the pages, without what says when it counts, such as `hover:`. */
function classesInSources(): readonly string[] {
  const found = new Set<string>();
  for (const folder of ['components', 'app'])
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name) || name.endsWith('class-groups.ts')) continue;
      const source = readFileSync(join(ROOT, folder, name), 'utf8');
      for (const [, , text = ''] of source.matchAll(/(["'`])((?:(?!\1)[^\\\n]|\\.)*)\1/g))
        for (const word of text.split(/\s+/)) found.add(withoutModifiers(word));
    }
  // Of a class that it knows, tailwind-merge leaves one where there are two.
  return [...found].filter((word) => /^!?[-a-z[]/.test(word) && twMerge(`${word} ${word}`) === word);
}

function withoutModifiers(word: string): string {
  let depth = 0;
  let start = 0;
  for (const [at, letter] of [...word].entries()) {
    if ('[('.includes(letter)) depth += 1;
    if ('])'.includes(letter)) depth -= 1;
    if (letter === ':' && depth === 0) start = at + 1;
  }
  return word.slice(start);
}

test('of any two classes in the sources the same remain as with all that tailwind-merge knows', () => {
  const classes = classesInSources();
  expect(classes.length).toBeGreaterThan(500);
  const wrong: string[] = [];
  for (const first of classes)
    for (const second of classes) {
      const both = `${first} ${second}`;
      if (cn(both) !== twMerge(both)) wrong.push(`${both}: ${cn(both)}, not ${twMerge(both)}`);
    }
  expect(wrong).toEqual([]);
});

test('a class replaces another only under the same conditions', () => {
  expect(cn('h-8 hover:h-8 pointer-coarse:h-10', 'h-7')).toBe('hover:h-8 pointer-coarse:h-10 h-7');
  expect(cn('px-2', false, undefined, ['px-0'])).toBe('px-0');
});

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { diffLines } from '#core/diff-flows/diff-lines.ts';

const anyText = fc
  .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
  .map((lines) => lines.join('\n'));

it('holds both texts, line by line and in order, and nothing twice that both have', () => {
  fc.assert(
    fc.property(anyText, anyText, (before, after) => {
      const lines = diffLines(before, after);
      const without = (kind: string) =>
        lines
          .filter((line) => line.kind !== kind)
          .map(({ text }) => text)
          .join('\n');
      expect(without('added')).toBe(before);
      expect(without('removed')).toBe(after);
      if (before === after) expect(lines.every(({ kind }) => kind === 'same')).toBe(true);
    }),
  );
});

it('keeps what is common in the middle', () => {
  expect(diffLines('a\nx\nb', 'a\ny\nx\nb').map(({ kind }) => kind)).toEqual([
    'same',
    'added',
    'same',
    'same',
  ]);
});

it('tells texts of very many lines as replaced, in bounded time and memory', () => {
  const many = (letter: string) =>
    Array.from({ length: 5_000 }, (_, index) => `${letter}${index}`).join('\n');
  const lines = diffLines(`same\n${many('a')}`, `same\n${many('b')}`);
  expect(lines).toHaveLength(10_001);
  expect(lines[0]).toEqual({ kind: 'same', text: 'same' });
});

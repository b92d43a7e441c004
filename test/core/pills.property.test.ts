import fc from 'fast-check';
import { expect, it } from 'vitest';

import { evaluateExpression } from '#core/expression.ts';
import { pillsInExpression, pillsInTemplate, wholePill } from '#core/pills/find-pills.ts';
import { readListMapping, writeListMapping } from '#core/pills/list-mapping.ts';
import { type PillPath, readPathAt, writePath } from '#core/pills/pill-path.ts';
import { island, literalText, pillTextOf, valueOfPillText } from '#core/pills/pill-text.ts';
import { sampleAt } from '#core/pills/sample-at.ts';
import { sourceToTemplate, templateToSource } from '#core/pills/template-source.ts';
import { parseTemplate } from '#core/template.ts';
import type { Json, JsonObject } from '#core/json.ts';

const ODD_NAMES = [
  'id',
  'first name',
  'x-github-delivery',
  'back`tick',
  '`',
  'quo"te',
  'and',
  'null',
  'function',
  'größe',
  '订单',
  '😀',
  '',
  ' ',
  'a.b',
  '[0]',
  '{{',
  '}}',
  '$steps',
  '0',
  'line\nbreak',
  '\\',
];
const name = fc.oneof(
  fc.constantFrom(...ODD_NAMES),
  fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }).filter((text) => !text.includes('\u0000')),
);
const part = fc.oneof(
  { weight: 4, arbitrary: name },
  { weight: 1, arbitrary: fc.integer({ min: -3, max: 99 }) },
);
const rest = fc.array(part, { maxLength: 5 });
const nodeId = fc.constantFrom('map', 'post2', 'A_1', 'in', 'or', 'null');
const contextParts = fc.oneof(
  fc.tuple(fc.constantFrom('trigger', 'item', 'run', 'vars'), rest).map(([root, more]) => [root, ...more]),
  fc.tuple(nodeId, rest).map(([id, more]) => ['steps', id, ...more]),
);
const path: fc.Arbitrary<PillPath> = fc.record({
  base: fc.constantFrom('context', 'variable'),
  parts: contextParts,
});
const itemPath: fc.Arbitrary<PillPath> = fc
  .tuple(
    name.filter((text) => text !== '' && !text.includes('`')),
    rest,
  )
  .map(([first, more]) => ({ base: 'item', parts: [first, ...more] }));

const words = fc.oneof(
  fc.constantFrom('', ' ', 'Order ', '{{', '}}', '"', '\\', '`', '{', '\n', '& $string(a)', 'größe 😀'),
  fc.string({ maxLength: 8 }),
);
type Segment = { readonly text: string } | { readonly pill: PillPath };
const segments: fc.Arbitrary<readonly Segment[]> = fc.array(
  fc.oneof(
    words.map((text) => ({ text })),
    path.map((pill) => ({ pill })),
  ),
  { maxLength: 6 },
);

function textOf(all: readonly Segment[]): string {
  const joined = all.reduce<Segment[]>((before, segment) => {
    const last = before.at(-1);
    return last && 'text' in last && 'text' in segment
      ? [...before.slice(0, -1), { text: last.text + segment.text }]
      : [...before, segment];
  }, []);
  return joined
    .map((segment, index) =>
      'pill' in segment ? island(segment.pill) : literalText(segment.text, index < joined.length - 1),
    )
    .join('');
}

it('a path is read as it was written, whatever its names', () => {
  fc.assert(
    fc.property(
      fc.oneof(path, itemPath),
      fc.constantFrom('', ' ', ' + 1', ')', '.{ "a": b }'),
      (pill, after) => {
        const source = writePath(pill);
        const read = readPathAt(source + after, 0, pill.base === 'item');
        expect(read).toEqual({ path: pill, end: source.length });
      },
    ),
    { numRuns: 2_000 },
  );
});

it('a pill alone is an expression that is shown as that pill again', () => {
  fc.assert(
    fc.property(path, (pill) => {
      const text = island(pill);
      const value = valueOfPillText(text, undefined, true);
      expect(value).toEqual({ $expr: writePath(pill) });
      expect(pillTextOf(value)).toBe(text);
      expect(wholePill(writePath(pill))).toEqual(pill);
      expect(pillsInExpression(writePath(pill))).toEqual([
        { from: 0, to: writePath(pill).length, path: pill },
      ]);
    }),
    { numRuns: 1_000 },
  );
});

it('words and pills in any order are a value whose text, pills and order are the same', () => {
  fc.assert(
    fc.property(segments, (all) => {
      const text = textOf(all);
      const value = valueOfPillText(text, undefined, true);
      expect(pillTextOf(value)).toBe(text);
      const wanted = all.flatMap((segment) => ('pill' in segment ? [segment.pill] : []));
      expect(pillsInTemplate(text).map((pill) => pill.path)).toEqual(wanted);
      for (const pill of pillsInTemplate(text))
        expect(text.slice(pill.from, pill.to)).toBe(island(pill.path));
    }),
    { numRuns: 1_000 },
  );
});

it('a template becomes JSONata and comes back as it was', () => {
  fc.assert(
    fc.property(segments, (all) => {
      const text = textOf(all);
      const template = parseTemplate(text);
      // One part alone is an expression or a text of its own, which the switch tells apart.
      fc.pre(template.ok && template.parts.length > 1);
      expect(sourceToTemplate(templateToSource(text))).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

it('a path leads JSONata to the sample that is shown', async () => {
  const plain = name.filter((text) => !['__proto__', 'constructor', 'prototype', ''].includes(text));
  await fc.assert(
    fc.asyncProperty(fc.array(plain, { minLength: 1, maxLength: 3 }), fc.integer(), async (names, leaf) => {
      const nested = names.reduceRight<Json>((value, each) => ({ [each]: value }), leaf);
      const scope: JsonObject = { trigger: { body: nested }, steps: {} };
      const pill: PillPath = { base: 'context', parts: ['trigger', 'body', ...names] };
      expect(sampleAt(pill, scope)).toBe(leaf);
      expect(await evaluateExpression(writePath(pill), scope as never)).toBe(leaf);
    }),
    { numRuns: 500 },
  );
});

it('a mapped list is read as it was written', () => {
  const fieldName = fc.oneof(name, fc.constantFrom('a', 'b', 'c', 'd'));
  const source = fc.oneof(
    itemPath.map(writePath),
    path.map((pill) => writePath({ ...pill, base: 'variable' })),
    fc.constantFrom('qty * price', '"x, y"', '$sum([a, b])', '$'),
  );
  const forbidden = ['__proto__', 'constructor', 'prototype'];
  const fields = fc
    .uniqueArray(fc.record({ name: fieldName, source }), { selector: (field) => field.name, maxLength: 5 })
    .map((all) => all.filter((field) => !forbidden.includes(field.name)));
  fc.assert(
    fc.property(path, fields, (list, all) => {
      const written = writeListMapping({ list, fields: all });
      expect(readListMapping(written)).toEqual({ list, fields: all });
    }),
    { numRuns: 500 },
  );
});

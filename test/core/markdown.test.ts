import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Block, type Inline, plainText } from '#core/markdown/markdown.ts';
import { noteTitle } from '#core/markdown/note-title.ts';
import { parseInline } from '#core/markdown/parse-inline.ts';
import { parseMarkdown } from '#core/markdown/parse-markdown.ts';

const text = (content: string): Inline => ({ kind: 'text', text: content });
const link = (href: string, label: string): Inline => ({ kind: 'link', href, content: [text(label)] });

describe('a text of one paragraph', () => {
  it('has bold, italics and code', () => {
    expect(parseInline('a **b *c*** `d*e*` __f__ _g_')).toEqual([
      text('a '),
      { kind: 'strong', content: [text('b '), { kind: 'emphasis', content: [text('c')] }] },
      text(' '),
      { kind: 'code', text: 'd*e*' },
      text(' '),
      { kind: 'strong', content: [text('f')] },
      text(' '),
      { kind: 'emphasis', content: [text('g')] },
    ]);
    expect(parseInline('`` a`b ``')).toEqual([{ kind: 'code', text: 'a`b' }]);
  });

  it('keeps signs that mark nothing', () => {
    for (const plain of ['order_line_id', '2 * 3 * 4', 'a ** b', '*', 'x_', '[a] (b)', '`a', '**a', '![a']) {
      expect(plainText(parseInline(plain)), plain).toBe(plain);
      expect(
        parseInline(plain).every(({ kind }) => kind === 'text'),
        plain,
      ).toBe(true);
    }
    expect(parseInline('\\*a\\* \\n')).toEqual([text('*a* \\n')]);
  });

  it('has links, written out or with a label, and no pictures', () => {
    expect(parseInline('[docs](https://a.example/x)')).toEqual([link('https://a.example/x', 'docs')]);
    expect(parseInline('[wiki](https://a.example/P_(x))')).toEqual([link('https://a.example/P_(x)', 'wiki')]);
    expect(parseInline('![cat](https://a.example/cat.png)')).toEqual([
      link('https://a.example/cat.png', 'cat'),
    ]);
    expect(parseInline('See https://a.example/b.')).toEqual([
      text('See '),
      link('https://a.example/b', 'https://a.example/b'),
      text('.'),
    ]);
    expect(parseInline('[https://a.example](mailto:a@b.example)')).toEqual([
      link('mailto:a@b.example', 'https://a.example'),
    ]);
  });

  it('leads nowhere by scripts, data or HTML', () => {
    for (const bad of [
      '[a](javascript:alert(1))',
      '[a](JAVASCRIPT:alert(1))',
      '[a](java\tscript:alert(1))',
      '[a](data:text/html,<script>1</script>)',
      '[a](//evil.example)',
      '[a](/flows)',
      '<a href="javascript:alert(1)">a</a>',
      '<img src=x onerror=alert(1)>',
    ]) {
      expect(linksIn([{ kind: 'paragraph', content: parseInline(bad) }]), bad).toEqual([]);
      expect(plainText(parseInline(bad)), bad).toBe(bad);
    }
  });
});

describe('a text of several parts', () => {
  it('has headings, paragraphs with their lines, rules, quotes and code', () => {
    expect(parseMarkdown('# A ##\r\none\ntwo\n\n---\n> q\n> # r\n```ts\nx < **1**\n```\nend')).toEqual([
      { kind: 'heading', level: 1, content: [text('A')] },
      { kind: 'paragraph', content: [text('one'), { kind: 'break' }, text('two')] },
      { kind: 'rule' },
      {
        kind: 'quote',
        blocks: [
          { kind: 'paragraph', content: [text('q')] },
          { kind: 'heading', level: 1, content: [text('r')] },
        ],
      },
      { kind: 'code', text: 'x < **1**' },
      { kind: 'paragraph', content: [text('end')] },
    ]);
    expect(parseMarkdown('#no')).toEqual([{ kind: 'paragraph', content: [text('#no')] }]);
  });

  it('has lists, numbered, of tasks, and within one another', () => {
    expect(parseMarkdown('To do:\n- a\n  more\n  1. b\n  2. c\n\n- [x] d\n- [ ] e\n3. f\n• g')).toEqual([
      { kind: 'paragraph', content: [text('To do:')] },
      {
        kind: 'list',
        start: undefined,
        items: [
          {
            content: [text('a'), { kind: 'break' }, text('more')],
            isDone: undefined,
            lists: [{ kind: 'list', start: 1, items: [item('b'), item('c')] }],
          },
          { ...item('d'), isDone: true },
          { ...item('e'), isDone: false },
        ],
      },
      { kind: 'list', start: 3, items: [item('f')] },
      { kind: 'list', start: undefined, items: [item('g')] },
    ]);
    function item(content: string) {
      return { content: [text(content)], isDone: undefined, lists: [] };
    }
  });

  it('is read whatever it is, keeps its words in order, and links safely', () => {
    const anyPiece = fc.constantFrom(
      ...['*', '**', '_', '`', '```', '[', '](', ')', '!', '# ', '- ', '1. ', '> ', '>', '\n', '\n\n', '  '],
      ...[' ', '\\', '<b>', 'a', 'B7', 'https://a.example/', 'javascript:x', 'mailto:a@b.example'],
    );
    fc.assert(
      fc.property(fc.array(anyPiece, { maxLength: 60 }), (pieces) => {
        const source = pieces.join('');
        const blocks = parseMarkdown(source);
        for (const href of linksIn(blocks)) expect(href).toMatch(/^(https?|mailto):/);
        const shown = wordsOf(shownText(blocks));
        let rest = wordsOf(source);
        for (const sign of shown) {
          const at = rest.indexOf(sign);
          expect(at, `${sign} of ${JSON.stringify(source)}`).toBeGreaterThanOrEqual(0);
          rest = rest.slice(at + 1);
        }
        if (!source.includes('](') && !source.includes('```') && !source.includes('1.'))
          expect(shown).toBe(wordsOf(source));
      }),
    );
  });

  it('is no work to speak of, however it is made', () => {
    for (const sign of [
      '*',
      '**a',
      '_a ',
      '[',
      '[a](',
      '`',
      '>',
      '- ',
      '#',
      '\\',
      '  - a\n',
      '1. ',
      'https://',
    ])
      expect(parseMarkdown(sign.repeat(10_000 / sign.length)).length).toBeGreaterThan(0);
  });
});

it('a note is called by its first words, without Markdown', () => {
  expect(noteTitle({ text: '\n---\n## **Orders** of the [shop](https://a.example)\nmore' })).toBe(
    'Orders of the shop',
  );
  expect(noteTitle({ text: '- [ ] `check` it' })).toBe('check it');
  expect(noteTitle({ text: ' \n' })).toBe('Empty note');
  expect(noteTitle({ text: 'x'.repeat(100) })).toHaveLength(80);
});

function inlinesOf(blocks: readonly Block[]): readonly Inline[] {
  return blocks.flatMap((block): readonly Inline[] => {
    if (block.kind === 'quote') return inlinesOf(block.blocks);
    if (block.kind === 'list')
      return block.items.flatMap(({ content, lists }) => [...content, ...inlinesOf(lists)]);
    if (block.kind === 'code') return [text(block.text)];
    return block.kind === 'rule' ? [] : block.content;
  });
}

function linksIn(blocks: readonly Block[]): readonly string[] {
  const inside = (pieces: readonly Inline[]): readonly string[] =>
    pieces.flatMap((piece) => {
      if (!('content' in piece)) return [];
      return [...(piece.kind === 'link' ? [piece.href] : []), ...inside(piece.content)];
    });
  return inside(inlinesOf(blocks));
}

const shownText = (blocks: readonly Block[]): string => plainText(inlinesOf(blocks));
const wordsOf = (source: string): string => source.replace(/[^A-Za-z0-9]/g, '');

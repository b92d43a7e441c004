import type { Block } from './markdown.ts';
import { itemAt, readList } from './read-list.ts';
import { parseInline } from './parse-inline.ts';

/** What was read, and the line that comes next. */
export interface Read<B extends Block = Block> {
  readonly block: B;
  readonly next: number;
}

/** Quotes within quotes, at most: more is text. */
const DEEPEST = 4;

/**
 * The Markdown that people write in notes: headings, lists with tasks, quotes, code, rules, and what `parseInline` knows. A
 * new line stays one, as in a chat. HTML is text. Any text is Markdown: nothing is an error.
 *
 * @example parseMarkdown('# To do\n- ask **Ada**')
 */
export function parseMarkdown(text: string): readonly Block[] {
  return readBlocks(text.replace(/\r\n?/g, '\n').split('\n'), 0);
}

function readBlocks(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const read = isBlankLine(lines[at]) ? undefined : readBlock(lines, at, depth);
    if (read) blocks.push(read.block);
    at = read?.next ?? at + 1;
  }
  return blocks;
}

function readBlock(lines: readonly string[], at: number, depth: number): Read {
  return readMarked(lines, at, depth) ?? readParagraph(lines, at, depth);
}

function readMarked(lines: readonly string[], at: number, depth: number): Read | undefined {
  const line = lines[at] ?? '';
  if (line.startsWith('```')) return readCode(lines, at);
  const heading = /^(#{1,6})\s(.*)$/.exec(line);
  if (heading) {
    const [, marks = '', words = ''] = heading;
    return {
      block: { kind: 'heading', level: marks.length, content: parseInline(withoutMarks(words)) },
      next: at + 1,
    };
  }
  if (/^(?:-{3,}|\*{3,}|_{3,})$/.test(line.trim())) return { block: { kind: 'rule' }, next: at + 1 };
  if (line.startsWith('>') && depth < DEEPEST) return readQuote(lines, at, depth);
  return itemAt(line) && readList(lines, at);
}

/** `## Title ##` has marks at its end, too. */
function withoutMarks(words: string): string {
  const trimmed = words.trim();
  const bare = trimmed.replace(/#+$/, '');
  return bare === '' || bare.endsWith(' ') ? bare.trim() : trimmed;
}

function readCode(lines: readonly string[], at: number): Read {
  const close = lines.findIndex((line, index) => index > at && line.startsWith('```'));
  const end = close < 0 ? lines.length : close;
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 };
}

function readQuote(lines: readonly string[], at: number, depth: number): Read {
  let next = at;
  while (lines[next]?.startsWith('>')) next += 1;
  const inside = lines.slice(at, next).map((line) => line.slice(line.startsWith('> ') ? 2 : 1));
  return { block: { kind: 'quote', blocks: readBlocks(inside, depth + 1) }, next };
}

function readParagraph(lines: readonly string[], at: number, depth: number): Read {
  let next = at + 1;
  while (next < lines.length && !isBlankLine(lines[next]) && !readMarked(lines, next, depth)) next += 1;
  const text = lines
    .slice(at, next)
    .map((line) => line.trim())
    .join('\n');
  return { block: { kind: 'paragraph', content: parseInline(text) }, next };
}

const isBlankLine = (line: string | undefined): boolean => (line ?? '').trim() === '';

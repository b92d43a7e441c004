import type { FlowNote } from '../flow-document.ts';
import { plainText, type Block } from './markdown.ts';
import { parseMarkdown } from './parse-markdown.ts';

const LONGEST = 80;

/** What a note is called where there is room for a line: its first words, without Markdown; 80 signs at most. */
export function noteTitle({ text }: Pick<FlowNote, 'text'>): string {
  const [line = ''] = text.split('\n').filter((each) => /[\p{L}\p{N}]/u.test(each));
  const [block] = parseMarkdown(line.slice(0, 1_000));
  const title = block === undefined ? '' : textOf(block).trim();
  if (title === '') return 'Empty note';
  return title.length > LONGEST ? `${title.slice(0, LONGEST - 1)}…` : title;
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return plainText(block.content);
    case 'list':
      return plainText(block.items[0]?.content ?? []);
    case 'quote':
      return block.blocks.map(textOf).join(' ');
    case 'code':
      return block.text;
    case 'rule':
      return '';
  }
}

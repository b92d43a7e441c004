import type { Block, ListItem } from './markdown.ts';
import { parseInline } from './parse-inline.ts';
import type { Read } from './parse-markdown.ts';

type List = Extract<Block, { kind: 'list' }>;

/** The beginning of a point of a list. */
interface Item {
  /** How far it is set in. */
  readonly indent: number;
  /** Undefined for a point without a number. */
  readonly number: number | undefined;
  readonly text: string;
}

/** The point of a list that a line begins: `- a`, `* a`, `• a`, `1. a`. */
export function itemAt(line: string): Item | undefined {
  const bare = line.trimStart();
  const found = /^(?:[-*+•]|(\d{1,6})[.)])\s(.*)$/.exec(bare);
  if (!found) return undefined;
  const [, number, text = ''] = found;
  return {
    indent: line.length - bare.length,
    number: number === undefined ? undefined : Number(number),
    text: text.trim(),
  };
}

/** The list that begins at a line, with the lists that are set in more under its points. */
export function readList(lines: readonly string[], at: number): Read<List> {
  const first = itemAt(lines[at] ?? '') ?? { indent: 0, number: undefined, text: '' };
  const items: ListItem[] = [];
  let next = at;
  for (;;) {
    const item = itemAt(lines[next] ?? '');
    const isSibling = item && Math.abs(item.indent - first.indent) < 2;
    if (!isSibling || (item.number === undefined) !== (first.number === undefined)) break;
    const read = readItem(lines, next, item);
    items.push(read.item);
    next = read.next;
    // A blank line between two points does not part them.
    if (lines[next]?.trim() === '' && itemAt(lines[next + 1] ?? '')) next += 1;
  }
  return { block: { kind: 'list', start: first.number, items }, next };
}

function readItem(lines: readonly string[], at: number, item: Item): { item: ListItem; next: number } {
  const texts = [item.text];
  const lists: List[] = [];
  let next = at + 1;
  for (;;) {
    const line = lines[next];
    const indent = line === undefined ? 0 : line.length - line.trimStart().length;
    if (line === undefined || line.trim() === '' || indent < item.indent + 2) break;
    if (itemAt(line)) {
      const read = readList(lines, next);
      lists.push(read.block);
      next = read.next;
    } else {
      texts.push(line.trim());
      next += 1;
    }
  }
  const text = texts.join('\n');
  const task = /^\[([ xX])\]\s/.exec(text);
  return {
    item: {
      content: parseInline(task ? text.slice(4) : text),
      isDone: task ? task[1] !== ' ' : undefined,
      lists,
    },
    next,
  };
}

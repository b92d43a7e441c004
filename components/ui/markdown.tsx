import { memo, useMemo } from 'react';
import type { ReactNode } from 'react';

import type { Block, Inline, ListItem } from '#core/markdown/markdown.ts';
import { parseMarkdown } from '#core/markdown/parse-markdown.ts';

/** The level of a first heading: what it stands in has a name of its own. */
const FIRST_LEVEL = 3;

/** A text with its Markdown shown. HTML in it is text; links open in a new tab, which does not learn where they were clicked. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return <div className="flex min-w-0 flex-col gap-1.5 break-words">{blocks.map(showBlock)}</div>;
});

// Blocks and pieces have no ids, and are drawn anew as a whole: their place is their key.
function showBlock(block: Block, index: number): ReactNode {
  switch (block.kind) {
    case 'heading':
      return (
        <p
          key={index}
          role="heading"
          aria-level={Math.min(FIRST_LEVEL + block.level - 1, 6)}
          className={block.level === 1 ? 'text-base font-semibold' : 'text-sm font-semibold'}
        >
          {block.content.map(showInline)}
        </p>
      );
    case 'paragraph':
      return <p key={index}>{block.content.map(showInline)}</p>;
    case 'code':
      return (
        <pre
          key={index}
          className="rounded-md bg-foreground/8 p-2 font-mono text-[0.9em] break-words whitespace-pre-wrap"
        >
          {block.text}
        </pre>
      );
    case 'quote':
      return (
        <blockquote key={index} className="flex flex-col gap-1.5 border-l-2 border-foreground/20 pl-2.5">
          {block.blocks.map(showBlock)}
        </blockquote>
      );
    case 'rule':
      return <hr key={index} className="border-foreground/20" />;
    case 'list':
      return <List key={index} list={block} />;
  }
}

function List({ list }: { list: Extract<Block, { kind: 'list' }> }) {
  const items = list.items.map((item, index) => <Item key={index} item={item} />);
  if (list.start === undefined) return <ul className="flex list-disc flex-col gap-0.5 pl-4">{items}</ul>;
  return (
    <ol start={list.start} className="flex list-decimal flex-col gap-0.5 pl-5">
      {items}
    </ol>
  );
}

function Item({ item: { content, isDone, lists } }: { item: ListItem }) {
  return (
    <li className={isDone === undefined ? undefined : '-ml-4 list-none'}>
      {isDone !== undefined && (
        <span className="mr-1.5" role="img" aria-label={isDone ? 'Done:' : 'To do:'}>
          {isDone ? '☑' : '☐'}
        </span>
      )}
      {content.map(showInline)}
      {lists.map((list, index) => (
        <List key={index} list={list} />
      ))}
    </li>
  );
}

function showInline(piece: Inline, index: number): ReactNode {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'code':
      return (
        <code key={index} className="rounded-sm bg-foreground/8 px-1 font-mono text-[0.9em]">
          {piece.text}
        </code>
      );
    case 'strong':
      return (
        <strong key={index} className="font-semibold">
          {piece.content.map(showInline)}
        </strong>
      );
    case 'emphasis':
      return <em key={index}>{piece.content.map(showInline)}</em>;
    case 'link':
      return (
        <a
          key={index}
          href={piece.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="rounded-sm underline underline-offset-2 focus-ring"
        >
          {piece.content.map(showInline)}
        </a>
      );
    case 'break':
      return <br key={index} />;
  }
}

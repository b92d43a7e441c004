import './notes.css';

import type { ComponentProps, CSSProperties } from 'react';

import { Markdown } from '#components/ui/markdown.tsx';
import { cn } from '#components/ui/cn.ts';
import type { FlowNote } from '#core/flow-document.ts';
import { noteTitle } from '#core/markdown/note-title.ts';

export interface NoteFrameProps extends Omit<ComponentProps<'section'>, 'aria-label' | 'tabIndex'> {
  readonly note: FlowNote;
  /** What else is to be said of it, after its title. */
  readonly words?: string;
}

/** The sheet of a note. It takes the focus, and scrolls where its text is longer; without children it shows the text. */
export function NoteFrame({ note, words, className, children, ...props }: NoteFrameProps) {
  const title = `Note: ${noteTitle(note)}`;
  return (
    <section
      aria-label={words === undefined ? title : `${title}, ${words}`}
      data-note={note.id}
      tabIndex={0}
      className={cn('note-card nodrag nopan focus-ring', className)}
      {...props}
    >
      {children ?? <NoteText note={note} />}
    </section>
  );
}

function NoteText({ note: { text } }: { note: FlowNote }) {
  if (text.trim() === '') return <p className="text-muted-foreground">Nothing is written here yet.</p>;
  return <Markdown text={text} />;
}

/** Where a note stands on the canvas. One that does not say how high it is is as high as its text. */
export function placeOfNote({ position, size }: FlowNote): CSSProperties {
  return { left: position.x, top: position.y, width: size?.width ?? 240, height: size?.height };
}

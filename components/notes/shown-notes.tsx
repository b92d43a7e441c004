'use client';

import { ViewportPortal } from '@xyflow/react';

import type { GroupNote } from '#components/canvas/group-frame.ts';
import { frameOf, isGroup } from '#components/canvas/group-frame.ts';
import { nodeBoxes } from '#components/canvas/node-place.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument, FlowNote } from '#core/flow-document.ts';

import { colorOf } from './note-box.ts';
import { NoteFrame, placeOfNote } from './note-frame.tsx';

export interface ShownNotesProps {
  readonly document: FlowDocument;
  /** What became of notes and groups, by id, where two documents are compared. */
  readonly marks?: ReadonlyMap<string, string>;
}

/** The notes and groups of a flow on a canvas that is only looked at. */
export function ShownNotes({ document, marks }: ShownNotesProps) {
  if (document.notes.length === 0) return null;
  return (
    <ViewportPortal>
      {document.notes.map((note) => {
        const mark = marks?.get(note.id);
        return isGroup(note) ? (
          <GroupFrame key={note.id} document={document} group={note} mark={mark} />
        ) : (
          <ShownNote key={note.id} note={note} mark={mark} />
        );
      })}
    </ViewportPortal>
  );
}

function ShownNote({ note, mark }: { note: FlowNote; mark: string | undefined }) {
  return (
    <div
      className="note-place note-color"
      data-color={colorOf(note)}
      data-mark={mark}
      style={placeOfNote(note)}
    >
      <NoteFrame
        note={note}
        words={mark}
        className="nowheel"
        // They scroll a long note; on the canvas they walk from node to node.
        onKeyDown={(event) => /^Arrow(Up|Down)$/.test(event.key) && event.stopPropagation()}
      />
    </div>
  );
}

interface GroupFrameProps {
  readonly document: FlowDocument;
  readonly group: GroupNote;
  readonly mark: string | undefined;
}

function GroupFrame({ document, group, mark }: GroupFrameProps) {
  const frame = frameOf(document, group, nodeBoxes(document, catalog));
  if (!frame) return null;
  const { x, y, width, height } = frame;
  const words = mark === undefined ? '' : `, ${mark}`;
  return (
    <section
      aria-label={`Group: ${group.text}, ${group.nodes.length} nodes${words}`}
      className="canvas-group"
      data-mark={mark}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
    >
      <p className="canvas-group-title">
        <span className="truncate px-1 font-medium">{group.text}</span>
      </p>
    </section>
  );
}

import type { Box } from '#components/canvas/node-place.ts';
import { freePlace, nodeBoxes } from '#components/canvas/node-place.ts';
import { GRID, snap } from '#components/canvas/node-size.ts';
import type { Size } from '#components/canvas/node-size.ts';
import { isGroup } from '#components/canvas/group-frame.ts';
import type { Catalog } from '#core/catalog.ts';
import { type FlowDocument, type FlowNote, NOTE_COLORS, type Position } from '#core/flow-document.ts';
import { freshId } from '#core/graph.ts';

/** As n8n's: what comes from there looks as it did. */
const NEW_SIZE: Size = { width: 240, height: 160 };
const SMALLEST: Size = { width: 8 * GRID, height: 4 * GRID };

/** The notes that are no frames of groups. */
export function plainNotes({ notes }: Pick<FlowDocument, 'notes'>): readonly FlowNote[] {
  return notes.filter((note) => !isGroup(note));
}

/** Moved by so many flow units, onto the grid. */
export function movedNote(note: FlowNote, by: Position): FlowNote {
  const { x, y } = note.position;
  return { ...note, position: { x: snap(x + by.x), y: snap(y + by.y) } };
}

/** Made larger by so many flow units, on the grid. `drawn`: how large it is on the canvas where the document does not say. */
export function resizedNote(note: FlowNote, by: Position, drawn: Size): FlowNote {
  const { width, height } = note.size ?? drawn;
  return {
    ...note,
    size: {
      width: Math.max(SMALLEST.width, snap(width + by.x)),
      height: Math.max(SMALLEST.height, snap(height + by.y)),
    },
  };
}

/** An empty note at a free place of the canvas: this one, or the nearest below. */
export function newNote(document: FlowDocument, at: Position, catalog: Catalog): FlowNote {
  const id = freshId(new Set(document.notes.map((note) => note.id)), 'note');
  const taken = [...nodeBoxes(document, catalog).values(), ...plainNotes(document).map(boxOf)];
  return { id, text: '', position: freePlace(at, taken, NEW_SIZE), size: NEW_SIZE };
}

/** The same note anew, beside itself. */
export function copiedNote(document: FlowDocument, note: FlowNote): FlowNote {
  const id = freshId(new Set(document.notes.map((each) => each.id)), note.id);
  return { ...movedNote(note, { x: 2 * GRID, y: 2 * GRID }), id };
}

/** Below all nodes and notes, at the left: where a note goes that is made without seeing the canvas. */
export function placeBelow(document: FlowDocument, catalog: Catalog): Position {
  const boxes = [...nodeBoxes(document, catalog).values(), ...plainNotes(document).map(boxOf)];
  if (boxes.length === 0) return { x: 0, y: 0 };
  return {
    x: Math.min(...boxes.map(({ x }) => x)),
    y: Math.max(...boxes.map(({ y, height }) => y + height)) + 3 * GRID,
  };
}

/** Where a note lies; one that does not say how large it is counts as a new one. */
export function boxOf({ position, size = NEW_SIZE }: FlowNote): Box {
  return { ...position, ...size };
}

/** The note after this one, in the order of the document, and round again. */
export function nextNote(document: FlowDocument, from: string | undefined): FlowNote | undefined {
  const notes = plainNotes(document);
  return notes[(notes.findIndex(({ id }) => id === from) + 1) % notes.length];
}

/** Without a colour of its own it has the usual one, the first. */
export function colorOf({ color = NOTE_COLORS[0] }: Pick<FlowNote, 'color'>) {
  return color;
}

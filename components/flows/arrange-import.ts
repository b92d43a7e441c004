import { nodeBoxes, overlaps } from '#components/canvas/node-place.ts';
import { tidyLayout } from '#components/canvas/tidy-layout.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';

const NOTE_GAP = 48;
const NOTE_WIDTH = 240;

/**
 * A flow of another tool, whose nodes are smaller than ours. Where nodes would lie on each other, all are put in order, and
 * the notes beneath them.
 */
export async function arrangeImport(document: FlowDocument): Promise<FlowDocument> {
  const boxes = nodeBoxes(document, catalog);
  const shown = document.nodes.filter((node) => node.parent === undefined).map(({ id }) => boxes.get(id));
  const isCrowded = shown.some((one, index) =>
    shown.slice(index + 1).some((other) => one && other && overlaps(one, other)),
  );
  if (!isCrowded && document.nodes.every((node) => node.parent === undefined)) return document;
  const places = await tidyLayout(document, catalog).catch(() => undefined);
  if (places === undefined) return document; // the layout could not be loaded: "Tidy up" is there later
  const nodes = document.nodes.map((node) => ({ ...node, position: places[node.id] ?? node.position }));
  return withNotes({ ...document, nodes });
}

/** The list of what is to be done stays above the flow; the other notes stand in a row below it. */
function withNotes(document: FlowDocument): FlowDocument {
  const boxes = [...nodeBoxes(document, catalog).values()];
  if (boxes.length === 0) return document;
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  let x = left;
  const notes = document.notes.map((note) => {
    if (note.id.startsWith('toDo')) {
      return { ...note, position: { x: left, y: top - (note.size?.height ?? 0) - NOTE_GAP } };
    }
    const position = { x, y: bottom + NOTE_GAP };
    x += (note.size?.width ?? NOTE_WIDTH) + NOTE_GAP;
    return { ...note, position };
  });
  return { ...document, notes };
}

import type { FlowDocument, FlowNote, Position } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { contentsOf, freshId } from '#core/graph.ts';
import { withoutNodes } from '#core/operations/note-nodes.ts';

import { outermostSelected } from './arrange-selection.ts';
import type { EditorStore } from './editor-store.ts';
import { nodeBoxes } from './node-place.ts';
import type { Box } from './node-place.ts';
import { GRID } from './node-size.ts';

/** Room between the frame of a group and what is in it; its title stands above. */
const PADDING = { side: GRID, top: 3 * GRID, bottom: GRID } as const;
const TITLE = 'Group';

/** A note that frames nodes. */
export type GroupNote = FlowNote & { readonly nodes: readonly string[] };

export function isGroup(note: FlowNote): note is GroupNote {
  return note.nodes !== undefined;
}

/**
 * Frames the selected nodes, two or more, with a title that can be typed at once. A node is in one group: those that were
 * in another leave it.
 */
export function groupSelection(store: EditorStore): void {
  const { document, selectedNodeIds } = store.getState();
  const nodes = outermostSelected(document, selectedNodeIds);
  if (nodes.length < 2) return store.announce('Select two nodes or more to group them');
  const id = freshId(new Set(document.notes.map((note) => note.id)), 'group');
  const { x, y } = frameOf(document, { nodes }, nodeBoxes(document, store.catalog)) ?? { x: 0, y: 0 };
  const leaving = document.notes
    .map((note) => ({ before: note, note: withoutNodes(note, new Set(nodes)) }))
    .filter(({ before, note }) => before !== note)
    .map(({ note }): FlowOperation =>
      isGroup(note) || note.text !== TITLE
        ? { kind: 'put_note', note }
        : { kind: 'remove_notes', noteIds: [note.id] },
    );
  const group = { id, text: TITLE, position: { x, y }, nodes: [...nodes] };
  const say = `${nodes.length} nodes grouped`;
  if (store.apply([...leaving, { kind: 'put_note', note: group }], { say }))
    store.setState({ editedNoteId: id });
}

/** Takes the frames around the selected nodes away; the nodes stay. */
export function ungroupSelection(store: EditorStore): void {
  const { document, selectedNodeIds } = store.getState();
  const groups = document.notes.filter((note) => note.nodes?.some((id) => selectedNodeIds.has(id)));
  removeGroups(store, groups);
}

/** Takes frames away; what they framed stays. */
export function removeGroups(store: EditorStore, groups: readonly FlowNote[]): void {
  if (groups.length === 0) return store.announce('Nothing here is in a group');
  store.apply({ kind: 'remove_notes', noteIds: groups.map(({ id }) => id) }, { say: 'Ungrouped' });
}

/** Where the frame of a group is drawn: around its nodes, wherever they are. Undefined when none of them is drawn. */
export function frameOf(
  document: FlowDocument,
  { nodes }: { readonly nodes: readonly string[] },
  boxes: ReadonlyMap<string, Box>,
  dragged: Readonly<Record<string, Position>> | null = null,
): Box | undefined {
  const inside = nodes.flatMap((id) => {
    const box = boxes.get(id);
    return box ? [{ ...box, ...dragged?.[id] }] : [];
  });
  if (inside.length === 0) return undefined;
  const x = Math.min(...inside.map((box) => box.x)) - PADDING.side;
  const y = Math.min(...inside.map((box) => box.y)) - PADDING.top;
  const right = Math.max(...inside.map((box) => box.x + box.width)) + PADDING.side;
  const bottom = Math.max(...inside.map((box) => box.y + box.height)) + PADDING.bottom;
  return { x, y, width: right - x, height: bottom - y };
}

/** The places of all that moves with a group that is dragged by so much. */
export function groupMoved(
  document: FlowDocument,
  { nodes }: GroupNote,
  { boxes, by }: { boxes: ReadonlyMap<string, Box>; by: Position },
): Readonly<Record<string, Position>> {
  return Object.fromEntries(
    [...contentsOf(document, nodes)].flatMap((id) => {
      const box = boxes.get(id);
      return box ? [[id, { x: box.x + by.x, y: box.y + by.y }]] : [];
    }),
  );
}

import type { FlowDocument, FlowNote, Position } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { contentsOf, freshId } from '#core/graph.ts';
import { withoutNodes } from '#core/operations/note-nodes.ts';

import { outermostSelected } from './arrange-selection.ts';
import type { EditorStore } from './editor-store.ts';
import { frameOf, isGroup } from './group-frame.ts';
import type { GroupNote } from './group-frame.ts';
import { nodeBoxes } from './node-place.ts';
import type { Box } from './node-place.ts';

const TITLE = 'Group';

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

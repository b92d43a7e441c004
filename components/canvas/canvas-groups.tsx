'use client';

import { useReactFlow, ViewportPortal } from '@xyflow/react';
import { ChevronsDownUp, ChevronsUpDown, Ungroup } from 'lucide-react';
import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';

import { IconButton } from '#components/ui/icon-button.tsx';

import { contentsOf } from '#core/graph.ts';

import { commitDrag } from './canvas-gestures.ts';
import { useEditor, useEditorStore } from './editor-context.tsx';
import { groupKey, toggleFold } from './folding.ts';
import { groupMoved, removeGroups } from './group-actions.ts';
import { foldedCorner, frameOf, isGroup } from './group-frame.ts';
import type { GroupNote } from './group-frame.ts';
import { NodeFaults } from './node-faults.tsx';
import { nodeBoxes } from './node-place.ts';
import { NODE_WIDTH, nodeHeight, snap } from './node-size.ts';

const LONGEST_TITLE = 200;
/** As large as any other node. */
const FOLDED_SIZE = { width: NODE_WIDTH, height: nodeHeight(1) };

/** The frames around grouped nodes, behind them. */
export function CanvasGroups() {
  const notes = useEditor((state) => state.document.notes);
  const groups = notes.filter(isGroup);
  if (groups.length === 0) return null;
  return (
    <ViewportPortal>
      {groups.map((group) => (
        <Group key={group.id} group={group} />
      ))}
    </ViewportPortal>
  );
}

function Group({ group }: { group: GroupNote }) {
  const store = useEditorStore();
  const document = useEditor((state) => state.document);
  const dragged = useEditor((state) => state.dragged);
  const isFolded = useEditor((state) => state.foldedIds.has(groupKey(group)));
  const boxes = nodeBoxes(document, store.catalog);
  const corner = isFolded ? foldedCorner(document, group, { boxes, dragged }) : undefined;
  const frame = corner ? { ...corner, ...FOLDED_SIZE } : frameOf(document, group, boxes, dragged);
  if (!frame) return null;
  const { x, y, width, height } = frame;
  return (
    <section
      aria-label={`Group: ${group.text}, ${group.nodes.length} nodes`}
      className="canvas-group"
      data-folded={isFolded || undefined}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
    >
      <GroupTitle group={group} isFolded={isFolded} />
    </section>
  );
}

/** Held, it moves the whole group; clicked, it selects it; clicked twice, it is written anew. */
function GroupTitle({ group, isFolded }: { group: GroupNote; isFolded: boolean }) {
  const store = useEditorStore();
  const isEdited = useEditor((state) => state.editedNoteId === group.id);
  const drag = useGroupDrag(group);
  const edit = () => store.setState({ editedNoteId: group.id });
  return (
    <div className="canvas-group-title nodrag nopan">
      {isEdited ? (
        <TitleField group={group} />
      ) : (
        <button
          type="button"
          className="min-w-0 flex-1 cursor-grab truncate rounded-sm px-1 text-left font-medium focus-ring active:cursor-grabbing"
          title={store.isReadOnly ? undefined : 'Drag to move the group, click twice to rename it'}
          onClick={() => !isFolded && store.select(group.nodes)}
          onDoubleClick={store.isReadOnly ? undefined : edit}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key !== 'F2' || store.isReadOnly) return;
            event.preventDefault();
            event.stopPropagation();
            edit();
          }}
          {...drag}
        >
          {group.text}
        </button>
      )}
      {isFolded && <GroupSum group={group} />}
      {!isEdited && (
        <IconButton
          size="sm"
          label={isFolded ? 'Unfold the group' : 'Fold the group'}
          tooltipSide="top"
          onClick={() => toggleFold(store, [groupKey(group)])}
        >
          {isFolded ? <ChevronsUpDown /> : <ChevronsDownUp />}
        </IconButton>
      )}
      {!store.isReadOnly && !isEdited && !isFolded && (
        <IconButton size="sm" label="Ungroup" tooltipSide="top" onClick={() => removeGroups(store, [group])}>
          <Ungroup />
        </IconButton>
      )}
    </div>
  );
}

/** How much is in a folded group, and what is wrong in there. */
function GroupSum({ group }: { group: GroupNote }) {
  const document = useEditor((state) => state.document);
  const faultsByNode = useEditor((state) => state.faultsByNode);
  const ids = [...contentsOf(document, group.nodes)];
  return (
    <>
      <NodeFaults faults={ids.flatMap((id) => faultsByNode.get(id) ?? [])} />
      <span className="shrink-0 text-muted-foreground tabular-nums">
        {ids.length} {ids.length === 1 ? 'node' : 'nodes'}
      </span>
    </>
  );
}

function TitleField({ group }: { group: GroupNote }) {
  const store = useEditorStore();
  const finish = (text: string): void => {
    store.setState({ editedNoteId: null });
    const title = text.trim();
    if (title === '' || title === group.text) return;
    store.apply({ kind: 'put_note', note: { ...group, nodes: [...group.nodes], text: title } });
  };
  return (
    <input
      // It stands here because somebody asked to write in it.
      autoFocus
      aria-label="Name of the group"
      defaultValue={group.text}
      maxLength={LONGEST_TITLE}
      className="h-6 min-w-0 flex-1 rounded-sm border border-border-strong bg-surface px-1 text-xs font-medium focus-ring"
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') store.setState({ editedNoteId: null });
        if (event.key === 'Enter') finish(event.currentTarget.value);
      }}
    />
  );
}

/** Moves all nodes of the group with the pointer, on the grid; let go, that is one step of undo. */
function useGroupDrag(group: GroupNote) {
  const store = useEditorStore();
  const { getZoom } = useReactFlow();
  const start = useRef<{ x: number; y: number } | null>(null);
  if (store.isReadOnly) return {};
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      start.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (!start.current) return;
      const zoom = getZoom();
      const by = {
        x: snap((event.clientX - start.current.x) / zoom),
        y: snap((event.clientY - start.current.y) / zoom),
      };
      const { document } = store.getState();
      const boxes = nodeBoxes(document, store.catalog);
      store.setState({ dragged: groupMoved(document, group, { boxes, by }) });
    },
    onPointerUp: () => {
      start.current = null;
      commitDrag(store);
    },
    onPointerCancel: () => {
      start.current = null;
      store.setState({ dragged: null });
    },
  };
}

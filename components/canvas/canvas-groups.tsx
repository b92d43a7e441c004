'use client';

import { useReactFlow, ViewportPortal } from '@xyflow/react';
import { Ungroup } from 'lucide-react';
import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';

import { IconButton } from '#components/ui/icon-button.tsx';

import { commitDrag } from './canvas-gestures.ts';
import { useEditor, useEditorStore } from './editor-context.tsx';
import { frameOf, groupMoved, isGroup, removeGroups } from './group-actions.ts';
import type { GroupNote } from './group-actions.ts';
import { nodeBoxes } from './node-place.ts';
import { snap } from './node-size.ts';

const LONGEST_TITLE = 200;

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
  const frame = frameOf(document, group, nodeBoxes(document, store.catalog), dragged);
  if (!frame) return null;
  const { x, y, width, height } = frame;
  return (
    <section
      aria-label={`Group: ${group.text}, ${group.nodes.length} nodes`}
      className="canvas-group"
      style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
    >
      <GroupTitle group={group} />
    </section>
  );
}

/** Held, it moves the whole group; clicked, it selects it; clicked twice, it is written anew. */
function GroupTitle({ group }: { group: GroupNote }) {
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
          onClick={() => store.select(group.nodes)}
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
      {!store.isReadOnly && !isEdited && (
        <IconButton size="sm" label="Ungroup" tooltipSide="top" onClick={() => removeGroups(store, [group])}>
          <Ungroup />
        </IconButton>
      )}
    </div>
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

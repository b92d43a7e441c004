'use client';

import { Panel } from '@xyflow/react';
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  Copy,
  Group,
  Trash2,
  WandSparkles,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import { IconButton } from '#components/ui/icon-button.tsx';

import { alignSelection, distributeSelection } from './arrange-selection.ts';
import { useEditor, useEditorStore } from './editor-context.tsx';
import type { EditorStore } from './editor-store.ts';
import { groupSelection } from './group-actions.ts';
import { duplicateSelection, removeSelection } from './selection-actions.ts';
import { keysFor, SHORTCUTS } from './shortcuts.ts';
import type { ShortcutId } from './shortcuts.ts';
import { tidy } from './tidy.ts';

interface Tool {
  readonly id: ShortcutId;
  readonly label: string;
  readonly icon: LucideIcon;
  run(store: EditorStore): void;
}

const ALIGN: readonly Tool[] = [
  {
    id: 'align_left',
    label: 'Align left',
    icon: AlignStartVertical,
    run: (store) => alignSelection(store, 'left'),
  },
  {
    id: 'align_centre',
    label: 'Align centre',
    icon: AlignCenterVertical,
    run: (store) => alignSelection(store, 'centre'),
  },
  {
    id: 'align_right',
    label: 'Align right',
    icon: AlignEndVertical,
    run: (store) => alignSelection(store, 'right'),
  },
  {
    id: 'align_top',
    label: 'Align top',
    icon: AlignStartHorizontal,
    run: (store) => alignSelection(store, 'top'),
  },
  {
    id: 'align_middle',
    label: 'Align middle',
    icon: AlignCenterHorizontal,
    run: (store) => alignSelection(store, 'middle'),
  },
  {
    id: 'align_bottom',
    label: 'Align bottom',
    icon: AlignEndHorizontal,
    run: (store) => alignSelection(store, 'bottom'),
  },
];
const DISTRIBUTE: readonly Tool[] = [
  {
    id: 'distribute_horizontally',
    label: 'Spread horizontally',
    icon: AlignHorizontalDistributeCenter,
    run: (store) => distributeSelection(store, 'horizontally'),
  },
  {
    id: 'distribute_vertically',
    label: 'Spread vertically',
    icon: AlignVerticalDistributeCenter,
    run: (store) => distributeSelection(store, 'vertically'),
  },
];
const REST: readonly Tool[] = [
  { id: 'group', label: 'Group', icon: Group, run: groupSelection },
  { id: 'tidy', label: 'Tidy up the selection', icon: WandSparkles, run: (store) => void tidy(store) },
  { id: 'duplicate', label: 'Duplicate', icon: Copy, run: duplicateSelection },
  { id: 'remove', label: 'Remove', icon: Trash2, run: removeSelection },
];

/** What can be done to several nodes at once, above the canvas while several are selected. */
export function SelectionToolbar() {
  const store = useEditorStore();
  const count = useEditor((state) => state.selectedNodeIds.size);
  if (count < 2 || store.isReadOnly) return null;
  return (
    <Panel position="top-center">
      <div
        role="toolbar"
        aria-label={`${count} nodes selected`}
        className="flex items-center gap-0.5 rounded-lg border border-border bg-surface p-0.5 shadow-xs"
      >
        <span className="px-2 text-xs whitespace-nowrap text-muted-foreground tabular-nums">
          {count} selected
        </span>
        <Tools tools={ALIGN} />
        {count > 2 && <Tools tools={DISTRIBUTE} />}
        <Tools tools={REST} />
      </div>
    </Panel>
  );
}

function Tools({ tools }: { tools: readonly Tool[] }) {
  const store = useEditorStore();
  return (
    <>
      <span aria-hidden className="mx-0.5 h-4 w-px bg-border" />
      {tools.map(({ id, label, icon: Icon, run }) => (
        <IconButton key={id} size="sm" label={label} keys={keysFor(SHORTCUTS, id)} onClick={() => run(store)}>
          <Icon />
        </IconButton>
      ))}
    </>
  );
}

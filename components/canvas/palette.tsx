'use client';

import { useReactFlow } from '@xyflow/react';
import { Search } from 'lucide-react';
import { memo, useState } from 'react';
import type { KeyboardEvent } from 'react';

import { Input } from '#components/ui/input.tsx';

import { addFromPalette } from './add-from-palette.ts';
import { useEditorStore } from './editor-context.tsx';
import { groupItems, PICKER_ITEMS, searchItems } from './picker-items.ts';
import type { PickerItem } from './picker-items.ts';
import { OptionIcon } from './picker-options.tsx';
import { DRAG_TYPE } from './use-canvas-drop.ts';
import { useRevealNode } from './use-reveal-node.ts';

export interface PaletteProps {
  /** Told after a click. Best the same function each time: there are hundreds of items to draw. */
  readonly onAdded?: () => void;
}

/** All operations of the registry, to drag onto the canvas or to click. */
export const Palette = memo(function Palette({ onAdded }: PaletteProps) {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  const reveal = useRevealNode();
  const [query, setQuery] = useState('');
  const items = searchItems(PICKER_ITEMS, query);
  const groups = query.trim() === '' ? groupItems(items) : [{ title: 'Results', items }];
  const add = (item: PickerItem) => {
    const added = addFromPalette(store, item, screenToFlowPosition);
    // Focus stays in the palette, for the next one.
    if (added !== undefined) reveal(added, { keepsFocus: true });
    onAdded?.();
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="p-3 pb-2">
        <Input
          type="search"
          aria-label="Search nodes"
          placeholder="Search nodes"
          icon={<Search aria-hidden />}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event: KeyboardEvent) => {
            const [first] = items;
            if (event.key === 'Enter' && first) add(first);
          }}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {groups.map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h2 className="px-1.5 pt-3 pb-1 text-xs font-medium text-subtle-foreground">{group.title}</h2>
            {group.items.map((item) => (
              <PaletteItem key={item.type} item={item} onAdd={() => add(item)} />
            ))}
          </section>
        ))}
        {items.length === 0 && (
          <p className="px-2 py-8 text-center text-sm text-muted-foreground">
            No node matches “{query.trim()}”.
          </p>
        )}
      </div>
    </div>
  );
});

function PaletteItem({ item, onAdd }: { item: PickerItem; onAdd: () => void }) {
  return (
    <button
      type="button"
      draggable
      title={item.summary}
      className="flex w-full cursor-grab items-center gap-2.5 rounded-md p-1.5 text-left focus-ring-inset hover:bg-muted active:cursor-grabbing"
      onClick={onAdd}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAG_TYPE, `${item.type}@${item.version}`);
        event.dataTransfer.effectAllowed = 'copy';
      }}
    >
      <OptionIcon type={item.type} version={item.version} />
      <span className="flex min-w-0 flex-col">
        <span className="truncate text-sm">{item.label}</span>
        <span className="truncate text-xs text-muted-foreground">{item.summary}</span>
      </span>
    </button>
  );
}

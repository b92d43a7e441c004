'use client';

import { useCallback, useMemo, useState } from 'react';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { EmptyCanvas } from '#components/canvas/empty-canvas.tsx';
import { QuickPicker } from '#components/canvas/quick-picker.tsx';
import { useCanvasClipboard } from '#components/canvas/use-canvas-clipboard.ts';

import { buildOutline } from './build-outline.ts';
import { OutlineBar } from './outline-bar.tsx';
import { OutlineNotes } from '#components/notes/outline-notes.tsx';

import { OutlineMenu } from './outline-menu.tsx';
import { outlineRows } from './outline-rows.ts';
import type { OutlineRow } from './outline-rows.ts';
import { OutlineTreeRow } from './outline-tree-row.tsx';
import { useOutlineFocus } from './use-outline-focus.ts';
import { useOutlineKeys } from './use-outline-keys.ts';

/** The flow as a tree of steps, branches and loops: all that the canvas can do, without the canvas. */
export function OutlineView() {
  const store = useEditorStore();
  const [host, setHost] = useState<HTMLElement | null>(null);
  const document = useEditor((state) => state.document);
  const faultsByNode = useEditor((state) => state.faultsByNode);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const flow = useMemo(() => ({ document, catalog: store.catalog }), [document, store]);
  const { rows, active, activate, fold } = useOutline(host);
  const openMenu = useCallback(() => setMenuOpen(true), []);
  useOutlineKeys({ host, rows, active, activate, fold, openMenu });
  useCanvasClipboard(host);
  return (
    <section
      ref={setHost}
      data-region="canvas"
      data-view="outline"
      aria-label="Outline of the flow. Arrow keys move, A adds a step, question mark for all keys, F6 to leave."
      tabIndex={rows.length === 0 ? 0 : -1}
      className="relative flex h-full flex-col bg-canvas focus-ring-inset"
    >
      <OutlineBar active={active} />
      <div className="min-h-0 flex-1 overflow-auto px-3 pt-1 pb-8">
        <ul
          role="tree"
          aria-label={`Outline of ${document.name}`}
          hidden={rows.length === 0}
          className="mx-auto flex max-w-3xl flex-col"
        >
          {rows.map((row) => (
            <OutlineTreeRow
              key={row.item.key}
              row={row}
              flow={flow}
              faults={faultsByNode.get(row.item.kind === 'step' ? row.item.nodeId : '')}
              isActive={row === active}
              onActivate={activate}
              onFold={fold}
              onMenu={openMenu}
              menu={
                row === active && (
                  <OutlineMenu item={row.item} isOpen={isMenuOpen} onOpenChange={setMenuOpen} />
                )
              }
            />
          ))}
        </ul>
        <OutlineNotes />
      </div>
      {rows.length === 0 && <EmptyCanvas addKey="A" />}
      <QuickPicker />
    </section>
  );
}

/** The rows, what is folded, and where the keyboard is. */
function useOutline(host: HTMLElement | null) {
  const store = useEditorStore();
  const document = useEditor((state) => state.document);
  const items = useMemo(() => buildOutline(document, store.catalog), [document, store]);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const { shown, activeKey, activate } = useOutlineFocus({ items, folded, host });
  const rows = useMemo(() => outlineRows(items, shown), [items, shown]);
  const active: OutlineRow | undefined = rows.find(({ item }) => item.key === activeKey) ?? rows[0];
  const fold = useCallback(
    (row: OutlineRow, isFolded: boolean) => {
      activate(row.item);
      const { key } = row.item;
      setFolded(
        (before) => new Set(isFolded ? [...before, key] : [...before].filter((each) => each !== key)),
      );
    },
    [activate],
  );
  return { rows, active, activate, fold };
}

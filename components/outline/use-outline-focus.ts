'use client';

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';

import { useEditor, useEditorStore } from '#components/canvas/editor-context.tsx';
import { focusCanvas } from '#components/canvas/focus-region.ts';

import { nodeOfItem, stepKey } from './outline-item.ts';
import type { OutlineItem } from './outline-item.ts';
import { itemByKey, pathTo } from './outline-rows.ts';

/**
 * Which row the keyboard is at. It follows the selection, so that a node chosen elsewhere is found in the outline; what is
 * folded around such a node is shown open. While the tree has the focus, it stays on that row, also when rows come and go.
 */
export function useOutlineFocus({
  items,
  folded,
  host,
}: {
  items: readonly OutlineItem[];
  folded: ReadonlySet<string>;
  host: HTMLElement | null;
}) {
  const store = useEditorStore();
  const [chosen, setChosen] = useState<string>();
  const selected = useEditor((state) => state.selectedNodeIds);
  const activeKey = useMemo(() => activeItem(items, chosen, selected), [items, chosen, selected]);
  const shown = useMemo(() => {
    const around = new Set(activeKey === undefined ? [] : pathTo(items, activeKey));
    return [...folded].some((key) => around.has(key))
      ? new Set([...folded].filter((key) => !around.has(key)))
      : folded;
  }, [items, folded, activeKey]);
  const activate = useCallback(
    (item: OutlineItem) => {
      setChosen(item.key);
      const nodeId = nodeOfItem(item);
      store.select(nodeId === undefined ? [] : [nodeId]);
    },
    [store],
  );
  useTreeFocus(host, activeKey);
  return { shown, activeKey, activate };
}

/** The chosen item, unless another node was selected meanwhile: then that one's. */
function activeItem(
  items: readonly OutlineItem[],
  chosen: string | undefined,
  selected: ReadonlySet<string>,
): string | undefined {
  const [only] = selected;
  const item = chosen === undefined ? undefined : itemByKey(items, chosen);
  if (item && (only === undefined || nodeOfItem(item) === only)) return item.key;
  return only === undefined ? items[0]?.key : stepKey(only);
}

function useTreeFocus(host: HTMLElement | null, activeKey: string | undefined): void {
  const hadFocus = useRef(false);
  useEffect(() => {
    if (!host) return undefined;
    if (document.activeElement === document.body) focusCanvas();
    const controller = new AbortController();
    const { signal } = controller;
    const isRow = (target: EventTarget | null) =>
      target instanceof Element && target.closest('[role=tree]') !== null;
    host.addEventListener('focusin', ({ target }) => (hadFocus.current = isRow(target)), { signal });
    // Without a next place, the row has gone from under the focus, or the window has lost it.
    host.addEventListener(
      'focusout',
      ({ relatedTarget }) => (hadFocus.current &&= relatedTarget === null || isRow(relatedTarget)),
      { signal },
    );
    return () => controller.abort();
  }, [host]);
  useLayoutEffect(() => {
    const at = document.activeElement;
    const isLost = at === document.body && hadFocus.current;
    const isOnRow = at?.getAttribute('role') === 'treeitem';
    if (!isLost && !isOnRow) return;
    const row = host?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]');
    if (row && row !== at) row.focus();
  }, [host, activeKey]);
}

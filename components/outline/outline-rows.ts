import { childrenOf } from './outline-item.ts';
import type { OutlineItem } from './outline-item.ts';

/** An item as it is shown: its depth, its place among its siblings, and what is around it. */
export interface OutlineRow {
  readonly item: OutlineItem;
  /** 1 for the outermost. */
  readonly level: number;
  /** From 1. */
  readonly place: number;
  readonly siblings: number;
  /** Key of the item around it. */
  readonly parent: string | undefined;
  /** Undefined where nothing is inside. */
  readonly isExpanded: boolean | undefined;
}

/** The rows that are in sight, from top to bottom: what is inside a folded item is not. */
export function outlineRows(
  items: readonly OutlineItem[],
  folded: ReadonlySet<string>,
  { level, parent }: { level: number; parent?: string } = { level: 1 },
): OutlineRow[] {
  return items.flatMap((item, index) => {
    const children = childrenOf(item);
    const isExpanded = children.length === 0 ? undefined : !folded.has(item.key);
    const row = { item, level, place: index + 1, siblings: items.length, parent, isExpanded };
    return isExpanded === true
      ? [row, ...outlineRows(children, folded, { level: level + 1, parent: item.key })]
      : [row];
  });
}

/** The keys of the items around one, the innermost first; undefined when there is no such item. */
export function pathTo(items: readonly OutlineItem[], key: string): readonly string[] | undefined {
  for (const item of items) {
    if (item.key === key) return [];
    const inner = pathTo(childrenOf(item), key);
    if (inner) return [...inner, item.key];
  }
  return undefined;
}

export type TreeMove = 'up' | 'down' | 'first' | 'last' | 'in' | 'out';

/** What a key of the tree does: go to another row, or fold or unfold the one it is on. */
export function moveInTree(
  rows: readonly OutlineRow[],
  key: string,
  move: TreeMove,
): { readonly to: string } | { readonly fold: boolean } | undefined {
  const index = rows.findIndex((row) => row.item.key === key);
  const row = rows[index];
  if (!row) return rows[0] && { to: rows[0].item.key };
  switch (move) {
    case 'up':
      return goTo(rows[index - 1]);
    case 'down':
      return goTo(rows[index + 1]);
    case 'first':
      return goTo(rows[0]);
    case 'last':
      return goTo(rows.at(-1));
    case 'in':
      if (row.isExpanded === undefined) return undefined;
      return row.isExpanded ? goTo(rows[index + 1]) : { fold: false };
    case 'out':
      if (row.isExpanded) return { fold: true };
      return row.parent === undefined ? undefined : { to: row.parent };
  }
}

function goTo(row: OutlineRow | undefined): { readonly to: string } | undefined {
  return row && { to: row.item.key };
}

/** The item with this key, at any depth. */
export function itemByKey(items: readonly OutlineItem[], key: string): OutlineItem | undefined {
  for (const item of items) {
    const found = item.key === key ? item : itemByKey(childrenOf(item), key);
    if (found) return found;
  }
  return undefined;
}

/** What is chosen of a list: some of what is shown, or all that matches its filter, also what is not loaded. */
export interface Selection {
  readonly isAll: boolean;
  /** Ids, while it is not all. */
  readonly ids: ReadonlySet<string>;
}

export const NOTHING: Selection = { isAll: false, ids: new Set() };
export const EVERYTHING: Selection = { isAll: true, ids: new Set() };

/** The selection with one more or one less. Less of everything is the rest of what is shown. */
export function toggled({ isAll, ids }: Selection, id: string, shown: readonly string[]): Selection {
  const next = new Set(isAll ? shown : ids);
  if (!next.delete(id)) next.add(id);
  return { isAll: false, ids: next };
}

/** All that is shown, or nothing when it was that already. */
export function toggledAll(selection: Selection, shown: readonly string[]): Selection {
  return stateOf(selection, shown) === 'all' ? NOTHING : { isAll: false, ids: new Set(shown) };
}

export function isSelected({ isAll, ids }: Selection, id: string): boolean {
  return isAll || ids.has(id);
}

/** What the box over the list shows. */
export function stateOf(selection: Selection, shown: readonly string[]): 'none' | 'some' | 'all' {
  if (shown.length === 0) return selection.isAll ? 'all' : 'none';
  const count = shown.filter((id) => isSelected(selection, id)).length;
  if (count === 0) return 'none';
  return count === shown.length ? 'all' : 'some';
}

/** Without what is no longer in the list. */
export function kept(selection: Selection, shown: readonly string[]): Selection {
  if (selection.isAll) return selection;
  const ids = shown.filter((id) => selection.ids.has(id));
  return ids.length === selection.ids.size ? selection : { isAll: false, ids: new Set(ids) };
}

export function isEmpty({ isAll, ids }: Selection): boolean {
  return !isAll && ids.size === 0;
}

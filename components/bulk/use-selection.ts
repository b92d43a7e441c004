'use client';

import { useState } from 'react';

import {
  isSelected,
  kept,
  NOTHING,
  EVERYTHING,
  stateOf,
  toggled,
  toggledAll,
  type Selection,
} from './selection.ts';

/** What is chosen of a list. It is forgotten when `filterKey` changes: what matches now is something else. */
export function useSelection(shown: readonly string[], filterKey: string) {
  const [held, setHeld] = useState<{ key: string; selection: Selection }>({
    key: filterKey,
    selection: NOTHING,
  });
  const selection = kept(held.key === filterKey ? held.selection : NOTHING, shown);
  const set = (next: Selection) => setHeld({ key: filterKey, selection: next });
  return {
    selection,
    state: stateOf(selection, shown),
    isSelected: (id: string) => isSelected(selection, id),
    toggle: (id: string) => set(toggled(selection, id, shown)),
    toggleAll: () => set(toggledAll(selection, shown)),
    selectEverything: () => set(EVERYTHING),
    clear: () => set(NOTHING),
  };
}

export type SelectionState = ReturnType<typeof useSelection>;

'use client';

import { useEffect, useEffectEvent } from 'react';
import { tinykeys } from 'tinykeys';

import { useEditorStore } from '#components/canvas/editor-context.tsx';
import type { EditorStore } from '#components/canvas/editor-store.ts';
import { focusNextRegion } from '#components/canvas/focus-region.ts';
import { isKeyFor } from '#components/canvas/key-scope.ts';
import { toggleView } from '#components/canvas/toggle-view.ts';
import { useNextFault } from '#components/canvas/use-next-fault.ts';

import { paletteStore } from '#components/command/command-registry.ts';

import { type NoteCommands, useNoteCommands } from '#components/notes/use-note-commands.ts';

import { outlineActions } from './outline-actions.ts';
import type { OutlineItem } from './outline-item.ts';
import { moveInTree } from './outline-rows.ts';
import type { OutlineRow, TreeMove } from './outline-rows.ts';
import { OUTLINE_SHORTCUTS } from './outline-shortcuts.ts';
import type { OutlineShortcut, OutlineViewKey } from './outline-shortcuts.ts';

export interface OutlineKeyTarget {
  readonly host: HTMLElement | null;
  readonly rows: readonly OutlineRow[];
  readonly active: OutlineRow | undefined;
  readonly activate: (item: OutlineItem) => void;
  readonly fold: (row: OutlineRow, isFolded: boolean) => void;
  readonly openMenu: () => void;
}

type Target = OutlineKeyTarget & {
  readonly goToFault: (step: 1 | -1) => void;
  readonly notes: NoteCommands;
};

type Id = OutlineShortcut['id'];

/** The keys of the outline, while focus is in it and not in a field, a menu or a dialog. */
export function useOutlineKeys(target: OutlineKeyTarget): void {
  const store = useEditorStore();
  const goToFault = useNextFault();
  const notes = useNoteCommands();
  const { host } = target;
  const press = useEffectEvent((id: Id, event: KeyboardEvent) => {
    if (!isKeyFor(event, id, { host, buttonKeys: BUTTON_KEYS })) return;
    event.preventDefault();
    act(store, id, { ...target, goToFault, notes });
  });
  useEffect(() => {
    if (!host) return undefined;
    const bindings = OUTLINE_SHORTCUTS.flatMap(({ id, bindings: keys }) =>
      keys.map((key): [string, (event: KeyboardEvent) => void] => [key, (event) => press(id, event)]),
    );
    return tinykeys(window, Object.fromEntries(bindings));
  }, [host]);
}

const MOVES: ReadonlySet<string> = new Set<TreeMove>(['up', 'down', 'in', 'out', 'first', 'last']);
/** A button keeps the keys that press it, and the arrows. */
const BUTTON_KEYS: ReadonlySet<string> = new Set([...MOVES, 'open']);
const isMove = (id: Id): id is TreeMove => MOVES.has(id);

function act(store: EditorStore, id: Id, target: Target): void {
  if (isMove(id)) return moveTo(id, target);
  const own = viewActions(store, target)[id as Exclude<OutlineViewKey, TreeMove>];
  if (own) return own();
  if (!target.active) {
    if (id === 'add' && !store.isReadOnly) store.setState({ picker: { kind: 'add' } });
    return;
  }
  const action = outlineActions(store, target.active.item).find((each) => each.id === id);
  if (action) action.run();
  else store.announce(store.isReadOnly ? 'This flow can only be read' : 'That cannot be done here');
}

function viewActions(
  store: EditorStore,
  { openMenu, goToFault, notes }: Target,
): Readonly<Partial<Record<Id, () => void>>> & Record<Exclude<OutlineViewKey, TreeMove>, () => void> {
  return {
    menu: openMenu,
    undo: store.undo,
    redo: store.redo,
    run: () => store.setState({ dialog: 'run' }),
    publish: () => store.setState({ dialog: 'publish' }),
    note: notes.add,
    next_note: notes.goToNext,
    canvas: () => toggleView(store),
    find: () => paletteStore.setState({ mode: 'find' }),
    next_fault: () => goToFault(1),
    last_fault: () => goToFault(-1),
    next_region: focusNextRegion,
    help: () => store.setState({ isHelpOpen: true }),
  };
}

function moveTo(move: TreeMove, { rows, active, activate, fold }: OutlineKeyTarget): void {
  if (!active) return;
  const step = moveInTree(rows, active.item.key, move);
  if (!step) return;
  if ('fold' in step) return fold(active, step.fold);
  const row = rows.find(({ item }) => item.key === step.to);
  if (row) activate(row.item);
}

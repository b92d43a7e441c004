import { isMacKeyboard, keyNames } from './key-names.ts';

/** Everything the keyboard can do on the canvas. */
export type ShortcutId =
  | 'add'
  | 'add_after'
  | 'connect'
  | 'rename'
  | 'open'
  | 'remove'
  | 'duplicate'
  | 'copy'
  | 'cut'
  | 'paste'
  | 'undo'
  | 'redo'
  | 'select_all'
  | 'clear'
  | 'walk'
  | 'nudge'
  | 'zoom_in'
  | 'zoom_out'
  | 'zoom_fit'
  | 'zoom_100'
  | 'replace'
  | 'fold'
  | 'group'
  | 'ungroup'
  | 'tidy'
  | 'align_left'
  | 'align_centre'
  | 'align_right'
  | 'align_top'
  | 'align_middle'
  | 'align_bottom'
  | 'distribute_horizontally'
  | 'distribute_vertically'
  | 'outline'
  | 'find'
  | 'next_fault'
  | 'last_fault'
  | 'palette'
  | 'run'
  | 'run_step'
  | 'run_up_to'
  | 'publish'
  | 'note'
  | 'next_note'
  | 'size_note'
  | 'next_region'
  | 'help';

export interface Shortcut {
  readonly id: ShortcutId;
  /** tinykeys bindings; empty where the browser or another handler takes the keys. */
  readonly bindings: readonly string[];
  /** As shown. `Mod` stands for Ctrl, or ⌘ on a Mac. */
  readonly keys: readonly (readonly string[])[];
  readonly label: string;
  readonly group: 'Build' | 'Edit' | 'Arrange' | 'Move around';
}

/** One list for the handler and for the sheet that explains it. */
export const SHORTCUTS: readonly Shortcut[] = [
  {
    id: 'add',
    bindings: ['Tab'],
    keys: [['Tab']],
    label: 'Add a node: after the selected one, or into the selected loop',
    group: 'Build',
  },
  {
    id: 'add_after',
    bindings: ['a', 'n'],
    keys: [['A'], ['N']],
    label: 'Add a node after the selected one',
    group: 'Build',
  },
  {
    id: 'connect',
    bindings: ['c'],
    keys: [['C']],
    label: 'Connect the selected node to another',
    group: 'Build',
  },
  { id: 'rename', bindings: ['F2'], keys: [['F2']], label: 'Rename, or write in the note', group: 'Build' },
  { id: 'open', bindings: ['Enter'], keys: [['Enter']], label: 'Open the settings', group: 'Build' },
  {
    id: 'group',
    bindings: ['$mod+g'],
    keys: [['Mod', 'G']],
    label: 'Group the selected nodes',
    group: 'Arrange',
  },
  {
    id: 'ungroup',
    bindings: ['$mod+Shift+g'],
    keys: [['Mod', 'Shift', 'G']],
    label: 'Ungroup',
    group: 'Arrange',
  },
  {
    id: 'fold',
    bindings: ['f'],
    keys: [['F']],
    label: 'Fold or unfold loops and groups',
    group: 'Arrange',
  },
  {
    id: 'replace',
    bindings: ['Shift+R'],
    keys: [['Shift', 'R']],
    label: 'Replace the node, keeping its edges',
    group: 'Build',
  },
  {
    id: 'tidy',
    bindings: ['Shift+Alt+KeyT'],
    keys: [['Shift', 'Alt', 'T']],
    label: 'Tidy up: the selected nodes, or all',
    group: 'Arrange',
  },
  {
    id: 'align_left',
    bindings: ['Alt+KeyA'],
    keys: [['Alt', 'A']],
    label: 'Align left',
    group: 'Arrange',
  },
  {
    id: 'align_centre',
    bindings: ['Alt+KeyH'],
    keys: [['Alt', 'H']],
    label: 'Align centre',
    group: 'Arrange',
  },
  {
    id: 'align_right',
    bindings: ['Alt+KeyD'],
    keys: [['Alt', 'D']],
    label: 'Align right',
    group: 'Arrange',
  },
  {
    id: 'align_top',
    bindings: ['Alt+KeyW'],
    keys: [['Alt', 'W']],
    label: 'Align top',
    group: 'Arrange',
  },
  {
    id: 'align_middle',
    bindings: ['Alt+KeyV'],
    keys: [['Alt', 'V']],
    label: 'Align middle',
    group: 'Arrange',
  },
  {
    id: 'align_bottom',
    bindings: ['Alt+KeyS'],
    keys: [['Alt', 'S']],
    label: 'Align bottom',
    group: 'Arrange',
  },
  {
    id: 'distribute_horizontally',
    bindings: ['Shift+Alt+KeyH'],
    keys: [['Shift', 'Alt', 'H']],
    label: 'Spread evenly from left to right',
    group: 'Arrange',
  },
  {
    id: 'distribute_vertically',
    bindings: ['Shift+Alt+KeyV'],
    keys: [['Shift', 'Alt', 'V']],
    label: 'Spread evenly from top to bottom',
    group: 'Arrange',
  },
  { id: 'note', bindings: ['Shift+S'], keys: [['Shift', 'S']], label: 'Add a note', group: 'Build' },
  {
    id: 'next_note',
    bindings: ['Shift+N'],
    keys: [['Shift', 'N']],
    label: 'Next note',
    group: 'Move around',
  },
  {
    id: 'size_note',
    bindings: [],
    keys: [['Alt', '→']],
    label: 'Make the note larger or smaller',
    group: 'Arrange',
  },
  { id: 'run', bindings: ['$mod+Enter'], keys: [['Mod', 'Enter']], label: 'Test run', group: 'Build' },
  { id: 'run_step', bindings: ['r'], keys: [['R']], label: 'Run the selected step', group: 'Build' },
  { id: 'run_up_to', bindings: ['u'], keys: [['U']], label: 'Run up to the selected step', group: 'Build' },
  { id: 'publish', bindings: ['Shift+P'], keys: [['Shift', 'P']], label: 'Publish', group: 'Build' },
  { id: 'undo', bindings: ['$mod+z'], keys: [['Mod', 'Z']], label: 'Undo', group: 'Edit' },
  {
    id: 'redo',
    bindings: ['$mod+Shift+z', '$mod+y'],
    keys: [
      ['Mod', 'Shift', 'Z'],
      ['Mod', 'Y'],
    ],
    label: 'Redo',
    group: 'Edit',
  },
  { id: 'copy', bindings: [], keys: [['Mod', 'C']], label: 'Copy as JSON', group: 'Edit' },
  { id: 'cut', bindings: [], keys: [['Mod', 'X']], label: 'Cut', group: 'Edit' },
  { id: 'paste', bindings: [], keys: [['Mod', 'V']], label: 'Paste', group: 'Edit' },
  { id: 'duplicate', bindings: ['$mod+d'], keys: [['Mod', 'D']], label: 'Duplicate', group: 'Edit' },
  {
    id: 'remove',
    bindings: ['Delete', 'Backspace'],
    keys: [['Delete'], ['⌫']],
    label: 'Remove',
    group: 'Edit',
  },
  { id: 'select_all', bindings: ['$mod+a'], keys: [['Mod', 'A']], label: 'Select all', group: 'Edit' },
  { id: 'clear', bindings: ['Escape'], keys: [['Esc']], label: 'Clear the selection', group: 'Edit' },
  {
    id: 'walk',
    bindings: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
    keys: [['←'], ['→'], ['↑'], ['↓']],
    label: 'Walk along the edges',
    group: 'Move around',
  },
  {
    id: 'nudge',
    bindings: ['Shift+ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Shift+ArrowDown'],
    keys: [['Shift', '←']],
    label: 'Move the selected nodes, or the note',
    group: 'Move around',
  },
  { id: 'zoom_in', bindings: ['+', 'Shift++', '='], keys: [['+']], label: 'Zoom in', group: 'Move around' },
  { id: 'zoom_out', bindings: ['-'], keys: [['−']], label: 'Zoom out', group: 'Move around' },
  { id: 'zoom_100', bindings: ['0'], keys: [['0']], label: 'Zoom to 100 %', group: 'Move around' },
  { id: 'zoom_fit', bindings: ['1'], keys: [['1']], label: 'Show all of the flow', group: 'Move around' },
  {
    id: 'palette',
    bindings: [],
    keys: [['Mod', 'K']],
    label: 'Command palette: go anywhere, do anything',
    group: 'Move around',
  },
  {
    id: 'find',
    bindings: ['$mod+f'],
    keys: [['Mod', 'F']],
    label: 'Find in this flow',
    group: 'Move around',
  },
  { id: 'next_fault', bindings: ['F8'], keys: [['F8']], label: 'Next fault', group: 'Move around' },
  {
    id: 'last_fault',
    bindings: ['Shift+F8'],
    keys: [['Shift', 'F8']],
    label: 'Fault before',
    group: 'Move around',
  },
  {
    id: 'outline',
    bindings: ['o'],
    keys: [['O']],
    label: 'Show the flow as an outline',
    group: 'Move around',
  },
  {
    id: 'next_region',
    bindings: ['F6'],
    keys: [['F6']],
    label: 'Next part: canvas, settings, header, palette',
    group: 'Move around',
  },
  { id: 'help', bindings: ['?', 'Shift+?'], keys: [['?']], label: 'This list', group: 'Move around' },
];

/** The first keys of a shortcut of a list, as this machine's keyboard names them; for tooltips and menus. */
export function keysFor(
  shortcuts: readonly { readonly id: string; readonly keys: Shortcut['keys'] }[],
  id: string,
): readonly string[] | undefined {
  const [keys] = shortcuts.find((shortcut) => shortcut.id === id)?.keys ?? [];
  return keys && keyNames(keys, isMacKeyboard());
}

import type { Shortcut } from '#components/canvas/shortcuts.ts';

import type { OutlineActionId } from './outline-actions.ts';
import type { TreeMove } from './outline-rows.ts';

/** What keys do in the outline that is no action at a row. */
export type OutlineViewKey =
  | TreeMove
  | 'find'
  | 'next_fault'
  | 'last_fault'
  | 'menu'
  | 'undo'
  | 'redo'
  | 'next_region'
  | 'help'
  | 'canvas'
  | 'run'
  | 'publish'
  | 'note'
  | 'next_note';

export interface OutlineShortcut extends Omit<Shortcut, 'id'> {
  readonly id: OutlineActionId | OutlineViewKey;
}

const inGroup =
  (group: Shortcut['group']) =>
  (
    id: OutlineShortcut['id'],
    bindings: readonly string[],
    keys: readonly (readonly string[])[],
    label: string,
  ): OutlineShortcut => ({ id, bindings, keys, label, group });

const move = inGroup('Move around');
const build = inGroup('Build');
const edit = inGroup('Edit');

/** Every key of the outline: one list for the handler and for the sheet that explains it. */
export const OUTLINE_SHORTCUTS: readonly OutlineShortcut[] = [
  move('up', ['ArrowUp'], [['↑']], 'Line before'),
  move('down', ['ArrowDown'], [['↓']], 'Next line'),
  move('in', ['ArrowRight'], [['→']], 'Unfold, then go in'),
  move('out', ['ArrowLeft'], [['←']], 'Fold, then go out'),
  move('first', ['Home'], [['Home']], 'First line'),
  move('last', ['End'], [['End']], 'Last line'),
  move('menu', ['Shift+F10', 'ContextMenu', '.'], [['.'], ['Shift', 'F10']], 'All that can be done here'),
  build('add', ['a', 'n'], [['A']], 'Add a step after, into a branch or a loop'),
  build('add_before', ['b'], [['B']], 'Add a step before'),
  build('add_way', ['Shift+A'], [['Shift', 'A']], 'Add another way from here'),
  build('add_undo', ['u'], [['U']], 'Add what undoes the step'),
  build('connect', ['c'], [['C']], 'Connect to another step'),
  build('disconnect', ['d'], [['D']], 'Disconnect from the step before'),
  build('rename', ['F2'], [['F2']], 'Rename'),
  build('open', ['Enter'], [['Enter']], 'Open the settings'),
  build('earlier', ['Alt+ArrowUp'], [['Alt', '↑']], 'Move one step earlier'),
  build('later', ['Alt+ArrowDown'], [['Alt', '↓']], 'Move one step later'),
  build('replace', ['Shift+R'], [['Shift', 'R']], 'Replace by another, keeping its edges'),
  edit('duplicate', ['$mod+d'], [['Mod', 'D']], 'Duplicate'),
  edit('remove', ['Delete', 'Backspace'], [['Delete']], 'Remove, joining what is around it'),
  edit('undo', ['$mod+z'], [['Mod', 'Z']], 'Undo'),
  edit(
    'redo',
    ['$mod+Shift+z', '$mod+y'],
    [
      ['Mod', 'Shift', 'Z'],
      ['Mod', 'Y'],
    ],
    'Redo',
  ),
  build('run', ['$mod+Enter'], [['Mod', 'Enter']], 'Test run'),
  build('publish', ['Shift+P'], [['Shift', 'P']], 'Publish'),
  build('note', ['Shift+S'], [['Shift', 'S']], 'Add a note'),
  move('next_note', ['Shift+N'], [['Shift', 'N']], 'Next note'),
  move('canvas', ['o'], [['O']], 'Back to the canvas'),
  move('find', ['$mod+f'], [['Mod', 'F']], 'Find in this flow'),
  move('next_fault', ['F8'], [['F8']], 'Next fault'),
  move('last_fault', ['Shift+F8'], [['Shift', 'F8']], 'Fault before'),
  move('next_region', ['F6'], [['F6']], 'Next part: outline, settings, header, palette'),
  move('help', ['?', 'Shift+?'], [['?']], 'This list'),
];

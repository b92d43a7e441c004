import { arrowDirection } from '#components/canvas/walk.ts';
import { GRID } from '#components/canvas/node-size.ts';
import type { Position } from '#core/flow-document.ts';

/** The parts of a key press that matter here. */
export interface PressedKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** What a key does while a note has the focus. `keep`: nothing, and it does not reach the nodes or rows either. */
export type NoteKey =
  | { readonly kind: 'edit' | 'remove' | 'copy' | 'leave' | 'tab' | 'keep' }
  | { readonly kind: 'move' | 'resize'; readonly by: Position };

const STEPS: Readonly<Record<string, Position>> = {
  left: { x: -GRID, y: 0 },
  right: { x: GRID, y: 0 },
  up: { x: 0, y: -GRID },
  down: { x: 0, y: GRID },
};

/** Letters that concern no node: they work from a note, too. */
const FREE_LETTERS: ReadonlySet<string> = new Set(['o', 'Shift+S', 'Shift+N', 'Shift+P']);

/** The meaning of a key that is pressed on a note; undefined where it means what it always does, such as zooming. */
export function noteKey({ key, shiftKey, altKey, ctrlKey, metaKey }: PressedKey): NoteKey | undefined {
  const isCommand = ctrlKey || metaKey;
  const direction = arrowDirection(key);
  const by = direction && STEPS[direction];
  if (by && !isCommand && shiftKey !== altKey) return { kind: shiftKey ? 'move' : 'resize', by };
  if (isCommand) return key.toLowerCase() === 'd' ? { kind: 'copy' } : undefined;
  switch (key) {
    case 'Enter':
    case 'F2':
      return { kind: 'edit' };
    case 'Delete':
    case 'Backspace':
      return { kind: 'remove' };
    case 'Escape':
      return { kind: 'leave' };
    case 'Tab':
      return { kind: 'tab' };
    default:
      return isForNodes(key, shiftKey) ? { kind: 'keep' } : undefined;
  }
}

/** Keys that would add, run or rename what is not in sight of the person who is at a note. */
function isForNodes(key: string, shiftKey: boolean): boolean {
  if (key === '.') return true;
  return (
    /^[a-z]$/i.test(key) && !FREE_LETTERS.has(shiftKey ? `Shift+${key.toUpperCase()}` : key.toLowerCase())
  );
}

import type { EditorState } from '@codemirror/state';

/**
 * Whether the key for data opens the list of data, and not the completion of what is being written: in text outside of
 * `{{ }}`, and in an expression where no name has begun.
 */
export function wantsData(state: EditorState, kind: 'expression' | 'template'): boolean {
  const before = state.sliceDoc(0, state.selection.main.from);
  const open = kind === 'template' ? before.lastIndexOf('{{') : -2;
  if (kind === 'template' && (open === -1 || before.indexOf('}}', open) !== -1)) return true;
  return !state.selection.main.empty || !/[\w.$`"]$/.test(before.slice(open + 2));
}

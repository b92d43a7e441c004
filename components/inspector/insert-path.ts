import type { EditorView } from '@codemirror/view';

import { pathInMapping } from '#core/pills/list-mapping.ts';
import { type PillPath, readPathAt } from '#core/pills/pill-path.ts';
import { literalText } from '#core/pills/pill-text.ts';

import type { CodeKind } from './code-lint.ts';
import { PATH_DRAG_TYPE } from './path-drag.ts';

export interface InsertPath {
  readonly kind: CodeKind;
  /** The list whose items the expression is worked out for. */
  readonly list?: PillPath;
}

/** Puts a path at the cursor, or in place of what is selected, as the text of the field takes it. */
export function insertPath(editor: EditorView, path: string, { kind, list }: InsertPath): void {
  const text = pathText(kind, editor, list ? inMapping(path, list) : path);
  const { from } = editor.state.selection.main;
  // One brace before the two would make three, which read otherwise.
  if (text.startsWith('{{') && editor.state.sliceDoc(from - 1, from) === '{')
    editor.dispatch({ changes: { from: from - 1, to: from, insert: literalText('{', true) } });
  editor.dispatch(editor.state.replaceSelection(text), { scrollIntoView: true, userEvent: 'input.drop' });
  editor.focus();
}

/** Takes a path that was dragged here. False for anything else. */
export function dropPath(event: DragEvent, editor: EditorView, insert: (path: string) => void): boolean {
  const path = event.dataTransfer?.getData(PATH_DRAG_TYPE);
  if (!path) return false;
  event.preventDefault();
  const at = editor.posAtCoords({ x: event.clientX, y: event.clientY }) ?? editor.state.doc.length;
  editor.dispatch({ selection: { anchor: at } });
  insert(path);
  return true;
}

/** In text between `{{ }}`, unless the cursor is inside of some already. */
function pathText(kind: CodeKind, editor: EditorView, path: string): string {
  if (kind === 'expression' || kind === 'javascript') return path;
  if (kind === 'json') return `{ "$expr": ${JSON.stringify(path)} }`;
  const before = editor.state.sliceDoc(0, editor.state.selection.main.from);
  return before.lastIndexOf('{{') > before.lastIndexOf('}}') ? path : `{{ ${path} }}`;
}

function inMapping(path: string, list: PillPath): string {
  const read = readPathAt(path, 0);
  return read === undefined ? path : pathInMapping(read.path, list);
}

import { autocompletion } from '@codemirror/autocomplete';
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { indentOnInput, syntaxTree } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import type { EditorState, Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';

import type { JsonObject } from '#core/json.ts';

import { completePath } from './complete-path.ts';

const MAX_MARKS = 5;
const ESCAPE_MS = 2_000;

/**
 * Editing of JavaScript, loaded with the first field that holds some. Tab indents here; after Escape it leaves the field
 * for two seconds, as CodeMirror has it, so that the keyboard is not trapped.
 */
export function javascriptExtensions(scope: () => JsonObject | undefined): Extension[] {
  return [
    javascript(),
    lineNumbers(),
    indentOnInput(),
    keymap.of([indentWithTab]),
    keepFirstEscape(),
    linter((editor) => syntaxFaults(editor.state), { delay: 200 }),
    autocompletion({ override: [(context) => inputCompletions(context, scope())], icons: false }),
  ];
}

/** The places where the code is no JavaScript, the first few of them. */
export function syntaxFaults(state: EditorState): Diagnostic[] {
  const found: Diagnostic[] = [];
  syntaxTree(state).iterate({
    enter: ({ type, from, to }) => {
      if (!type.isError || found.length >= MAX_MARKS || found.at(-1)?.to === to) return;
      const end = Math.min(state.doc.length, Math.max(to, from + 1));
      const start = Math.max(0, Math.min(from, end - 1));
      const near = state.sliceDoc(start, end).trim();
      const message = near === '' ? 'Something is missing here.' : `“${near}” is not expected here.`;
      found.push({ from: start, to: end, severity: 'error', message });
    },
  });
  return found;
}

/** `input` and what is in it, by the example data. */
export function inputCompletions(
  context: CompletionContext,
  scope: JsonObject | undefined,
): CompletionResult | null {
  const before = context.matchBefore(/[\w$.]+$/);
  if (!before || !scope || !/^(?:input\b|i?n?p?u?t?$)/.test(before.text)) return null;
  const found = completePath(before.text, scope);
  if (!found) return null;
  const from = before.from + found.from;
  const options = found.items.map(({ name, detail }): Completion => {
    const isPlain = /^[A-Za-z_$][\w$]*$/.test(name);
    return { label: name, detail, type: 'property', apply: isPlain ? name : byBrackets(name) };
  });
  return { from, options, validFor: /^\w*$/ };
}

/** `input["content-type"]`: the dot that was typed goes. */
function byBrackets(name: string) {
  return (editor: EditorView, _: Completion, from: number, to: number) => {
    const dot = editor.state.sliceDoc(from - 1, from) === '.' ? 1 : 0;
    const insert = `[${JSON.stringify(name)}]`;
    editor.dispatch({
      changes: { from: from - dot, to, insert },
      selection: { anchor: from - dot + insert.length },
    });
  };
}

/** The first Escape is the editor's: in a drawer it would close all the settings. */
function keepFirstEscape(): Extension {
  let last = 0;
  return EditorView.domEventHandlers({
    keydown: (event) => {
      if (event.key !== 'Escape') return false;
      if (event.timeStamp - last > ESCAPE_MS) event.stopPropagation();
      last = event.timeStamp;
      return false;
    },
  });
}

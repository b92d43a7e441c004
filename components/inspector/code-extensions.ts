import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { json } from '@codemirror/lang-json';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, dropCursor, keymap, placeholder as placeholderText, tooltips } from '@codemirror/view';
import { minimalSetup } from 'codemirror';

import type { JsonObject } from '#core/json.ts';

import { completionsAt } from './code-complete.ts';
import { lintCode } from './code-lint.ts';
import type { CodeKind } from './code-lint.ts';
import { codeHighlight, codeTheme } from './code-theme.ts';
import { expressionLanguage, templateLanguage } from './jsonata-language.ts';

/** What every editor has. Tab is not bound: it leaves the field, as the keyboard must never be trapped. */
export function basicExtensions(): Extension[] {
  return [
    // Before the basic keys: Enter in an open list of completions takes one.
    keymap.of([...closeBracketsKeymap, ...completionKeymap]),
    minimalSetup,
    closeBrackets(),
    // Shows where data that is dragged would go.
    dropCursor(),
    bracketMatching(),
    syntaxHighlighting(codeHighlight),
    codeTheme,
    tooltips({ parent: document.body }),
  ];
}

/** One line to type, or as many as the text has. What is long is shown on several, so that each pill is seen. */
export function linesExtension(isSingleLine = false): Extension {
  return isSingleLine ? [singleLine, EditorView.lineWrapping] : EditorView.lineWrapping;
}

const singleLine = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  const text = transaction.newDoc.toString().replace(/\s*\n\s*/g, ' ');
  return [
    {
      changes: { from: 0, to: transaction.startState.doc.length, insert: text },
      selection: { anchor: text.length },
    },
  ];
});

/** Colours, checks and completion for what is written. */
export function kindExtensions(kind: CodeKind, scope: () => JsonObject | undefined): Extension[] {
  if (kind === 'json')
    return [json(), linter((editor) => lintCode('json', editor.state.doc.toString()), { delay: 200 })];
  const source = (context: CompletionContext): CompletionResult | null =>
    completionsAt(context, kind, scope());
  const completion = autocompletion({ override: [source], icons: false, activateOnTyping: true });
  // JavaScript's own help comes later: most fields hold none.
  if (kind === 'javascript') return [];
  if (kind === 'text') return [completion];
  const check = linter((editor) => lintCode(kind, editor.state.doc.toString()), { delay: 200 });
  return [kind === 'expression' ? expressionLanguage : templateLanguage, completion, check];
}

export interface CodeAttributes {
  /** Ids of the label and of what describes the field. */
  readonly labelledBy: string;
  readonly describedBy?: string;
  readonly isInvalid?: boolean;
  readonly isReadOnly?: boolean;
  readonly placeholder?: string;
}

/** What assistive technology is told, and whether the text can be changed. */
export function attributeExtensions(attributes: CodeAttributes): Extension[] {
  const { labelledBy, describedBy, isInvalid, isReadOnly, placeholder } = attributes;
  return [
    EditorView.contentAttributes.of({
      'aria-labelledby': labelledBy,
      ...(describedBy && { 'aria-describedby': describedBy }),
      ...(isInvalid && { 'aria-invalid': 'true' }),
      spellcheck: 'false',
    }),
    EditorState.readOnly.of(isReadOnly ?? false),
    EditorView.editable.of(!isReadOnly),
    placeholder ? placeholderText(placeholder) : [],
  ];
}

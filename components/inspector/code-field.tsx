'use client';

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
import { Compartment, EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderText, tooltips } from '@codemirror/view';
import { minimalSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import type { CSSProperties } from 'react';

import type { JsonObject } from '#core/json.ts';

import { codeHighlight, codeTheme } from './code-theme.ts';
import { lintCode } from './code-lint.ts';
import type { CodeKind } from './code-lint.ts';
import { completionsAt } from './code-complete.ts';
import { expressionLanguage, templateLanguage } from './jsonata-language.ts';
import { takeFocusRequest } from './focus-request.ts';
import { PATH_DRAG_TYPE } from './path-drag.ts';
import { useActiveField } from './active-field.tsx';

export interface CodeFieldProps {
  readonly kind: CodeKind;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Ids of the label and of what describes the field. */
  readonly labelledBy: string;
  readonly describedBy?: string;
  readonly isInvalid?: boolean;
  readonly isReadOnly?: boolean;
  readonly placeholder?: string;
  /** Height in lines at least. Default 1. */
  readonly lines?: number;
  /** One line only: Enter makes no new one, and line breaks that are pasted become spaces. */
  readonly isSingleLine?: boolean;
  /** Example data that paths are completed from. */
  readonly scope?: JsonObject;
  /** Takes a path that is put into the empty field whole, so that it keeps its type instead of becoming text. */
  readonly onPathIntoEmpty?: (path: string) => void;
}

/** A text field with an editor's help: colours, errors marked in place, completion of data paths, drop of a path. */
export function CodeField(props: CodeFieldProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  const activeField = useActiveField();
  const isSingleLine = props.isSingleLine ?? false;
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!host.current) return undefined;
    const insertPath = (path: string) => {
      const { kind, onPathIntoEmpty } = latest.current;
      if (onPathIntoEmpty && editor.state.doc.length === 0) onPathIntoEmpty(path);
      else insertAtCursor(editor, pathText(kind, editor, path));
    };
    const editor: EditorView = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          setup(),
          linesSlot.of(linesExtension(latest.current.isSingleLine)),
          kindSlot.of(kindExtensions(latest.current.kind, () => latest.current.scope)),
          attributesSlot.of([]),
          EditorView.updateListener.of((update) => {
            if (
              update.docChanged &&
              !update.transactions.some((transaction) => transaction.isUserEvent('outside'))
            ) {
              latest.current.onChange(update.state.doc.toString());
            }
          }),
          EditorView.domEventHandlers({
            focus: () => activeField.set(insertPath),
            drop: (event) => dropPath(event, editor, insertPath),
          }),
        ],
      }),
    });
    view.current = editor;
    if (takeFocusRequest(latest.current.labelledBy)) {
      editor.dispatch({ selection: { anchor: editor.state.doc.length } });
      editor.focus();
    }
    return () => {
      activeField.clear(insertPath);
      editor.destroy();
    };
  }, [activeField]);

  useEffect(() => {
    const scope = () => latest.current.scope;
    const take = (extensions: Extension) =>
      view.current?.dispatch({ effects: kindSlot.reconfigure(extensions) });
    take(kindExtensions(props.kind, scope));
    if (props.kind !== 'javascript') return undefined;
    let isCurrent = true;
    void import('./javascript.ts').then(
      ({ javascriptExtensions }) => isCurrent && take(javascriptExtensions(scope)),
      (error: unknown) => console.warn('The help for JavaScript could not be loaded', error),
    );
    return () => {
      isCurrent = false;
    };
  }, [props.kind]);
  useEffect(() => {
    view.current?.dispatch({ effects: linesSlot.reconfigure(linesExtension(isSingleLine)) });
  }, [isSingleLine]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === props.value) return;
    const end = Math.min(editor.state.selection.main.head, props.value.length);
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: props.value },
      selection: { anchor: end },
      userEvent: 'outside',
    });
    // The kind too: a lone "=" becomes an empty expression, whose text is as empty as before.
  }, [props.value, props.kind]);
  const { labelledBy, describedBy, isInvalid, isReadOnly, placeholder } = props;
  useEffect(() => {
    const extensions = attributes({ labelledBy, describedBy, isInvalid, isReadOnly, placeholder });
    view.current?.dispatch({ effects: attributesSlot.reconfigure(extensions) });
  }, [labelledBy, describedBy, isInvalid, isReadOnly, placeholder]);

  return (
    <div
      ref={host}
      className="code-field"
      data-kind={props.kind}
      data-invalid={isInvalid || undefined}
      style={lineStyle(props.lines ?? 1)}
    />
  );
}

/** Read by `inspector.css`. */
function lineStyle(lines: number): CSSProperties {
  return { ['--code-lines' as string]: lines };
}

// What may change while somebody types: a new editor would take the focus away.
const kindSlot = new Compartment();
const linesSlot = new Compartment();
const attributesSlot = new Compartment();

/** Tab is not bound: it leaves the field, as the keyboard must never be trapped. */
function setup(): Extension[] {
  return [
    // Before the basic keys: Enter in an open list of completions takes one.
    keymap.of([...closeBracketsKeymap, ...completionKeymap]),
    minimalSetup,
    closeBrackets(),
    bracketMatching(),
    syntaxHighlighting(codeHighlight),
    codeTheme,
    tooltips({ parent: document.body }),
  ];
}

function linesExtension(isSingleLine = false): Extension {
  return isSingleLine ? singleLine : EditorView.lineWrapping;
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

function kindExtensions(kind: CodeKind, scope: () => JsonObject | undefined): Extension[] {
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

type Attributes = Pick<
  CodeFieldProps,
  'labelledBy' | 'describedBy' | 'isInvalid' | 'isReadOnly' | 'placeholder'
>;

function attributes({
  labelledBy,
  describedBy,
  isInvalid,
  isReadOnly,
  placeholder,
}: Attributes): Extension[] {
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

function insertAtCursor(editor: EditorView, text: string): void {
  editor.dispatch(editor.state.replaceSelection(text), { scrollIntoView: true, userEvent: 'input.drop' });
  editor.focus();
}

/** A path as the field takes it: in text between `{{ }}`, unless the cursor is inside of some already. */
function pathText(kind: CodeKind, editor: EditorView, path: string): string {
  if (kind === 'expression' || kind === 'javascript') return path;
  if (kind === 'json') return `{ "$expr": ${JSON.stringify(path)} }`;
  const before = editor.state.sliceDoc(0, editor.state.selection.main.head);
  return before.lastIndexOf('{{') > before.lastIndexOf('}}') ? path : `{{ ${path} }}`;
}

function dropPath(event: DragEvent, editor: EditorView, insert: (path: string) => void): boolean {
  const path = event.dataTransfer?.getData(PATH_DRAG_TYPE);
  if (!path) return false;
  event.preventDefault();
  const at = editor.posAtCoords({ x: event.clientX, y: event.clientY }) ?? editor.state.doc.length;
  editor.dispatch({ selection: { anchor: at } });
  insert(path);
  return true;
}

'use client';

import { Compartment, EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { CSSProperties } from 'react';

import type { JsonObject } from '#core/json.ts';
import type { PillPath } from '#core/pills/pill-path.ts';

import { useActiveField } from './active-field.tsx';
import { attributeExtensions, basicExtensions, kindExtensions, linesExtension } from './code-extensions.ts';
import type { CodeAttributes } from './code-extensions.ts';
import type { CodeKind } from './code-lint.ts';
import { FieldTools } from './field-tools.tsx';
import { takeFocusRequest } from './focus-request.ts';
import { dropPath, insertPath } from './insert-path.ts';
import { usePills } from './pills/use-pills.tsx';
import { useSettings } from './setting-context.tsx';

export interface CodeFieldProps extends CodeAttributes {
  readonly kind: CodeKind;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Height in lines at least. Default 1. */
  readonly lines?: number;
  /** One line only: Enter makes no new one, and line breaks that are pasted become spaces. */
  readonly isSingleLine?: boolean;
  /** Example data that paths are completed from. */
  readonly scope?: JsonObject;
  /** Draws paths as pills; absent for texts that hold none. */
  readonly pills?: PillsInField;
}

export interface PillsInField {
  /** Shows the source in place of the pills. */
  readonly isSource: boolean;
  readonly onSourceChange: (isSource: boolean) => void;
  /** Makes a mapping of a list that stands alone in the field. */
  readonly onMapList?: (path: PillPath) => void;
}

/** A text field with an editor's help: pills, colours, errors marked in place, completion of data paths, drop of a path. */
export function CodeField(props: CodeFieldProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  const activeField = useActiveField();
  const list = useSettings().pills?.list;
  const isSingleLine = props.isSingleLine ?? false;
  const { kind } = props;
  const pillKind = props.pills && (kind === 'expression' || kind === 'template') ? kind : null;
  const drawnKind = props.pills?.isSource ? null : pillKind;
  const insert = useRef((_path: string) => {});
  const pills = usePills({
    view,
    host,
    insert: (path) => insert.current(path),
    onShowSource: props.pills && (() => props.pills?.onSourceChange(true)),
    onMapList: props.pills?.onMapList,
  });
  const drawPills = pills.extension;
  useEffect(() => {
    latest.current = props;
    insert.current = (path) => {
      if (view.current && !props.isReadOnly) insertPath(view.current, path, { kind, list });
    };
  });

  useEffect(() => {
    if (!host.current) return undefined;
    const take = (path: string) => insert.current(path);
    const editor: EditorView = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        // What is inserted before the field was ever entered goes to its end.
        selection: { anchor: latest.current.value.length },
        extensions: [
          // Before the basic keys: Enter on a pill opens it.
          pillsSlot.of([]),
          basicExtensions(),
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
            focus: () => activeField.set(take),
            drop: (event) => dropPath(event, editor, take),
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
      activeField.clear(take);
      editor.destroy();
    };
  }, [activeField]);

  useEffect(() => {
    const scope = () => latest.current.scope;
    const take = (extensions: Extension) =>
      view.current?.dispatch({ effects: kindSlot.reconfigure(extensions) });
    take(kindExtensions(kind, scope));
    if (kind !== 'javascript') return undefined;
    let isCurrent = true;
    void import('./javascript.ts').then(
      ({ javascriptExtensions }) => isCurrent && take(javascriptExtensions(scope)),
      (error: unknown) => console.warn('The help for JavaScript could not be loaded', error),
    );
    return () => {
      isCurrent = false;
    };
  }, [kind]);
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
  }, [props.value, kind]);
  useEffect(() => {
    view.current?.dispatch({ effects: pillsSlot.reconfigure(drawnKind ? drawPills(drawnKind) : []) });
  }, [drawnKind, drawPills, list]);
  const { labelledBy, describedBy, isInvalid, isReadOnly, placeholder } = props;
  useEffect(() => {
    const extensions = attributeExtensions({ labelledBy, describedBy, isInvalid, isReadOnly, placeholder });
    view.current?.dispatch({ effects: attributesSlot.reconfigure(extensions) });
  }, [labelledBy, describedBy, isInvalid, isReadOnly, placeholder]);

  return (
    <div
      className="code-field"
      data-kind={kind}
      data-invalid={isInvalid || undefined}
      style={lineStyle(props.lines ?? 1)}
    >
      <div ref={host} className="min-w-0 flex-1" />
      {props.pills && pillKind && !isReadOnly && (
        <FieldTools
          kind={pillKind}
          text={props.value}
          isOfItem={list !== undefined}
          pills={props.pills}
          labelledBy={labelledBy}
          onInsert={pills.openPicker}
        />
      )}
      {pills.popups}
    </div>
  );
}

/** Read by `inspector.css`. */
function lineStyle(lines: number): CSSProperties {
  return { ['--code-lines' as string]: lines };
}

// What may change while somebody types: a new editor would take the focus away.
const kindSlot = new Compartment();
const pillsSlot = new Compartment();
const linesSlot = new Compartment();
const attributesSlot = new Compartment();

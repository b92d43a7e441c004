import { EditorState } from '@codemirror/state';
import type { TransactionSpec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { expect, it } from 'vitest';

import { pillEditing } from '#components/inspector/pills/pill-editing.ts';
import { wantsData } from '#components/inspector/pills/wants-data.ts';

function editorState(kind: 'expression' | 'template', doc: string): EditorState {
  const look = () => ({
    node: undefined,
    step: '',
    place: '',
    sample: undefined,
    type: undefined,
    isList: false,
    problem: undefined,
    isGone: false,
  });
  const extension = pillEditing({ kind, isOfItem: false, look, onOpen: () => {}, onPick: () => false });
  return EditorState.create({ doc, extensions: [extension], selection: { anchor: doc.length } });
}

/** The parts of the text that pills stand in place of. */
function drawn(state: EditorState): readonly string[] {
  const found: string[] = [];
  for (const decorations of state.facet(EditorView.decorations)) {
    if (typeof decorations === 'function') continue;
    decorations.between(0, state.doc.length, (from, to) => void found.push(state.sliceDoc(from, to)));
  }
  return found;
}

/** Types at the cursor, letter by letter. */
function type(state: EditorState, text: string): EditorState {
  return [...text].reduce((before, letter) => {
    const at = before.selection.main.head;
    return edit(before, {
      changes: { from: at, insert: letter },
      selection: { anchor: at + 1 },
      userEvent: 'input.type',
    });
  }, state);
}

function edit(state: EditorState, spec: TransactionSpec): EditorState {
  return state.update(spec).state;
}

it('leaves a path in an expression alone while it is typed, and draws it when the cursor has left it', () => {
  const typing = type(editorState('expression', ''), 'trigger.body.total');
  expect(drawn(typing)).toEqual([]);
  expect(drawn(type(typing, ' > 1'))).toEqual(['trigger.body.total']);
  expect(drawn(edit(typing, { selection: { anchor: 18 } }))).toEqual(['trigger.body.total']);
});

it('keeps the other pills while what is typed does not parse', () => {
  const before = editorState('expression', 'trigger.body.total');
  expect(drawn(before)).toEqual(['trigger.body.total']);
  expect(drawn(type(before, ' + '))).toEqual(['trigger.body.total']);
  const template = type(editorState('template', '{{ trigger.body.total }}'), ' and {{ trigger.');
  expect(drawn(template)).toEqual(['{{ trigger.body.total }}']);
});

it('draws an island when it is closed, or the cursor is outside of it', () => {
  const inside = edit(editorState('template', 'No. {{ trigger.body.id }}'), { selection: { anchor: 10 } });
  expect(drawn(inside)).toEqual([]);
  expect(drawn(edit(inside, { selection: { anchor: 0 } }))).toEqual(['{{ trigger.body.id }}']);
  expect(drawn(type(editorState('template', ''), '{{ trigger.body.id }}'))).toEqual([
    '{{ trigger.body.id }}',
  ]);
});

it('a pill that was put in is drawn at once, also where nothing else is', () => {
  const state = edit(editorState('expression', ''), {
    changes: { from: 0, insert: 'trigger.body.id' },
    selection: { anchor: 15 },
    userEvent: 'input.drop',
  });
  expect(drawn(state)).toEqual(['trigger.body.id']);
});

it.each<['expression' | 'template', string, boolean]>([
  ['template', 'Order ', true],
  ['template', '', true],
  ['template', 'Order {{ trigger.bo', false],
  ['template', 'Order {{ ', true],
  ['template', '{{ trigger.body.id }}', true],
  ['expression', '', true],
  ['expression', '1 + ', true],
  ['expression', 'trigger.bo', false],
  ['expression', 'trigger.', false],
  ['expression', '$su', false],
])('in the %s %j the key asks for data: %s', (kind, text, wants) => {
  expect(wantsData(editorState(kind, text), kind)).toBe(wants);
});

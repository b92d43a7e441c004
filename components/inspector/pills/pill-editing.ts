import { Prec, StateEffect, StateField } from '@codemirror/state';
import type { EditorState, Extension, Transaction } from '@codemirror/state';
import { Decoration, EditorView, keymap } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';

import { pillsInExpression, pillsInTemplate } from '#core/pills/find-pills.ts';
import type { PlacedPill } from '#core/pills/find-pills.ts';
import type { PillPath } from '#core/pills/pill-path.ts';

import { spokenPill } from './pill-look.ts';
import type { PillLook } from './pill-look.ts';
import { PillWidget } from './pill-widget.ts';

export interface PillEditing {
  readonly kind: 'expression' | 'template';
  /** Whether plain names are fields of the item of a list. */
  readonly isOfItem: boolean;
  /** Asked anew whenever pills are drawn. */
  readonly look: (path: PillPath) => PillLook;
  /** A pill was clicked, or Enter pressed on it: `isByKey`. */
  readonly onOpen: (pill: PlacedPill, element: HTMLElement, isByKey: boolean) => void;
  /** The person asks for the list of data. False leaves the key to completion. */
  readonly onPick: (view: EditorView) => boolean;
}

/** Draws the pills again, with looks that may have changed. */
export const redrawPills = StateEffect.define<null>();

interface Drawing extends PillEditing {
  readonly onPress: (view: EditorView, element: HTMLElement) => void;
}

interface Drawn {
  readonly pills: readonly PlacedPill[];
  readonly decorations: DecorationSet;
  /** Somebody types: the path under the cursor stays text until the cursor leaves it. */
  readonly isTyping: boolean;
}

/**
 * Pills over the text of an editor: each stands in place of its path, is walked over and taken away as one letter, and
 * opens on click and Enter. The text stays what it is, so that nothing is lost between pills and source.
 */
export function pillEditing(options: PillEditing): Extension {
  const drawing: Drawing = {
    ...options,
    // The element may have been drawn when the pill stood elsewhere.
    onPress: (view, element) => {
      const at = view.posAtDOM(element);
      const pill = view.state.field(field).pills.find(({ from }) => from === at);
      if (pill) open(view, pill, { element, isByKey: false }, options);
    },
  };
  const field = StateField.define<Drawn>({
    create: (state) => draw(state, { pills: find(state, options) ?? [], isTyping: false }, drawing),
    update: (drawn, transaction) => update(drawn, transaction, drawing),
    provide: (self) => [
      EditorView.decorations.from(self, ({ decorations }) => decorations),
      EditorView.atomicRanges.of((view) => view.state.field(self).decorations),
    ],
  });
  return [
    field,
    keymap.of([{ key: 'Enter', run: (view) => openByKey(view, field, options) }]),
    // Completion takes the key at this rank, and stands behind this.
    Prec.highest(
      keymap.of([
        { key: 'Ctrl-Space', run: (view) => options.onPick(view) },
        { mac: 'Alt-i', run: (view) => options.onPick(view) },
      ]),
    ),
    EditorView.domEventHandlers({ blur: (_event, view) => settle(view, field) }),
    EditorView.updateListener.of(({ view, startState, state, selectionSet, docChanged }) => {
      if (selectionSet && !docChanged) sayPassed(view, startState, state, field, options);
    }),
  ];
}

function update(drawn: Drawn, transaction: Transaction, options: Drawing): Drawn {
  const isRedrawn = transaction.effects.some((effect) => effect.is(redrawPills));
  if (!transaction.docChanged && !transaction.selection && !isRedrawn) return drawn;
  const { state, docChanged } = transaction;
  const found = docChanged ? find(state, options) : drawn.pills;
  // While the text is in pieces, what was found before stands where it moved to.
  const pills = found ?? moved(drawn.pills, transaction);
  return draw(state, { pills, isTyping: isTyping(drawn.isTyping, transaction) }, options);
}

function isTyping(was: boolean, transaction: Transaction): boolean {
  if (transaction.isUserEvent('input.type') || transaction.isUserEvent('input.complete')) return true;
  if (transaction.docChanged) return was && transaction.isUserEvent('delete');
  return was && !transaction.selection;
}

function find(state: EditorState, { kind, isOfItem }: PillEditing): readonly PlacedPill[] | null {
  const text = state.doc.toString();
  return kind === 'template' ? pillsInTemplate(text) : pillsInExpression(text, isOfItem);
}

function moved(pills: readonly PlacedPill[], { changes, startState, state }: Transaction): PlacedPill[] {
  return pills.flatMap((pill) => {
    const [from, to] = [changes.mapPos(pill.from, 1), changes.mapPos(pill.to, -1)];
    const isWhole = state.sliceDoc(from, to) === startState.sliceDoc(pill.from, pill.to);
    return isWhole && from < to ? [{ ...pill, from, to }] : [];
  });
}

function draw(
  state: EditorState,
  { pills, isTyping }: Pick<Drawn, 'pills' | 'isTyping'>,
  options: Drawing,
): Drawn {
  const { main } = state.selection;
  const isWritten = ({ from, to }: PlacedPill) => {
    const isInside = from < main.head && main.head < to;
    return main.empty && (isInside || (isTyping && options.kind === 'expression' && main.head === to));
  };
  const ranges = pills
    .filter((pill) => !isWritten(pill))
    .map((pill) => {
      const isSelected = !main.empty && main.from <= pill.from && pill.to <= main.to;
      const widget = new PillWidget(options.look(pill.path), isSelected, options.onPress);
      return Decoration.replace({ widget }).range(pill.from, pill.to);
    });
  return { pills, isTyping, decorations: Decoration.set(ranges) };
}

/** On a pill that is selected; in a field of one line also beside one. */
function openByKey(view: EditorView, field: StateField<Drawn>, options: PillEditing): boolean {
  const { main } = view.state.selection;
  const isBeside = (at: number) => main.empty && view.state.doc.lines === 1 && main.head === at;
  const { pills } = view.state.field(field);
  const pill =
    pills.find(({ from, to }) => main.from === from && main.to === to) ??
    pills.find(({ to }) => isBeside(to)) ??
    pills.find(({ from }) => isBeside(from));
  if (!pill) return false;
  const drawn = [...view.contentDOM.querySelectorAll<HTMLElement>('.pill')];
  const element = drawn.find((candidate) => view.posAtDOM(candidate) === pill.from) ?? view.contentDOM;
  open(view, pill, { element, isByKey: true }, options);
  return true;
}

function open(
  view: EditorView,
  pill: PlacedPill,
  { element, isByKey }: { element: HTMLElement; isByKey: boolean },
  { onOpen }: PillEditing,
): void {
  view.focus();
  view.dispatch({ selection: { anchor: pill.from, head: pill.to } });
  onOpen(pill, element, isByKey);
}

/** A path that was being written becomes a pill when the field is left. */
function settle(view: EditorView, field: StateField<Drawn>): boolean {
  const { head, empty } = view.state.selection.main;
  const inside = view.state.field(field).pills.find(({ from, to }) => from < head && head <= to);
  if (empty && inside) view.dispatch({ selection: { anchor: inside.to } });
  return false;
}

function sayPassed(
  view: EditorView,
  before: EditorState,
  after: EditorState,
  field: StateField<Drawn>,
  { look }: PillEditing,
): void {
  const [was, is] = [before.selection.main.head, after.selection.main.head];
  const passed = after
    .field(field)
    .pills.find(({ from, to }) => Math.min(was, is) === from && Math.max(was, is) === to);
  if (passed) view.dispatch({ effects: EditorView.announce.of(spokenPill(look(passed.path))) });
}

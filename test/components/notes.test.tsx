import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';

import { createEditorStore } from '#components/canvas/editor-store.ts';
import { nodeBoxes, overlaps } from '#components/canvas/node-place.ts';
import { findInFlow } from '#components/command/find-in-flow.ts';
import { addNote, changeNote, copyNote } from '#components/notes/note-actions.ts';
import { boxOf, movedNote, newNote, nextNote, plainNotes, resizedNote } from '#components/notes/note-box.ts';
import { noteKey } from '#components/notes/note-key.ts';
import { Markdown } from '#components/ui/markdown.tsx';
import { superpose } from '#components/versions/superpose.ts';
import { catalog } from '#connectors/definitions.ts';
import { diffFlows } from '#core/diff-flows/diff-flows.ts';
import { describeDiff } from '#core/diff-flows/describe-diff.ts';
import type { FlowDocument, FlowNote } from '#core/flow-document.ts';
import { validateFlow } from '#core/validate-flow.ts';
import { orderFlow } from '#test/support/editor-flow.ts';

const NOTE: FlowNote = { id: 'note', text: '# Why\nas it is', position: { x: 0, y: 192 } };
const GROUP: FlowNote = { id: 'group', text: 'Shaping', position: { x: 0, y: 0 }, nodes: ['map', 'if'] };
const SIZE = { width: 240, height: 160 };
const storeOf = (document: FlowDocument, isReadOnly = false) =>
  createEditorStore({ document, catalog, isReadOnly, onRefused: (message) => expect.fail(message) });
const press = (key: string, held: Partial<Parameters<typeof noteKey>[0]> = {}) =>
  noteKey({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...held });

describe('a note', () => {
  it('may have a colour of the list, and any text', () => {
    const faultsOf = (note: object) =>
      validateFlow({ ...orderFlow(), notes: [{ ...NOTE, ...note }] }, catalog).faults.filter(
        ({ level }) => level === 'refused',
      );
    expect(faultsOf({ color: 'blue', text: '<script>' })).toEqual([]);
    expect(faultsOf({ color: 'mauve' })).toMatchObject([{ pointer: '/notes/0/color' }]);
  });

  it('is added where there is room, opened to be written, and is one step of undo', () => {
    const store = storeOf(orderFlow({ notes: [NOTE] }));
    expect(addNote(store, { x: 320, y: 0 })).toBe('note2');
    const { document, editedNoteId } = store.getState();
    const added = document.notes[1];
    expect(editedNoteId).toBe('note2');
    expect(added).toEqual({ id: 'note2', text: '', position: { x: 320, y: 80 }, size: SIZE });
    for (const box of nodeBoxes(document, catalog).values())
      expect(added && overlaps(boxOf(added), box)).toBe(false);
    if (added) {
      changeNote(store, { ...added, text: 'a' }, 'text');
      changeNote(store, { ...added, text: 'ab' }, 'text');
      changeNote(store, { ...added, text: 'ab', color: 'red' }, 'color');
    }
    store.undo();
    expect(store.getState().document.notes[1]).toMatchObject({ text: 'ab' });
    store.undo();
    expect(store.getState().document.notes[1]).toMatchObject({ text: '' });
    store.undo();
    expect(store.getState().document.notes).toEqual([NOTE]);
  });

  it('lies below the flow when nobody sees the canvas, and is not added where nothing may be edited', () => {
    const store = storeOf(orderFlow({ notes: [NOTE] }));
    addNote(store);
    expect(store.getState().document.notes[1]?.position).toEqual({ x: 0, y: 192 + 160 + 48 });
    expect(newNote(orderFlow({ nodes: [], edges: [] }), { x: 5, y: 7 }, catalog).position).toEqual({
      x: 0,
      y: 0,
    });
    expect(addNote(storeOf(orderFlow(), true))).toBeUndefined();
  });

  it('is moved and made larger on the grid, and never too small to be held', () => {
    expect(movedNote(NOTE, { x: 17, y: -9 }).position).toEqual({ x: 16, y: 176 });
    expect(resizedNote(NOTE, { x: 16, y: 0 }, { width: 241, height: 80 }).size).toEqual({
      width: 256,
      height: 80,
    });
    expect(resizedNote({ ...NOTE, size: SIZE }, { x: -900, y: -900 }, SIZE).size).toEqual({
      width: 128,
      height: 64,
    });
  });

  it('is duplicated, gone through and told from a group', () => {
    const store = storeOf(orderFlow({ notes: [GROUP, { ...NOTE, color: 'green' }] }));
    expect(copyNote(store, { ...NOTE, color: 'green' })).toBe('note2');
    const { document } = store.getState();
    expect(document.notes[2]).toEqual({
      ...NOTE,
      id: 'note2',
      color: 'green',
      position: { x: 32, y: 224 },
    });
    expect(plainNotes(document).map(({ id }) => id)).toEqual(['note', 'note2']);
    expect([undefined, 'note', 'note2'].map((from) => nextNote(document, from)?.id)).toEqual([
      'note',
      'note2',
      'note',
    ]);
    expect(nextNote(orderFlow(), undefined)).toBeUndefined();
  });

  it('is found by what is written in it', () => {
    const hits = findInFlow(orderFlow({ notes: [GROUP, NOTE] }), 'as it is', catalog);
    expect(hits).toMatchObject([{ noteId: 'note', label: 'Note: Why', excerpt: '# Why as it is' }]);
  });
});

describe('the keys of a note', () => {
  it('write, remove, copy, move, make larger and leave', () => {
    expect(press('Enter')).toEqual({ kind: 'edit' });
    expect(press('F2')).toEqual({ kind: 'edit' });
    expect(press('Backspace')).toEqual({ kind: 'remove' });
    expect(press('d', { metaKey: true })).toEqual({ kind: 'copy' });
    expect(press('ArrowLeft', { shiftKey: true })).toEqual({ kind: 'move', by: { x: -16, y: 0 } });
    expect(press('ArrowDown', { altKey: true })).toEqual({ kind: 'resize', by: { x: 0, y: 16 } });
    expect(press('Escape')).toEqual({ kind: 'leave' });
  });

  it('do nothing to nodes, and leave all others what they are', () => {
    expect(['a', 'r', 'C', '.'].map((key) => press(key))).toEqual(Array(4).fill({ kind: 'keep' }));
    expect(press('R', { shiftKey: true })).toEqual({ kind: 'keep' });
    const free = [press('o'), press('?'), press('1'), press('ArrowDown'), press('z', { ctrlKey: true })];
    expect(free).toEqual(Array(5).fill(undefined));
    expect(['S', 'N', 'P'].map((key) => press(key, { shiftKey: true }))).toEqual(Array(3).fill(undefined));
  });
});

describe('two versions with notes', () => {
  it('show those that came, went and changed, a removed one where it stood', () => {
    const before = orderFlow({ notes: [NOTE, GROUP, { ...NOTE, id: 'gone' }, { ...NOTE, id: 'moved' }] });
    const after = orderFlow({
      notes: [
        { ...NOTE, color: 'red' },
        { ...GROUP, nodes: ['map'] },
        { ...NOTE, id: 'moved', position: { x: 900, y: 0 } },
        { ...NOTE, id: 'new', text: 'New **one**' },
      ],
    });
    const diff = diffFlows(before, after);
    const { document, notes } = superpose({ before, after, diff }, catalog);
    expect(Object.fromEntries(notes)).toEqual({
      note: 'changed',
      group: 'changed',
      new: 'added',
      gone: 'removed',
    });
    expect(document.notes.map(({ id }) => id)).toEqual(['note', 'group', 'moved', 'new', 'gone']);
    expect(describeDiff(diff, { before, after, catalog }).map(({ text }) => text)).toEqual([
      'The note “Why” changed',
      'The group “Shaping” changed',
      'The note “New one” was added',
      'The note “Why” was removed',
      '1 note moved',
    ]);
  });
});

describe('Markdown on the page', () => {
  const html = (text: string) => renderToStaticMarkup(<Markdown text={text} />);

  it('is drawn with headings, lists and links that open elsewhere', () => {
    expect(html('# Why')).toMatch(/<p role="heading" aria-level="3"[^>]*>Why<\/p>/);
    expect(html('- **a**\n- [x] b')).toMatch(
      /<ul[^>]*><li><strong[^>]*>a<\/strong><\/li><li[^>]*><span[^>]*aria-label="Done:">☑<\/span>b<\/li><\/ul>/,
    );
    expect(html('3. a')).toMatch(/<ol start="3"/);
    expect(html('[a](https://a.example/)')).toMatch(
      /<a href="https:\/\/a\.example\/" target="_blank" rel="noopener noreferrer nofollow"[^>]*>a<\/a>/,
    );
  });

  it('never draws HTML', () => {
    const shown = html('<img src=x onerror=alert(1)>\n\n```\n<script>1</script>\n```\n`<b>`');
    expect(shown).not.toMatch(/<(img|script|b)\b/);
    expect(shown).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });
});

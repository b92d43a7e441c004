import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createDraftSaver } from '#components/canvas/draft-saver.ts';
import type { SaveReply, SaveState, StoredDraft } from '#components/canvas/draft-saver.ts';
import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { orderFlow, withNode } from '#test/support/editor-flow.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A server that keeps one draft as the real one does: a save with an old ETag is stale. */
function start(document: FlowDocument = orderFlow()) {
  const server = {
    draft: document,
    version: 1,
    isDown: false,
    readsFail: false,
    refusal: null as string | null,
    saves: 0,
    hold: null as Promise<void> | null,
  };
  const editor = { document };
  const states: SaveState['kind'][] = [];
  const copies: unknown[] = [];
  let last: SaveState = { kind: 'saved' };
  const save = async (next: FlowDocument, etag: string): Promise<SaveReply> => {
    await server.hold;
    if (server.isDown) return { kind: 'unreachable' };
    if (server.refusal !== null) return { kind: 'refused', message: server.refusal };
    if (etag !== `"${server.version}"`) return { kind: 'stale' };
    server.saves += 1;
    server.draft = next;
    server.version += 1;
    return { kind: 'saved', etag: `"${server.version}"` };
  };
  const read = async (): Promise<StoredDraft> => {
    await Promise.resolve();
    if (server.isDown || server.readsFail) throw new Error('no connection');
    return { document: server.draft, etag: `"${server.version}"` };
  };
  const saver = createDraftSaver({
    base: { document, etag: '"1"' },
    catalog,
    remote: { save, read },
    copy: { write: (copy) => copies.push(copy), clear: () => copies.splice(0) },
    current: () => editor.document,
    onState: (state) => {
      last = state;
      states.push(state.kind);
    },
    onMerged: (merged) => {
      editor.document = merged;
    },
  });
  const edit = (next: FlowDocument) => {
    editor.document = next;
    saver.edited();
  };
  const othersSave = (next: FlowDocument) => {
    server.draft = next;
    server.version += 1;
  };
  return { server, editor, saver, states, copies, edit, othersSave, state: () => last };
}

const labelled = (label: string, id = 'map') => withNode(orderFlow(), id, { label });

describe('saving', () => {
  it('waits for a pause in editing, then saves once', async () => {
    const { server, edit, states } = start();
    for (const label of ['S', 'Sh', 'Shape']) {
      edit(labelled(label));
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(server.saves).toBe(0);
    await vi.advanceTimersByTimeAsync(600);
    expect(server.saves).toBe(1);
    expect(server.draft).toEqual(labelled('Shape'));
    expect(states.slice(-3)).toEqual(['unsaved', 'saving', 'saved']);
  });

  it('saves what was edited while a save was on its way', async () => {
    const { server, edit, saver, state } = start();
    let release = () => {};
    server.hold = new Promise((resolve) => (release = resolve));
    edit(labelled('One'));
    await vi.advanceTimersByTimeAsync(600);
    edit(labelled('Two'));
    server.hold = null;
    release();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.draft).toEqual(labelled('One'));
    expect(saver.isUnsaved()).toBe(true);
    await vi.advanceTimersByTimeAsync(700);
    expect(server.draft).toEqual(labelled('Two'));
    expect(state().kind).toBe('saved');
  });

  it('has nothing to save once an edit was undone', async () => {
    const { server, edit, state } = start();
    edit(labelled('One'));
    edit(orderFlow());
    expect(state().kind).toBe('saved');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.saves).toBe(0);
  });

  it('keeps a copy while edits are unsaved and drops it afterwards', async () => {
    const { server, edit, copies, saver } = start();
    server.isDown = true;
    edit(labelled('One'));
    saver.keepCopy();
    expect(copies).toEqual([{ base: orderFlow(), mine: labelled('One'), etag: '"1"' }]);
    server.isDown = false;
    await vi.advanceTimersByTimeAsync(700);
    expect(copies).toEqual([]);
  });
});

describe('without a connection', () => {
  it('tries again with growing pauses, and saves the newest edit when it is back', async () => {
    const { server, edit, states, state, saver } = start();
    server.isDown = true;
    edit(labelled('One'));
    await vi.advanceTimersByTimeAsync(700);
    expect(state().kind).toBe('offline');
    edit(labelled('Two'));
    expect(state().kind).toBe('offline');
    await vi.advanceTimersByTimeAsync(60_000);
    const tries = states.filter((kind) => kind === 'saving').length;
    expect(tries).toBeGreaterThan(4);
    expect(tries).toBeLessThan(12);
    expect(saver.isUnsaved()).toBe(true);
    server.isDown = false;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(server.draft).toEqual(labelled('Two'));
    expect(state().kind).toBe('saved');
  });

  it('saves at once when asked to', async () => {
    const { server, edit, saver, state } = start();
    server.isDown = true;
    edit(labelled('One'));
    await vi.advanceTimersByTimeAsync(700);
    server.isDown = false;
    await saver.flush();
    expect(state().kind).toBe('saved');
  });

  it('tries again when theirs cannot be read for a merge', async () => {
    const { server, edit, othersSave, state } = start();
    othersSave(labelled('Theirs', 'post'));
    server.readsFail = true;
    edit(labelled('Mine'));
    await vi.advanceTimersByTimeAsync(700);
    expect(state().kind).toBe('offline');
    server.readsFail = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.draft).toEqual(withNode(labelled('Mine'), 'post', { label: 'Theirs' }));
  });
});

describe('a refusal', () => {
  it('is shown, keeps the edits, and is over with the next edit that is taken', async () => {
    const { server, edit, state, saver, copies } = start();
    server.refusal = 'The document is too large.';
    edit(labelled('One'));
    await vi.advanceTimersByTimeAsync(700);
    expect(state()).toEqual({ kind: 'refused', message: 'The document is too large.' });
    expect(copies).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saver.isUnsaved()).toBe(true);
    server.refusal = null;
    edit(labelled('Two'));
    await vi.advanceTimersByTimeAsync(700);
    expect(state().kind).toBe('saved');
  });
});

describe('somebody else saved', () => {
  it('merges edits of other places and saves the sum', async () => {
    const { server, edit, editor, othersSave, saver, state } = start();
    othersSave(labelled('Theirs', 'post'));
    edit(labelled('Mine'));
    await saver.flush();
    const both = withNode(labelled('Mine'), 'post', { label: 'Theirs' });
    expect(editor.document).toEqual(both);
    expect(server.draft).toEqual(both);
    expect(state().kind).toBe('saved');
  });

  it('has nothing left to save when they did the same', async () => {
    const { server, edit, othersSave, state } = start();
    othersSave(labelled('Same'));
    edit(labelled('Same'));
    await vi.advanceTimersByTimeAsync(700);
    expect(server.saves).toBe(0);
    expect(state().kind).toBe('saved');
  });

  it('stops at an overlap, overwrites nothing, and goes on after the choice', async () => {
    const { server, edit, othersSave, saver, state, copies } = start();
    othersSave(labelled('Theirs'));
    edit(labelled('Mine'));
    await vi.advanceTimersByTimeAsync(700);
    expect(state()).toMatchObject({ kind: 'conflict', base: orderFlow(), overlaps: [{ nodeId: 'map' }] });
    edit(labelled('Mine too'));
    await vi.advanceTimersByTimeAsync(60_000);
    await saver.flush();
    expect(server.draft).toEqual(labelled('Theirs'));
    expect(copies.length).toBeGreaterThan(0);
    await saver.settle();
    expect(server.draft).toEqual(labelled('Mine too'));
    expect(state().kind).toBe('saved');
    expect(copies).toEqual([]);
  });

  it('meets the next overlap when they saved again before the choice', async () => {
    const { server, edit, othersSave, saver, state } = start();
    othersSave(labelled('Theirs'));
    edit(labelled('Mine'));
    await vi.advanceTimersByTimeAsync(700);
    othersSave(labelled('Theirs again'));
    await saver.settle();
    expect(state().kind).toBe('conflict');
    expect(server.draft).toEqual(labelled('Theirs again'));
  });
});

describe('what others save while the editor is open', () => {
  it('comes in at once, without a save of my own, and only once', async () => {
    const { server, editor, othersSave, saver, states } = start();
    othersSave(labelled('Theirs'));
    await saver.refresh('"2"');
    expect(editor.document).toEqual(labelled('Theirs'));
    expect(saver.stored().etag).toBe('"2"');
    const before = states.length;
    await saver.refresh('"2"');
    expect([states.length, server.saves]).toEqual([before, 0]);
  });

  it('comes in below what I have not saved yet, which is saved then', async () => {
    const { server, editor, edit, othersSave, saver } = start();
    othersSave(labelled('Theirs'));
    edit(labelled('Mine', 'post'));
    await saver.refresh('"2"');
    const both = withNode(labelled('Theirs'), 'post', { label: 'Mine' });
    expect([editor.document, server.draft]).toEqual([both, both]);
  });

  it('asks where both changed the same place, and keeps mine in the editor', async () => {
    const { server, editor, edit, othersSave, saver, state } = start();
    othersSave(labelled('Theirs'));
    edit(labelled('Mine'));
    await saver.refresh('"2"');
    expect(state().kind).toBe('conflict');
    expect([editor.document, server.draft]).toEqual([labelled('Mine'), labelled('Theirs')]);
  });

  it('changes nothing while it cannot be read, and what I edited is saved all the same', async () => {
    const { server, edit, othersSave, saver, state } = start();
    othersSave(labelled('Theirs'));
    edit(labelled('Mine', 'post'));
    server.readsFail = true;
    await saver.refresh('"2"');
    expect(state().kind).toBe('unsaved');
    server.readsFail = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.draft).toEqual(withNode(labelled('Theirs'), 'post', { label: 'Mine' }));
  });

  it('says at once that an edit is unsaved that is made while theirs is being read', async () => {
    const { server, edit, othersSave, saver, state } = start();
    othersSave(labelled('Theirs'));
    const refreshed = saver.refresh('"2"');
    edit(labelled('Mine', 'post'));
    expect(state().kind).toBe('unsaved');
    await refreshed;
    await vi.advanceTimersByTimeAsync(1_000);
    expect([state().kind, server.draft]).toEqual([
      'saved',
      withNode(labelled('Theirs'), 'post', { label: 'Mine' }),
    ]);
  });

  it('shows what overlaps by edits that were made while the conflict waits', async () => {
    const { server, edit, othersSave, saver, state } = start();
    othersSave(withNode(labelled('Theirs'), 'post', { label: 'Theirs too' }));
    edit(labelled('Mine'));
    await saver.refresh('"2"');
    edit(withNode(labelled('Mine'), 'post', { label: 'Mine too' }));
    await vi.advanceTimersByTimeAsync(0);
    const conflict = state();
    expect(conflict.kind === 'conflict' && conflict.overlaps.map(({ nodeId }) => nodeId)).toEqual([
      'map',
      'post',
    ]);
    // Undone: nothing overlaps any more, and theirs comes in.
    edit(orderFlow());
    await vi.advanceTimersByTimeAsync(2_000);
    expect(state().kind).toBe('saved');
    expect(server.draft.nodes.find(({ id }) => id === 'post')?.label).toBe('Theirs too');
  });

  it('is saved as soon as a person took theirs, with nothing to send', async () => {
    const { server, edit, othersSave, saver, state } = start();
    othersSave(labelled('Theirs'));
    edit(labelled('Mine'));
    await saver.refresh('"2"');
    edit(labelled('Theirs'));
    await saver.settle();
    expect([state().kind, server.saves]).toEqual(['saved', 0]);
  });
});

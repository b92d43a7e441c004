import { describe, expect, it, vi } from 'vitest';

import { draftCopy, readCopy } from '#components/canvas/draft-copy.ts';
import { openDraft } from '#components/canvas/open-draft.ts';
import { orderFlow, withNode } from '#test/support/editor-flow.ts';

/** A browser's storage, in memory. */
function memoryStorage(limit = Infinity): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      if (value.length > limit) throw new DOMException('full', 'QuotaExceededError');
      items.set(key, value);
    },
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

const owner = { workspace: 'shop', userId: 'u1', slug: 'orders' };
const copy = { base: orderFlow(), mine: withNode(orderFlow(), 'map', { label: 'Mine' }), etag: '"3"' };

describe('the copy of unsaved edits', () => {
  it('is there again on the next visit, until it is cleared', () => {
    const storage = memoryStorage();
    draftCopy(owner, storage).write(copy);
    expect(readCopy(owner, storage)).toEqual(copy);
    draftCopy(owner, storage).clear();
    expect(readCopy(owner, storage)).toBeNull();
  });

  it.each([{ workspace: 'other' }, { userId: 'u2' }, { slug: 'invoices' }])('is not for %j', (other) => {
    const storage = memoryStorage();
    draftCopy(owner, storage).write(copy);
    expect(readCopy({ ...owner, ...other }, storage)).toBeNull();
  });

  it('is given up with a word in the console when the storage is full or holds something else', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const full = memoryStorage(10);
    draftCopy(owner, full).write(copy);
    expect(readCopy(owner, full)).toBeNull();
    const storage = memoryStorage();
    storage.setItem('patchbay:unsaved:shop:u1:orders', '{"mine":1}');
    expect(readCopy(owner, storage)).toBeNull();
    expect(warn).toHaveBeenCalledTimes(2);
  });
});

describe('opening a flow', () => {
  const stored = { document: withNode(orderFlow(), 'post', { label: 'Theirs' }), etag: '"4"' };
  it('shows what is stored', () => {
    expect(openDraft(stored, null)).toEqual({ document: stored.document, stored, hasLeftEdits: false });
  });

  it('shows the edits that were left, based on what they were made on, so that saving merges', () => {
    expect(openDraft(stored, copy)).toEqual({
      document: copy.mine,
      stored: { document: copy.base, etag: '"3"' },
      hasLeftEdits: true,
    });
  });
});

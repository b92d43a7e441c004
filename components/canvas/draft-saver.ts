import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import type { Overlap } from './overlaps.ts';
import { rebaseDraft } from './rebase.ts';
import { sameDraft } from './same-draft.ts';

/** A document as the server has it. `etag` goes back as `If-Match`. */
export interface StoredDraft {
  readonly document: FlowDocument;
  readonly etag: string;
}

export type SaveReply =
  | { readonly kind: 'saved'; readonly etag: string }
  /** Somebody saved in between. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'unreachable' }
  /** The server said no, and would again. */
  | { readonly kind: 'refused'; readonly message: string };

/** The two calls that saving needs. `read` throws when nothing came back. */
export interface DraftRemote {
  save(document: FlowDocument, etag: string): Promise<SaveReply>;
  read(): Promise<StoredDraft>;
}

/** A copy of unsaved edits that outlives the tab. */
export interface DraftCopy {
  write(copy: { base: FlowDocument; mine: FlowDocument; etag: string }): void;
  clear(): void;
}

/** What the header shows. Times in milliseconds since 1970. */
export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'offline'; readonly retryAt: number }
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'conflict';
      /** What both sides started from. */
      readonly base: FlowDocument;
      readonly theirs: StoredDraft;
      readonly overlaps: readonly Overlap[];
    };

export interface DraftSaverOptions {
  /** What the server had when the editor's document was begun. */
  readonly base: StoredDraft;
  readonly catalog: Catalog;
  readonly remote: DraftRemote;
  readonly copy: DraftCopy;
  /** The editor's document at this moment. */
  readonly current: () => FlowDocument;
  readonly onState: (state: SaveState) => void;
  /** Their edits were merged below mine: show `document` instead of the current one. */
  readonly onMerged: (
    document: FlowDocument,
    between: { before: FlowDocument; theirs: FlowDocument },
  ) => void;
}

export interface DraftSaver {
  /** Tell of every change of the document. */
  edited(): void;
  /** Saves now if anything is unsaved; resolves when that attempt is over. */
  flush(): Promise<void>;
  /** Takes in what somebody else saved under this ETag, below my edits. Nothing to do when it is known already. */
  refresh(etag: string): Promise<void>;
  /** Ends a conflict: from now on the current document, whatever it is, replaces theirs. */
  settle(): Promise<void>;
  isUnsaved(): boolean;
  /** Writes the copy if anything is unsaved; for when the page goes away. */
  keepCopy(): void;
  /** What the server is known to have. */
  stored(): StoredDraft;
  stop(): void;
}

/** A pause in editing this long starts a save. */
const PAUSE_MS = 600;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/**
 * Saves the draft after each pause in editing. One save at a time; a failed one is repeated with growing pauses; a stale
 * one merges what others saved and goes on, or, when edits overlap, stops and lets a person choose. Whatever happens, the
 * unsaved document stays in the editor and in the copy.
 */
export function createDraftSaver(options: DraftSaverOptions): DraftSaver {
  let base = options.base;
  let state: SaveState = { kind: 'saved' };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;

  const isUnsaved = () => options.current() !== base.document && !sameDraft(options.current(), base.document);
  const setState = (next: SaveState) => {
    state = next;
    options.onState(next);
  };
  const keepCopy = () => {
    if (isUnsaved()) options.copy.write({ base: base.document, mine: options.current(), etag: base.etag });
  };
  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delayMs);
  };
  const settled = () => {
    options.copy.clear();
    setState({ kind: 'saved' });
  };

  const attempt = async (): Promise<void> => {
    if (!isUnsaved()) return settled();
    keepCopy();
    setState({ kind: 'saving' });
    const document = options.current();
    const reply = await options.remote.save(document, base.etag);
    switch (reply.kind) {
      case 'saved':
        failures = 0;
        base = { document, etag: reply.etag };
        if (isUnsaved()) return again();
        return settled();
      case 'stale':
        return merge();
      case 'unreachable':
        return retryLater();
      case 'refused':
        return setState({ kind: 'refused', message: reply.message });
    }
  };

  const again = () => {
    setState({ kind: 'unsaved' });
    schedule(PAUSE_MS);
  };
  const retryLater = () => {
    const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures) * (0.5 + Math.random() / 2);
    failures += 1;
    setState({ kind: 'offline', retryAt: Date.now() + delayMs });
    schedule(delayMs);
  };

  const merge = async (): Promise<void> => {
    const theirs = await options.remote.read().catch(() => null);
    return theirs ? rebaseOn(theirs) : retryLater();
  };

  const rebaseOn = (theirs: StoredDraft): void | Promise<void> => {
    const mine = options.current();
    const rebased = rebaseDraft({ base: base.document, mine, theirs: theirs.document }, options.catalog);
    if (rebased.kind === 'overlap') {
      setState({ kind: 'conflict', base: base.document, theirs, overlaps: rebased.overlaps });
      return;
    }
    const before = base.document;
    base = theirs;
    options.onMerged(rebased.document, { before, theirs: theirs.document });
    return attempt();
  };

  const flush = async () => {
    clearTimeout(timer);
    if (state.kind === 'conflict') return;
    if (running) {
      await running;
      if (state.kind === 'unsaved') return flush();
      return;
    }
    running = attempt().finally(() => (running = undefined));
    await running;
  };

  /** What is edited while a conflict waits may overlap in more places, or in none any more: nobody chooses unseen. */
  const reconsider = (conflict: SaveState & { readonly kind: 'conflict' }) => {
    running = Promise.resolve()
      .then(() => (state === conflict ? rebaseOn(conflict.theirs) : undefined))
      .finally(() => (running = undefined));
  };

  const takeTheirs = async (): Promise<void> => {
    const theirs = await options.remote.read().catch(() => null);
    if (theirs && theirs.etag !== base.etag) return rebaseOn(theirs);
    // What was edited meanwhile waits for its save.
    return isUnsaved() ? again() : settled();
  };

  return {
    /** What others save is taken in between two saves, never beside one: that one finds out by itself. */
    async refresh(etag) {
      while (running) await running;
      if (base.etag === etag || state.kind === 'conflict') return;
      clearTimeout(timer);
      running = takeTheirs().finally(() => (running = undefined));
      await running;
    },
    edited() {
      // What runs looks again when it ends; the header may not say "saved" until then.
      if (running) {
        if (state.kind === 'saved' && isUnsaved()) setState({ kind: 'unsaved' });
        return;
      }
      if (state.kind === 'conflict') return reconsider(state);
      if (!isUnsaved()) {
        clearTimeout(timer);
        settled();
        return;
      }
      if (state.kind === 'offline') return;
      setState({ kind: 'unsaved' });
      schedule(PAUSE_MS);
    },
    flush,
    async settle() {
      if (state.kind !== 'conflict') return;
      base = state.theirs;
      setState({ kind: 'unsaved' });
      await flush();
    },
    isUnsaved,
    keepCopy,
    stored: () => base,
    stop: () => clearTimeout(timer),
  };
}

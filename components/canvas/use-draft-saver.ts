'use client';

import { useEffect, useState } from 'react';

import { toast } from '#components/ui/toast.tsx';
import { applyOperation } from '#core/apply-operation.ts';
import { describeDiff } from '#core/diff-flows/describe-diff.ts';
import { diffFlows } from '#core/diff-flows/diff-flows.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { operationsBetween } from './document-diff.ts';
import { draftCopy } from './draft-copy.ts';
import type { CopyOwner } from './draft-copy.ts';
import { draftRemote } from './draft-remote.ts';
import { createDraftSaver } from './draft-saver.ts';
import type { DraftSaver, SaveState, StoredDraft } from './draft-saver.ts';
import type { EditorStore } from './editor-store.ts';
import { keepNodes } from './keep-nodes.ts';
import { sameDraft } from './same-draft.ts';

export interface Saving {
  readonly saver: DraftSaver;
  readonly state: SaveState;
}

/** Saves the editor's document for as long as the editor is open. `stored` is what the document was begun from. */
export function useDraftSaver(
  store: EditorStore,
  { stored, owner }: { readonly stored: StoredDraft; readonly owner: CopyOwner },
): Saving {
  const [state, setState] = useState<SaveState>({ kind: 'saved' });
  const [saver] = useState(() => {
    return createDraftSaver({
      base: stored,
      catalog: store.catalog,
      remote: draftRemote(owner.slug),
      copy: draftCopy(owner, window.localStorage),
      current: () => store.getState().document,
      onState: (next) => setState((before) => (isSameState(before, next) ? before : next)),
      onMerged: (document, between) => takeMerged(store, document, between),
    });
  });
  useEffect(() => {
    if (store.isReadOnly) return undefined;
    // Edits that an earlier visit left unsaved are in the document already.
    if (saver.isUnsaved()) saver.edited();
    const unsubscribe = store.subscribe((next, before) => {
      if (next.document !== before.document) saver.edited();
    });
    const controller = new AbortController();
    const options = { signal: controller.signal };
    window.addEventListener('online', () => void saver.flush(), options);
    window.addEventListener('pagehide', () => saver.keepCopy(), options);
    window.addEventListener('beforeunload', (event) => warnWhenUnsaved(event, saver), options);
    document.addEventListener('visibilitychange', () => void saver.flush(), options);
    return () => {
      unsubscribe();
      controller.abort();
      // Leaving for another page of the application: save what the pause has not yet.
      saver.keepCopy();
      void saver.flush();
    };
  }, [store, saver]);
  return { saver, state };
}

/** Every letter typed says anew that there is something to save; only what is news redraws the editor. */
function isSameState(before: SaveState, next: SaveState): boolean {
  return before.kind === next.kind && PLAIN_STATES.has(next.kind);
}

const PLAIN_STATES: ReadonlySet<SaveState['kind']> = new Set(['saved', 'unsaved', 'saving']);

function warnWhenUnsaved(event: BeforeUnloadEvent, saver: DraftSaver): void {
  if (!saver.isUnsaved()) return;
  saver.keepCopy();
  event.preventDefault();
}

/** Shows the merged document, and gives the remembered steps their edits too, so that undo takes back mine alone. */
function takeMerged(
  store: EditorStore,
  document: FlowDocument,
  { before, theirs }: { before: FlowDocument; theirs: FlowDocument },
): void {
  const mine = store.getState().document;
  const operations = operationsBetween(before, theirs);
  store.replaceDocument(keepNodes(mine, document), (remembered) => {
    let rewritten = remembered;
    for (const operation of operations) {
      const applied = applyOperation(rewritten, operation, store.catalog);
      if (!applied.ok) return null;
      rewritten = applied.flow;
    }
    return rewritten;
  });
  store.announce(`Somebody else saved: ${theirWords(store, before, theirs)}`);
  // What comes in while nothing of mine waits is seen on the canvas; that both were put together is worth a word.
  if (!sameDraft(mine, before))
    toast.info('Someone else saved this flow in the meantime. Their changes and yours were merged.', {
      id: 'merged',
    });
}

function theirWords({ catalog }: EditorStore, before: FlowDocument, after: FlowDocument): string {
  const [first, ...others] = describeDiff(diffFlows(before, after), { before, after, catalog });
  if (!first) return 'nothing that is seen changed';
  return others.length === 0 ? first.text : `${first.text}, and ${others.length} more`;
}

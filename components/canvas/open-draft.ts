import type { FlowDocument } from '#core/flow-document.ts';

import type { LeftCopy } from './draft-copy.ts';
import type { StoredDraft } from './draft-saver.ts';

/** What the editor begins with. */
export interface OpenedDraft {
  readonly document: FlowDocument;
  /** What the document is based on; older than the server's when an earlier visit left edits, so that saving merges them. */
  readonly stored: StoredDraft;
  readonly hasLeftEdits: boolean;
}

/** The stored draft, or the unsaved edits that an earlier visit left in this browser. */
export function openDraft(stored: StoredDraft, left: LeftCopy | null): OpenedDraft {
  if (!left || left.mine.slug !== stored.document.slug)
    return { document: stored.document, stored, hasLeftEdits: false };
  return { document: left.mine, stored: { document: left.base, etag: left.etag }, hasLeftEdits: true };
}

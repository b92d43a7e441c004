import { readCopy, type CopyOwner } from './draft-copy.ts';
import { readDraft } from './draft-remote.ts';
import { openDraft, type OpenedDraft } from './open-draft.ts';

/** A flow's draft with the edits that an earlier visit left unsaved; what it checks both with comes with the editor, not with the page. */
export async function loadDraft(
  slug: string,
  { signal, copyOf }: { readonly signal: AbortSignal; readonly copyOf: CopyOwner | undefined },
): Promise<OpenedDraft> {
  const stored = await readDraft(slug, signal);
  return openDraft(stored, copyOf === undefined ? null : readCopy(copyOf, window.localStorage));
}

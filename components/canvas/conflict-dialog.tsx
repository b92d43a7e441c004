'use client';

import { useState } from 'react';

import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { callApi } from '#components/api/client.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { FlowDocument } from '#core/flow-document.ts';

import type { DraftSaver, SaveState } from './draft-saver.ts';
import { useEditorStore } from './editor-context.tsx';
import type { EditorStore } from './editor-store.ts';
import type { Overlap } from './overlaps.ts';
import { resolveOverlap } from './resolve-overlap.ts';

type Conflict = Extract<SaveState, { kind: 'conflict' }>;

export interface ConflictDialogProps {
  readonly conflict: Conflict;
  readonly saver: DraftSaver;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** Two people changed the same places: what each did, and the three ways on. Whatever is chosen, undo brings the other back. */
export function ConflictDialog({ conflict, saver, isOpen, onOpenChange }: ConflictDialogProps) {
  const store = useEditorStore();
  const [isCopying, setIsCopying] = useState(false);
  const settle = (choose: (store: EditorStore, conflict: Conflict) => void) => {
    choose(store, conflict);
    onOpenChange(false);
    void saver.settle();
  };
  const saveCopy = async () => {
    setIsCopying(true);
    try {
      const slug = await createCopy(store.getState().document);
      toast.success(`Your edits are in the new flow “${slug}”.`);
      settle(takeTheirs);
    } catch (error) {
      toast.error(messageOf(error));
    } finally {
      setIsCopying(false);
    }
  };
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent
        title="Someone else changed the same places"
        description="Everything else was merged. Choose what these become; undo brings the other side back."
        size="lg"
      >
        <DialogBody>
          <OverlapTable overlaps={conflict.overlaps} />
        </DialogBody>
        <DialogFooter>
          <Button loading={isCopying} onClick={() => void saveCopy()} className="mr-auto">
            Save mine as a copy
          </Button>
          <Button onClick={() => settle(takeTheirs)}>Take theirs</Button>
          <Button variant="primary" onClick={() => settle(keepMine)}>
            Keep mine
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function OverlapTable({ overlaps }: { overlaps: readonly Overlap[] }) {
  return (
    <table className="w-full text-left text-sm">
      <thead className="text-xs text-muted-foreground">
        <tr>
          <th className="py-1 pr-3 font-medium">Where</th>
          <th className="py-1 pr-3 font-medium">You</th>
          <th className="py-1 font-medium">They</th>
        </tr>
      </thead>
      <tbody>
        {overlaps.map((overlap) => (
          <tr key={overlap.place} className="border-t border-border align-top">
            <td className="py-1.5 pr-3 font-medium break-words">{overlap.label}</td>
            <td className="py-1.5 pr-3 break-words">{overlap.mine}</td>
            <td className="py-1.5 break-words">{overlap.theirs}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Theirs becomes the last remembered step, so that undo shows it; mine takes in whatever of theirs does not overlap. */
function keepMine(store: EditorStore, { base, theirs }: Conflict): void {
  const mine = store.getState().document;
  const resolved = resolveOverlap({ base, mine, theirs: theirs.document }, 'mine', store.catalog);
  store.swapDocument(theirs.document);
  store.swapDocument(resolved);
  store.announce('Your edits were kept; undo shows theirs');
}

function takeTheirs(store: EditorStore, { base, theirs }: Conflict): void {
  const mine = store.getState().document;
  store.swapDocument(resolveOverlap({ base, mine, theirs: theirs.document }, 'theirs', store.catalog));
  store.announce('Their edits were taken; undo brings yours back');
}

const COPIES = 20;

/** Stores the document as a new flow under the first free slug. */
async function createCopy(document: FlowDocument): Promise<string> {
  for (let number = 1; number <= COPIES; number += 1) {
    const suffix = number === 1 ? '-copy' : `-copy-${number}`;
    const slug = `${document.slug.slice(0, 63 - suffix.length)}${suffix}`;
    const copy = { ...document, slug, name: `${document.name} (copy)`.slice(0, 200) };
    try {
      await callApi('/flows', { method: 'POST', body: copy });
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 409) continue;
      throw error;
    }
    return slug;
  }
  throw new Error('There are many copies of this flow already. Delete or rename some, then try again.');
}

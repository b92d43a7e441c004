'use client';

import { useState } from 'react';

import type { DraftSaver } from './draft-saver.ts';

/** What stands in the way of an action on the draft, and the check that the draft is stored. */
export interface SavedDraft {
  readonly problem: string | null;
  say(problem: string | null): void;
  /** Saves what is not saved yet. False, and said, when that cannot be now; `then` is what was to be done. */
  isSaved(then: string): Promise<boolean>;
}

/** For dialogs that publish or run the draft: what they act on has to be what the server has. */
export function useSavedDraft(saver: DraftSaver): SavedDraft {
  const [problem, setProblem] = useState<string | null>(null);
  return {
    problem,
    say: setProblem,
    async isSaved(then) {
      setProblem(null);
      await saver.flush();
      if (!saver.isUnsaved()) return true;
      setProblem(`The draft is not saved yet. Wait for it, or resolve the conflict, then ${then}.`);
      return false;
    },
  };
}

/** Why the action of a dialog did not come about. */
export function DialogProblem({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <p role="alert" className="text-sm break-words text-danger">
      {text}
    </p>
  );
}

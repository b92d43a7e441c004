/** How long a pause ends a run of edits of one place (typing in a field), so that the next is a step of its own. */
export const MERGE_MS = 1_500;

/**
 * Decides what is one step of undo. Edits under the same merge key that follow each other closely (letters typed into
 * one field, presses of an arrow key) make one step; edits without a key are always a step each.
 */
export interface UndoSteps {
  /** Names the coming edit; call it right before setting the state. */
  begin(mergeKey: string | undefined): void;
  /** The next edit starts a new step whatever its key (after an undo, a save of theirs …). */
  cut(): void;
  /** To wrap zundo's recording with. */
  wrap<TRecord extends (...args: never[]) => void>(record: TRecord): TRecord;
}

/** `now` in milliseconds. */
export function createUndoSteps(now: () => number): UndoSteps {
  let coming: string | undefined;
  let last: { key: string; at: number } | undefined;
  const belongsToLast = () => coming !== undefined && coming === last?.key && now() - last.at < MERGE_MS;
  return {
    begin(mergeKey) {
      coming = mergeKey;
    },
    cut() {
      last = undefined;
    },
    wrap<TRecord extends (...args: never[]) => void>(record: TRecord): TRecord {
      const recordStep = (...args: Parameters<TRecord>) => {
        const isSameStep = belongsToLast();
        last = coming === undefined ? undefined : { key: coming, at: now() };
        if (!isSameStep) record(...args);
      };
      return recordStep as TRecord;
    },
  };
}

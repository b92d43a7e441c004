import type { DeadLetterFilter } from '#core/api/dead-letters.ts';

/** What the page hands to its parts to act on dead letters: each opens a dialog. */
export interface DeadLetterActions {
  readonly redrive: (filter: DeadLetterFilter) => void;
  readonly discard: (filter: DeadLetterFilter) => void;
}

import type { BulkAction } from '#core/api/bulk-actions.ts';

/** `1 run`, `1,204 runs`. */
export function runsInWords(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'run' : 'runs'}`;
}

/** `1 event in quarantine`. */
export function heldInWords(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'event' : 'events'} in quarantine`;
}

const KINDS = { redrive: 'Redrive', replay: 'Replay', discard: 'Discard', release: 'Replay' } as const;

/** What an action is, in a few words: `Redrive of 50 runs`. */
export function titleOf({ kind, total }: Pick<BulkAction, 'kind' | 'total'>): string {
  return `${KINDS[kind]} of ${kind === 'release' ? heldInWords(total) : runsInWords(total)}`;
}

export interface BulkStanding {
  readonly label: string;
  readonly tone: 'info' | 'warning' | 'neutral' | 'success' | 'danger';
  /** What it means, and what can be done. */
  readonly meaning: string;
}

/** How an action stands. */
export function standingOf({ status, isSample, counts, kind, sampleSize }: BulkAction): BulkStanding {
  switch (status) {
    case 'running':
      return {
        label: 'Running',
        tone: 'info',
        meaning: `It takes the ${kind === 'release' ? 'events' : 'runs'} in order, the oldest first.`,
      };
    case 'paused':
      return isSample
        ? {
            label: 'Look at the sample',
            tone: 'warning',
            meaning: `The first ${sampleSize ?? counts.done} went. Look at how they fared, then let it go on with the rest, or cancel.`,
          }
        : {
            label: 'Paused',
            tone: 'warning',
            meaning: 'It keeps its place. Nothing more begins until somebody lets it go on.',
          };
    case 'cancelled':
      return {
        label: 'Cancelled',
        tone: 'neutral',
        meaning: `${kind === 'release' ? heldInWords(counts.pending) : runsInWords(counts.pending)} were left untouched. What was done stays done.`,
      };
    case 'done':
      return counts.failed > 0
        ? {
            label: 'Done',
            tone: 'danger',
            meaning: `${failedInWords(counts.failed)}; they are listed below.`,
          }
        : { label: 'Done', tone: 'success', meaning: DONE[kind] };
  }
}

const DONE = {
  redrive: 'Every one was taken up again.',
  replay: 'Every one was started again.',
  discard: 'Every one was put aside.',
  release: 'Every one got its run.',
} as const;

function failedInWords(count: number): string {
  return count === 1 ? 'One could not be done' : `${count.toLocaleString('en')} could not be done`;
}

export interface BulkShares {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly pending: number;
}

/** The parts of the progress bar, in percent. */
export function sharesOf({ counts, total }: Pick<BulkAction, 'counts' | 'total'>): BulkShares {
  const share = (count: number) => (total === 0 ? 0 : (count / total) * 100);
  return {
    done: share(counts.done),
    failed: share(counts.failed),
    skipped: share(counts.skipped),
    pending: share(counts.pending),
  };
}

/** Whole percent that are over, never 100 before the end. */
export function percentOf({ counts, total }: Pick<BulkAction, 'counts' | 'total'>): number {
  if (total === 0 || counts.pending === 0) return 100;
  return Math.min(99, Math.floor(((total - counts.pending) / total) * 100));
}

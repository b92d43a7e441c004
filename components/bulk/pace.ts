/** How fast a bulk action goes, as it is typed. */
export interface PaceText {
  /** How many go first; null: all in one go. */
  readonly sample: string | null;
  /** At most so many a second; empty: as fast as it goes. */
  readonly rate: string;
}

export const START_PACE: PaceText = { sample: '5', rate: '' };

export interface Pace {
  readonly sampleSize?: number;
  readonly ratePerSecond?: number;
}

export interface PaceReading {
  /** Null while something is wrong. */
  readonly pace: Pace | null;
  readonly sampleProblem: string | null;
  readonly rateProblem: string | null;
}

/** What was typed, as the API takes it. */
export function readPace({ sample, rate }: PaceText): PaceReading {
  const sampleSize = sample === null ? undefined : Number(sample);
  const sampleProblem =
    sampleSize === undefined || (Number.isInteger(sampleSize) && sampleSize >= 1 && sampleSize <= 1_000)
      ? null
      : 'Write a whole number from 1 to 1,000.';
  const rateProblem = problemOfRate(rate);
  if (sampleProblem !== null || rateProblem !== null) return { pace: null, sampleProblem, rateProblem };
  const ratePerSecond = readRate(rate);
  return {
    pace: {
      ...(sampleSize !== undefined && { sampleSize }),
      ...(ratePerSecond !== null && { ratePerSecond }),
    },
    sampleProblem,
    rateProblem,
  };
}

/** Null for an empty field. */
export function readRate(rate: string): number | null {
  return rate.trim() === '' ? null : Number(rate);
}

export function problemOfRate(rate: string): string | null {
  const number = readRate(rate);
  if (number === null || (number >= 0.1 && number <= 1_000)) return null;
  return 'Write a number from 0.1 to 1,000, or leave it empty.';
}

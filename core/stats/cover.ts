/**
 * The stretches that statistics are kept for, in seconds, longest first: a day of UTC, an hour, a quarter of one, a minute. What is kept
 * with an hour is its day so far: from midnight UTC to the end of that hour.
 */
export const STRETCHES = [86_400, 3_600, 900, 60] as const;
/** The quarters of an hour are there for time zones whose midnight is not a whole hour of UTC. */
export type Stretch = (typeof STRETCHES)[number];

/** What is kept with all stretches of one length from `from` on and before `to`, in milliseconds since 1970. */
export interface Piece {
  readonly seconds: Stretch;
  readonly from: number;
  readonly to: number;
  /** -1: to be taken away from the others, which contain it. */
  readonly sign: 1 | -1;
}

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Few pieces that make up a time exactly: from an hour on, what its last day held until its end, and the whole days before, without what
 * its first day held before its start. Times that follow each other then end and begin with the same pieces. `from` and `to` are whole
 * minutes; stretches longer than a minute are used only before `settled`, until when they are counted for good. All in milliseconds
 * since 1970.
 */
export function cover(from: number, to: number, settled: number): Piece[] {
  const last = floor(Math.min(to, settled), HOUR);
  if (ceil(from, HOUR) >= last) return ofQuarters({ from, to }, settled, 1);
  const first = floor(from, HOUR);
  return [
    ...ofQuarters({ from: first, to: from }, settled, -1),
    ...dayUntil(first, -1),
    ...pieces(86_400, { from: floor(first, DAY), to: floor(last, DAY) }, 1),
    ...dayUntil(last, 1),
    ...ofQuarters({ from: last, to }, settled, 1),
  ];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function ofQuarters({ from, to }: Span, settled: number, sign: 1 | -1): Piece[] {
  const first = ceil(from, QUARTER);
  const last = floor(Math.min(to, settled), QUARTER);
  if (first >= last) return pieces(60, { from, to }, sign);
  return [
    ...pieces(60, { from, to: first }, sign),
    ...pieces(900, { from: first, to: last }, sign),
    ...pieces(60, { from: last, to }, sign),
  ];
}

/** What its day held before a whole hour. */
function dayUntil(at: number, sign: 1 | -1): Piece[] {
  return at === floor(at, DAY) ? [] : pieces(3_600, { from: at - HOUR, to: at }, sign);
}

function pieces(seconds: Stretch, { from, to }: Span, sign: 1 | -1): Piece[] {
  return from < to ? [{ seconds, from, to, sign }] : [];
}

function floor(at: number, length: number): number {
  return Math.floor(at / length) * length;
}

function ceil(at: number, length: number): number {
  return Math.ceil(at / length) * length;
}

/** The stretches that statistics are kept for, in seconds, longest first: a day of UTC, an hour, a quarter of one, a minute. */
export const STRETCHES = [86_400, 3_600, 900, 60] as const;
/** The quarters of an hour are there for time zones whose midnight is not a whole hour of UTC. */
export type Stretch = (typeof STRETCHES)[number];

/** All stretches of one length from `from` on and before `to`, in milliseconds since 1970. */
export interface Piece {
  readonly seconds: Stretch;
  readonly from: number;
  readonly to: number;
}

/**
 * The fewest stretches that make up a time exactly, in order. `from` and `to` are whole minutes; stretches longer than a minute
 * are used only before `settled`, until when they are counted for good. All in milliseconds since 1970.
 */
export function cover(from: number, to: number, settled: number): Piece[] {
  return coverWith(STRETCHES, { from, to }, settled);
}

function coverWith(
  [seconds, ...shorter]: readonly Stretch[],
  { from, to }: { from: number; to: number },
  settled: number,
): Piece[] {
  if (seconds === undefined || from >= to) return [];
  if (shorter.length === 0) return [{ seconds, from, to }];
  const length = seconds * 1_000;
  const first = Math.ceil(from / length) * length;
  const last = Math.floor(Math.min(to, settled) / length) * length;
  if (first >= last) return coverWith(shorter, { from, to }, settled);
  return [
    ...coverWith(shorter, { from, to: first }, settled),
    { seconds, from: first, to: last },
    ...coverWith(shorter, { from: last, to }, settled),
  ];
}

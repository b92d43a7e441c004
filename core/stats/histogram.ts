/** Each bucket ends this much above its start: what is read back is off by `sqrt(GROWTH) - 1`, 1.25 %, at most. */
export const GROWTH = 1.025;
/** In milliseconds: anything shorter, 0 included, counts as this. */
export const SHORTEST_MS = 0.01;

const LOG_GROWTH = Math.log(GROWTH);

/**
 * How many times fell into which bucket, ascending by bucket. Bucket `b` holds times from `GROWTH ** b` up to
 * `GROWTH ** (b + 1)` milliseconds. Histograms of several stretches of time are merged by adding; percentiles are never averaged.
 */
export type Histogram = ReadonlyMap<number, number>;

/** Milliseconds; null where nothing was measured. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** The bucket of a time in milliseconds. The statement that counts (`server/sql/count-stats.ts`) computes the same. */
export function bucketOf(ms: number): number {
  return Math.floor(Math.log(Math.max(ms, SHORTEST_MS)) / LOG_GROWTH);
}

/** The lowest bucket there is. */
const LOWEST = bucketOf(SHORTEST_MS);

/** Histograms added up; one that the others contain can be taken away again. */
export class HistogramSum {
  /** How many each bucket holds, from the lowest on: many times faster than a map. */
  readonly #held: number[] = [];

  /** @param buckets and `counts` are parallel. */
  add(buckets: readonly number[], counts: readonly number[], sign: 1 | -1 = 1): void {
    const held = this.#held;
    for (let index = 0; index < buckets.length; index += 1) {
      const place = buckets[index]! - LOWEST;
      while (held.length <= place) held.push(0);
      held[place]! += sign * counts[index]!;
    }
  }

  toHistogram(): Histogram {
    const histogram = new Map<number, number>();
    for (let place = 0; place < this.#held.length; place += 1)
      if (this.#held[place] !== 0) histogram.set(place + LOWEST, this.#held[place]!);
    return histogram;
  }
}

/** The histogram of all that the histograms hold. */
export function mergeHistograms(histograms: Iterable<Histogram>): Histogram {
  const sum = new HistogramSum();
  for (const histogram of histograms) sum.add([...histogram.keys()], [...histogram.values()]);
  return sum.toHistogram();
}

/**
 * The time that the share `rank` (0 to 1) of all do not exceed, off by 1.25 % at most; null over nothing. The middle of a bucket
 * stands for all in it: the geometric one, from which both ends are equally far.
 */
export function percentileOf(histogram: Histogram, rank: number): number | null {
  const total = countOf(histogram);
  if (total === 0) return null;
  const wanted = Math.max(1, Math.ceil(rank * total));
  let seen = 0;
  for (const [bucket, count] of histogram) {
    seen += count;
    if (seen >= wanted) return GROWTH ** (bucket + 0.5);
  }
  throw new Error('A histogram holds fewer than it counts.');
}

export function percentilesOf(histogram: Histogram): Percentiles {
  const [p50 = null, p95 = null, p99 = null] = [0.5, 0.95, 0.99].map((rank) => percentileOf(histogram, rank));
  return { p50, p95, p99 };
}

/** How many times it holds. */
export function countOf(histogram: Histogram): number {
  let total = 0;
  for (const count of histogram.values()) total += count;
  return total;
}

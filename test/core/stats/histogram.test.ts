import fc from 'fast-check';
import { expect, it } from 'vitest';

import {
  bucketOf,
  countOf,
  HistogramSum,
  mergeHistograms,
  percentileOf,
  percentilesOf,
  type Histogram,
} from '#core/stats/histogram.ts';

const times = fc.array(fc.double({ min: 0.02, max: 1e10, noNaN: true }), { minLength: 1, maxLength: 500 });

function histogramOf(values: readonly number[]): Histogram {
  return mergeHistograms(values.map((ms) => new Map([[bucketOf(ms), 1]])));
}

function exact(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(rank * sorted.length)) - 1]!;
}

it('gives every percentile within 1.25 % of the exact one', () => {
  fc.assert(
    fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, rank) => {
      const right = exact(values, rank);
      const found = percentileOf(histogramOf(values), rank)!;
      expect(Math.abs(found - right) / right).toBeLessThan(0.0125);
    }),
  );
});

it('merges to what the whole would have given, however it was cut', () => {
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 8 }), (parts) => {
      const whole = histogramOf(parts.flat());
      const merged = mergeHistograms(parts.map(histogramOf));
      expect([...merged]).toEqual([...whole]);
      expect(countOf(merged)).toBe(parts.flat().length);
    }),
  );
});

it('gives what is left when a part is taken away again', () => {
  fc.assert(
    fc.property(times, times, (part, rest) => {
      const sum = new HistogramSum();
      const whole = histogramOf([...part, ...rest]);
      sum.add([...whole.keys()], [...whole.values()]);
      const taken = histogramOf(part);
      sum.add([...taken.keys()], [...taken.values()], -1);
      expect([...sum.toHistogram()]).toEqual([...histogramOf(rest)]);
    }),
  );
});

it('has no percentiles of nothing, and takes 0 for very short', () => {
  expect(percentilesOf(new Map())).toEqual({ p50: null, p95: null, p99: null });
  expect(percentileOf(histogramOf([0]), 0.5)).toBeCloseTo(0.01, 3);
});

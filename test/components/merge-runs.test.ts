import { describe, expect, test } from 'vitest';

import { mergeRuns, type LoadedRuns } from '#components/api/merge-runs.ts';
import type { RunStatus, RunSummary } from '#core/api/runs.ts';

/** Runs are named by a number: the higher, the newer. */
function run(number: number, status: RunStatus = 'succeeded'): RunSummary {
  return {
    id: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    flow: 'orders',
    flowName: 'Orders',
    version: 1,
    status,
    startedBy: 'webhook',
    createdAt: new Date(1_800_000_000_000 + number * 1_000).toISOString(),
    startedAt: null,
    finishedAt: null,
    nextAttemptAt: null,
    error: null,
    replayOf: null,
    compensation: null,
    businessKey: null,
  };
}

const page = (numbers: number[], next: string | null) => ({
  data: numbers.map((number) => run(number)),
  next,
});
const change = (number: number, status: RunStatus) => ({ id: run(number).id, flow: 'orders', status });
const numbersOf = (runs: LoadedRuns) =>
  runs.pages.map(({ data }) => data.map(({ id }) => Number(id.slice(-6))));

const twoPages: LoadedRuns = { pages: [page([9, 8, 7], 'a'), page([6, 5, 4], 'b')], pageParams: [null, 'a'] };

describe('mergeRuns', () => {
  test('with one page loaded, the fresh page takes its place', () => {
    const loaded = { pages: [page([3, 2, 1], null)], pageParams: [null] };
    const merged = mergeRuns({ loaded, fresh: page([4, 3, 2], 'x'), changes: [], statuses: undefined });
    expect(numbersOf(merged.runs)).toEqual([[4, 3, 2]]);
    expect(merged.isPartial).toBe(false);
  });

  test('new runs push old ones down; none is lost, none is there twice', () => {
    const fresh = page([11, 10, 9], 'x');
    const { runs, isPartial } = mergeRuns({
      loaded: twoPages,
      fresh,
      changes: [change(11, 'queued')],
      statuses: undefined,
    });
    expect(numbersOf(runs)).toEqual([
      [11, 10, 9],
      [8, 7, 6, 5, 4],
    ]);
    expect(runs.pages.at(-1)?.next).toBe('b');
    expect(runs.pageParams).toEqual([null, 'a']);
    expect(isPartial).toBe(false);
  });

  test('a change further down asks for a full reading', () => {
    const fresh = page([9, 8, 7], 'a');
    const merged = mergeRuns({
      loaded: twoPages,
      fresh,
      changes: [change(5, 'failed')],
      statuses: undefined,
    });
    expect(merged.isPartial).toBe(true);
  });

  test('a run further down that no longer matches the filter goes', () => {
    const fresh = page([9, 8, 7], 'a');
    const merged = mergeRuns({
      loaded: twoPages,
      fresh,
      changes: [change(5, 'failed')],
      statuses: ['running'],
    });
    expect(numbersOf(merged.runs)).toEqual([
      [9, 8, 7],
      [6, 4],
    ]);
  });

  test('a run of the first page that no longer matches goes too', () => {
    const fresh = page([9, 7, 6], 'x');
    const { runs } = mergeRuns({
      loaded: twoPages,
      fresh,
      changes: [change(8, 'failed')],
      statuses: ['running'],
    });
    expect(numbersOf(runs)).toEqual([
      [9, 7, 6],
      [5, 4],
    ]);
  });

  test('when the fresh page does not meet the old ones, the list starts over', () => {
    const { runs } = mergeRuns({
      loaded: twoPages,
      fresh: page([99, 98, 97], 'x'),
      changes: [],
      statuses: undefined,
    });
    expect(numbersOf(runs)).toEqual([[99, 98, 97]]);
    expect(runs.pageParams).toEqual([null]);
  });
});

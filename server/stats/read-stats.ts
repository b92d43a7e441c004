import type pg from 'pg';

import { cover } from '#core/stats/cover.ts';
import { mergeHistograms, percentilesOf, type Histogram, type Percentiles } from '#core/stats/histogram.ts';
import type { TimeSpan } from '#core/stats/time-points.ts';
import {
  selectCounts,
  selectStatsUntil,
  selectTimes,
  type PlacedPiece,
  type StatCounts,
  type StatsOf,
  type TimesRow,
} from '#server/sql/select-stats.ts';

/** Counts, and times in milliseconds, of a stretch of time. */
export interface StatsReading extends StatCounts {
  /** From acceptance to the start of the first step. */
  readonly toFirstStepMs: Percentiles;
  /** From the start of a run to its end. */
  readonly runTimeMs: Percentiles;
}

export interface StatsQuestion {
  readonly workspaceId: string;
  /** Slug, also of a flow that was deleted. Default: the workspace as a whole. */
  readonly flow?: string | undefined;
  /** Whole minutes: `from` is rounded down, `to` up. */
  readonly from: Date;
  readonly to: Date;
}

/**
 * What a workspace or a flow did from `from` on and before `to`, as counted by `countStats`, at most a few seconds ago while some
 * process lives. `accepted` counts runs made in that time; everything else is of the runs that ended in it. Percentiles come from
 * merged histograms and are off by 1.25 % at most. A run that ends failed is a dead letter: `failed` counts those, too.
 */
export async function readStats(
  database: Pick<pg.Pool | pg.ClientBase, 'query'>,
  question: StatsQuestion,
): Promise<StatsReading> {
  const minute = 60_000;
  const from = Math.floor(question.from.getTime() / minute) * minute;
  const to = Math.ceil(question.to.getTime() / minute) * minute;
  const { total } = await readSeries(database, { ...question, points: [{ from, to }] });
  return total;
}

export interface StatsSeries {
  readonly points: readonly StatsReading[];
  readonly total: StatsReading;
}

/** The same for each of several spans that follow each other, and for all of them together. */
export async function readSeries(
  database: Pick<pg.Pool | pg.ClientBase, 'query'>,
  question: { workspaceId: string; flow?: string | undefined; points: readonly TimeSpan[] },
): Promise<StatsSeries> {
  const of: StatsOf = { workspaceId: question.workspaceId, flow: question.flow ?? '' };
  const pieces = placePieces(question.points, await settledAt(database));
  const counts = await selectCounts(database, of, pieces);
  const times = await selectTimes(database, { ...of, ofSteps: false }, pieces);
  const points = question.points.map((_, point) => {
    const here = times.filter((row) => row.point === point);
    return toReading(
      counts.filter((row) => row.point === point),
      here,
    );
  });
  return { points, total: toReading(counts, times) };
}

/** Histograms of the steps of a flow in a span, by node id. */
export async function readStepTimes(
  database: Pick<pg.Pool | pg.ClientBase, 'query'>,
  question: { workspaceId: string; flow: string; span: TimeSpan },
): Promise<ReadonlyMap<string, Histogram>> {
  const pieces = placePieces([question.span], await settledAt(database));
  const rows = await selectTimes(database, { ...question, ofSteps: true }, pieces);
  return new Map(rows.map((row) => [row.nodeId, toHistogram(row)]));
}

/** Until when longer stretches stand, in milliseconds since 1970. */
export async function settledAt(database: Pick<pg.Pool | pg.ClientBase, 'query'>): Promise<number> {
  return (await selectStatsUntil(database))?.getTime() ?? 0;
}

export function placePieces(points: readonly TimeSpan[], settled: number): PlacedPiece[] {
  return points.flatMap(({ from, to }, point) =>
    cover(from, to, settled).map((piece) => ({ ...piece, point })),
  );
}

function toReading(counts: readonly StatCounts[], times: readonly TimesRow[]): StatsReading {
  const sum = (name: keyof StatCounts) => counts.reduce((total, row) => total + row[name], 0);
  const of = (measure: TimesRow['measure']) =>
    percentilesOf(mergeHistograms(times.filter((row) => row.measure === measure).map(toHistogram)));
  return {
    accepted: sum('accepted'),
    succeeded: sum('succeeded'),
    failed: sum('failed'),
    cancelled: sum('cancelled'),
    retries: sum('retries'),
    toFirstStepMs: of('first_step'),
    runTimeMs: of('run'),
  };
}

function toHistogram({ buckets, counts }: TimesRow): Histogram {
  return new Map(buckets.map((bucket, index) => [bucket, counts[index] ?? 0]));
}

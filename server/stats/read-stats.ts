import type pg from 'pg';

import { cover } from '#core/stats/cover.ts';
import {
  HistogramSum,
  mergeHistograms,
  percentilesOf,
  type Histogram,
  type Percentiles,
} from '#core/stats/histogram.ts';
import type { TimeSpan } from '#core/stats/time-points.ts';
import {
  selectCounts,
  selectStatsUntil,
  selectTimes,
  type Measure,
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

type Database = Pick<pg.Pool | pg.ClientBase, 'query'>;

/**
 * What a workspace or a flow did from `from` on and before `to`, as counted by `countStats`, at most a few seconds ago while some
 * process lives. `accepted` counts runs made in that time; everything else is of the runs that ended in it. Percentiles come from
 * merged histograms and are off by 1.25 % at most. A run that ends failed is a dead letter: `failed` counts those, too.
 */
export async function readStats(database: Database, question: StatsQuestion): Promise<StatsReading> {
  const minute = 60_000;
  const from = Math.floor(question.from.getTime() / minute) * minute;
  const to = Math.ceil(question.to.getTime() / minute) * minute;
  const settled = await settledAt(database);
  const { total } = await readSeries(database, { ...question, points: [{ from, to }], settled });
  return total;
}

export interface StatsSeries {
  readonly points: readonly StatsReading[];
  /** Of all points together. */
  readonly total: StatsReading;
  /** Of `before`; of nothing without one. */
  readonly before: StatsReading;
}

export interface SeriesQuestion {
  readonly workspaceId: string;
  readonly flow?: string | undefined;
  /** Spans that follow each other. */
  readonly points: readonly TimeSpan[];
  /** Another span, read with them. */
  readonly before?: TimeSpan | undefined;
  /** See `settledAt`. */
  readonly settled: number;
}

/** The same for each of several spans, for all of them together, and for one to compare them with. */
export async function readSeries(database: Database, question: SeriesQuestion): Promise<StatsSeries> {
  const { points, before, settled } = question;
  const of: StatsOf = { workspaceId: question.workspaceId, flow: question.flow ?? '' };
  const spans = before ? [...points, before] : points;
  const pieces = placePieces(spans, settled);
  const counts = await selectCounts(database, of, pieces);
  const times = await selectTimes(database, { ...of, measures: ['run', 'first_step'] }, pieces);
  const countsAt = new Map(counts.map((row) => [row.place, row]));
  const timesAt = Map.groupBy(times, ({ place }) => place);
  const found = spans.map((_, place) => toSum(countsAt.get(place) ?? NOTHING, timesAt.get(place) ?? []));
  const whole = found.slice(0, points.length);
  return {
    points: whole.map(toReading),
    total: toReading(mergeSums(whole)),
    before: toReading(mergeSums(found.slice(points.length))),
  };
}

/** Histograms of the steps of a flow in a span, by node id. */
export async function readStepTimes(
  database: Database,
  question: { workspaceId: string; flow: string; span: TimeSpan; settled: number },
): Promise<ReadonlyMap<string, Histogram>> {
  const pieces = placePieces([question.span], question.settled);
  const rows = await selectTimes(database, { ...question, measures: ['step'] }, pieces);
  const steps = [...Map.groupBy(rows, ({ nodeId }) => nodeId)];
  return new Map(
    steps
      .map(([nodeId, held]) => [nodeId, addUp(held)] as const)
      .filter(([, histogram]) => histogram.size > 0),
  );
}

/** Until when longer stretches stand, in milliseconds since 1970. */
export async function settledAt(database: Database): Promise<number> {
  return (await selectStatsUntil(database))?.getTime() ?? 0;
}

export function placePieces(spans: readonly TimeSpan[], settled: number): PlacedPiece[] {
  return spans.flatMap(({ from, to }, place) =>
    cover(from, to, settled).map((piece) => ({ ...piece, place })),
  );
}

/** What a reading is made of, and can be merged. */
interface Sum {
  readonly counts: StatCounts;
  readonly toFirstStep: Histogram;
  readonly runTime: Histogram;
}

const NOTHING: StatCounts = { accepted: 0, succeeded: 0, failed: 0, cancelled: 0, retries: 0 };

function toSum(counts: StatCounts, times: readonly TimesRow[]): Sum {
  const of = (measure: Measure) => addUp(times.filter((row) => row.measure === measure));
  return { counts, toFirstStep: of('first_step'), runTime: of('run') };
}

function mergeSums(sums: readonly Sum[]): Sum {
  const total = (name: keyof StatCounts) => sums.reduce((sum, { counts }) => sum + counts[name], 0);
  return {
    counts: {
      accepted: total('accepted'),
      succeeded: total('succeeded'),
      failed: total('failed'),
      cancelled: total('cancelled'),
      retries: total('retries'),
    },
    toFirstStep: mergeHistograms(sums.map(({ toFirstStep }) => toFirstStep)),
    runTime: mergeHistograms(sums.map(({ runTime }) => runTime)),
  };
}

function toReading({ counts, toFirstStep, runTime }: Sum): StatsReading {
  const { accepted, succeeded, failed, cancelled, retries } = counts;
  return {
    ...{ accepted, succeeded, failed, cancelled, retries },
    toFirstStepMs: percentilesOf(toFirstStep),
    runTimeMs: percentilesOf(runTime),
  };
}

function addUp(rows: readonly TimesRow[]): Histogram {
  const sum = new HistogramSum();
  for (const { buckets, counts, sign } of rows) sum.add(buckets, counts, sign);
  return sum.toHistogram();
}

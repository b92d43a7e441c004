import type pg from 'pg';

import type { Piece } from '#core/stats/cover.ts';

/** Pieces of time by which point of a chart they belong to. */
export interface PlacedPiece extends Piece {
  readonly point: number;
}

export interface StatCounts {
  readonly accepted: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly retries: number;
}

type Database = Pick<pg.Pool | pg.ClientBase, 'query'>;

/** `flow` empty: the workspace as a whole. */
export interface StatsOf {
  readonly workspaceId: string;
  readonly flow: string;
}

const PIECES = `unnest($2::int[], $3::int[], $4::timestamptz[], $5::timestamptz[]) as p (point, seconds, start, stop)`;

const COUNTS = ['accepted', 'succeeded', 'failed', 'cancelled', 'retries']
  .map((name) => `sum(s.${name})::int as ${name}`)
  .join(', ');

/** Counts by point; points without anything are left out. */
export async function selectCounts(
  database: Database,
  { workspaceId, flow }: StatsOf,
  pieces: readonly PlacedPiece[],
): Promise<(StatCounts & { readonly point: number })[]> {
  const { rows } = await database.query<StatCounts & { readonly point: number }>(
    `select p.point, ${COUNTS} from ${PIECES} join stat s
       on s.workspace_id = $1 and s.flow_slug = $6 and s.seconds = p.seconds and s.at >= p.start and s.at < p.stop
     group by p.point`,
    [workspaceId, ...pieceValues(pieces), flow],
  );
  return rows;
}

/** Counts by flow, busiest first, 100 at most. */
export async function selectCountsByFlow(
  database: Database,
  workspaceId: string,
  pieces: readonly PlacedPiece[],
): Promise<(StatCounts & { readonly flow: string; readonly name: string | null })[]> {
  const { rows } = await database.query<StatCounts & { readonly flow: string; readonly name: string | null }>(
    `select found.*, flow.name from (
       select s.flow_slug as flow, ${COUNTS} from ${PIECES} join stat s
         on s.workspace_id = $1 and s.flow_slug <> '' and s.seconds = p.seconds and s.at >= p.start and s.at < p.stop
       group by s.flow_slug) found
     left join flow on flow.workspace_id = $1 and flow.slug = found.flow
     order by accepted + succeeded + failed + cancelled desc, found.flow limit 100`,
    [workspaceId, ...pieceValues(pieces)],
  );
  return rows;
}

/** A histogram: parallel arrays, ascending by bucket. */
export interface TimesRow {
  readonly point: number;
  readonly measure: 'run' | 'first_step' | 'step';
  readonly nodeId: string;
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
}

/** Histograms by point: of runs and first steps, or of every step. */
export async function selectTimes(
  database: Database,
  { workspaceId, flow, ofSteps }: StatsOf & { readonly ofSteps: boolean },
  pieces: readonly PlacedPiece[],
): Promise<TimesRow[]> {
  const { rows } = await database.query<TimesRow>(
    `select point, measure, node_id as "nodeId", array_agg(bucket order by bucket) as buckets, array_agg(count order by bucket) as counts
     from (
       select p.point, s.measure, s.node_id, held.bucket, sum(held.count)::int as count
       from ${PIECES} join stat_time s on s.workspace_id = $1 and s.flow_slug = $6 and s.seconds = p.seconds
         and s.measure = any($7::text[]) and s.at >= p.start and s.at < p.stop
       cross join unnest(s.buckets, s.counts) as held (bucket, count)
       group by 1, 2, 3, 4
     ) added group by 1, 2, 3`,
    [workspaceId, ...pieceValues(pieces), flow, ofSteps ? ['step'] : ['run', 'first_step']],
  );
  return rows;
}

/** Until when everything is counted for good; null before anything was. */
export async function selectStatsUntil(database: Database): Promise<Date | null> {
  const { rows } = await database.query<{ until: Date }>('select until from stat_mark');
  return rows[0]?.until ?? null;
}

function pieceValues(pieces: readonly PlacedPiece[]): unknown[] {
  return [
    pieces.map(({ point }) => point),
    pieces.map(({ seconds }) => seconds),
    pieces.map(({ from }) => new Date(from)),
    pieces.map(({ to }) => new Date(to)),
  ];
}

import type pg from 'pg';

import type { Piece } from '#core/stats/cover.ts';

/** Pieces of time by which span they belong to. */
export interface PlacedPiece extends Piece {
  readonly place: number;
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

/** Each stretch by its start: where a range is asked for, the planner takes it for a large part of the table. */
const STRETCHES = `unnest($2::int[], $3::int[], $4::float8[], $5::int[]) as p (place, seconds, at, sign)`;

const COUNTS = ['accepted', 'succeeded', 'failed', 'cancelled', 'retries']
  .map((name) => `sum(p.sign * s.${name})::int as ${name}`)
  .join(', ');

/** Counts by place; places without anything are left out. */
export async function selectCounts(
  database: Database,
  { workspaceId, flow }: StatsOf,
  pieces: readonly PlacedPiece[],
): Promise<(StatCounts & { readonly place: number })[]> {
  const { rows } = await database.query<StatCounts & { readonly place: number }>(
    `select p.place, ${COUNTS} from ${STRETCHES} join stat s
       on s.workspace_id = $1 and s.flow_slug = $6 and s.seconds = p.seconds and s.at = to_timestamp(p.at)
     group by p.place`,
    [workspaceId, ...stretchValues(pieces), flow],
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
    `with found as (
       select s.flow_slug as flow, ${COUNTS} from ${STRETCHES} join stat s
         on s.workspace_id = $1 and s.flow_slug <> '' and s.seconds = p.seconds and s.at = to_timestamp(p.at)
       group by s.flow_slug)
     select found.*, flow.name from found left join flow on flow.workspace_id = $1 and flow.slug = found.flow
     where accepted + succeeded + failed + cancelled > 0
     order by accepted + succeeded + failed + cancelled desc, found.flow limit 100`,
    [workspaceId, ...stretchValues(pieces)],
  );
  return rows;
}

export type Measure = 'run' | 'first_step' | 'step';

/** A histogram that was kept, as parallel arrays; see `HistogramSum`. */
export interface TimesRow {
  readonly place: number;
  readonly sign: 1 | -1;
  readonly measure: Measure;
  /** Of `step`: whose. Else empty. */
  readonly nodeId: string;
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Every histogram of the pieces, each read once though several places use it. They are sent as bytes and added up here: either takes a
 * fraction of the time that text, or adding up in a statement, takes.
 */
export async function selectTimes(
  database: Database,
  { workspaceId, flow, measures }: StatsOf & { readonly measures: readonly Measure[] },
  pieces: readonly PlacedPiece[],
): Promise<TimesRow[]> {
  const users = [...Map.groupBy(stretchesOf(pieces), ({ seconds, at }) => `${seconds} ${at}`).values()];
  const { rows } = await database.query<HeldRow>(
    `select p.place as stretch, s.measure, s.node_id as "nodeId", array_send(s.buckets) as buckets, array_send(s.counts) as counts
     from ${STRETCHES} join stat_time s on s.workspace_id = $1 and s.flow_slug = $6 and s.seconds = p.seconds
       and s.at = to_timestamp(p.at) and s.measure = any($7::text[])`,
    [workspaceId, ...valuesOf(users.map(([first], place) => ({ ...first!, place }))), flow, measures],
  );
  return rows.flatMap(({ stretch, measure, nodeId, ...held }) => {
    const histogram = { measure, nodeId, buckets: toNumbers(held.buckets), counts: toNumbers(held.counts) };
    return users[stretch]!.map(({ place, sign }) => ({ ...histogram, place, sign }));
  });
}

interface HeldRow {
  readonly stretch: number;
  readonly measure: Measure;
  readonly nodeId: string;
  readonly buckets: Buffer;
  readonly counts: Buffer;
}

/** Reads what `array_send` gives: a head of 20 bytes, then each number behind its length. */
function toNumbers(sent: Buffer): number[] {
  const numbers: number[] = [];
  for (let at = 24; at < sent.length; at += 8) numbers.push(sent.readInt32BE(at));
  return numbers;
}

/** Until when everything is counted for good; null before anything was. */
export async function selectStatsUntil(database: Database): Promise<Date | null> {
  const { rows } = await database.query<{ until: Date }>('select until from stat_mark');
  return rows[0]?.until ?? null;
}

/** One stretch of a piece, by its start in milliseconds since 1970. */
interface PlacedStretch {
  readonly place: number;
  readonly seconds: number;
  readonly at: number;
  readonly sign: 1 | -1;
}

function stretchesOf(pieces: readonly PlacedPiece[]): PlacedStretch[] {
  return pieces.flatMap(({ place, seconds, from, to, sign }) =>
    Array.from({ length: (to - from) / (seconds * 1_000) }, (_, index) => ({
      ...{ place, seconds, sign },
      at: from + index * seconds * 1_000,
    })),
  );
}

function stretchValues(pieces: readonly PlacedPiece[]): unknown[] {
  return valuesOf(stretchesOf(pieces));
}

function valuesOf(stretches: readonly PlacedStretch[]): unknown[] {
  // As text: the driver would look at each number for what it must escape.
  const list = (of: (stretch: PlacedStretch) => number) => `{${stretches.map(of).join(',')}}`;
  return [
    list(({ place }) => place),
    list(({ seconds }) => seconds),
    list(({ at }) => at / 1_000),
    list(({ sign }) => sign),
  ];
}

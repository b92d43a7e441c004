import { isJsonObject, type Json } from '#core/json.ts';
import type { Stage } from '#test/faults/stage.ts';

import type { CrashCase } from './cases.ts';

/** The runs that a round began, as far as the database knows them. */
export interface FoundRun {
  readonly id: string;
  readonly status: string;
  /** Open ones. */
  readonly deadLetters: number;
  readonly deaths: number;
  /** True when nothing is left to do for it: it is over and told, or waits for a person. */
  readonly isSettled: boolean;
}

/** One call that the far end received. */
export interface FoundCall {
  readonly run: string;
  readonly node: string;
  readonly key: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export async function runIdsOf(stage: Stage): Promise<ReadonlySet<string>> {
  const { rows } = await stage.db.query<{ id: string }>('select id from run');
  return new Set(rows.map(({ id }) => id));
}

export async function newRuns(stage: Stage, known: ReadonlySet<string>): Promise<FoundRun[]> {
  const { rows } = await stage.db.query<FoundRun>(
    `select r.id, r.status::text as status, r.deaths,
       (select count(*)::int from dead_letter d where d.run_id = r.id
         and d.redriven_at is null and d.discarded_at is null) as "deadLetters",
       r.status = 'in_doubt' or (r.finished_at is not null and not r.is_end_due) as "isSettled"
     from run r where r.id <> all($1::uuid[])`,
    [[...known]],
  );
  return rows;
}

/** Steps whose success is on record, as `run node`. */
export async function recordedSteps(stage: Stage, runs: readonly FoundRun[]): Promise<string[]> {
  const { rows } = await stage.db.query<{ name: string }>(
    `select run_id || ' ' || node_id as name from step where status = 'succeeded' and run_id = any($1::uuid[])`,
    [runs.map(({ id }) => id)],
  );
  return rows.map(({ name }) => name);
}

/** The calls of runs that were not known before. */
export function newCalls(stage: Stage, known: ReadonlySet<string>): FoundCall[] {
  return stage.sink.requests.flatMap((request) => {
    if (request.method !== 'POST') return [];
    const body = request.json() as Json;
    const { run, node } = isJsonObject(body) ? body : {};
    if (typeof run !== 'string' || typeof node !== 'string' || known.has(run)) return [];
    return [
      {
        run,
        node,
        key: String(request.headers['idempotency-key']),
        body: JSON.stringify(body),
        at: request.at,
      },
    ];
  });
}

/** What is wrong with what a round came to. */
export function judgeRound(
  expected: CrashCase,
  found: {
    readonly runs: readonly FoundRun[];
    readonly calls: readonly FoundCall[];
    readonly atDeath: { readonly recorded: readonly string[]; readonly calls: readonly FoundCall[] };
  },
): string[] {
  const { runs, calls, atDeath } = found;
  const statuses = runs.map(({ status }) => status).sort();
  return [
    ...(statuses.join() === expected.runs.join() ? [] : [`the runs are ${statuses.join(', ') || 'none'}`]),
    ...runs
      .filter(({ status, deadLetters }) => deadLetters !== Number(status === 'failed'))
      .map(({ status, deadLetters }) => `a run that ${status} has ${deadLetters} open dead letters`),
    ...countFaults(expected, calls),
    ...keyFaults(calls),
    ...atDeath.recorded
      .filter((name) => countOf(calls, name) > countOf(atDeath.calls, name))
      .map((name) => `${name} was on record at the crash and was called again`),
    ...calls
      .filter(({ run }) => !runs.some(({ id }) => id === run))
      .map(({ node }) => `${node} was called by a run that is not there`),
  ];
}

function countFaults(expected: CrashCase, calls: readonly FoundCall[]): string[] {
  const nodes = new Set([...Object.keys(expected.calls), ...calls.map(({ node }) => node)]);
  return [...nodes].flatMap((node) => {
    const count = calls.filter((each) => each.node === node).length;
    const [least, most] = rangeOf(expected.calls[node] ?? 0);
    return count >= least && count <= most
      ? []
      : [`${node} was called ${count} times: ${timesOf(calls, node)}`];
  });
}

function timesOf(calls: readonly FoundCall[], node: string): string {
  return calls
    .filter((call) => call.node === node)
    .map(({ at, run }) => `${new Date(at).toISOString()} by ${run}`)
    .join(', ');
}

function rangeOf(calls: number | readonly [number, number]): readonly [number, number] {
  return typeof calls === 'number' ? [calls, calls] : calls;
}

/** A step that is called again is called under its key, with the same body. */
function keyFaults(calls: readonly FoundCall[]): string[] {
  const byStep = Map.groupBy(calls, ({ run, node }) => `${run} ${node}`);
  return [...byStep].flatMap(([name, same]) => [
    ...(new Set(same.map(({ key }) => key)).size > 1 ? [`${name} was called under several keys`] : []),
    ...(new Set(same.map(({ body }) => body)).size > 1 ? [`${name} was called with several bodies`] : []),
  ]);
}

function countOf(calls: readonly FoundCall[], name: string): number {
  return calls.filter(({ run, node }) => `${run} ${node}` === name).length;
}

/** What the database remembers of the runs of a round that came out wrong: for whoever looks for the reason. */
export async function storyOf(stage: Stage, runs: readonly FoundRun[]): Promise<string> {
  const { rows } = await stage.db.query(
    `select r.id, r.epoch, r.deaths, a.node_id, a.number, a.started_at, a.finished_at, a.error
     from run r left join attempt a on a.run_id = r.id where r.id = any($1::uuid[]) order by a.started_at`,
    [runs.map(({ id }) => id)],
  );
  return JSON.stringify(rows);
}

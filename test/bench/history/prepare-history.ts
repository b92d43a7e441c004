import { pool } from '#server/db/pool.ts';
import { countStats } from '#server/stats/count-stats.ts';
import { makeWorkspace } from '#test/support/people.ts';

import { fillHistory, makeHistoryFlows, type History, type HistoryFlow } from './fill-history.ts';

const DAY_MS = 86_400_000;
/** Filled with one look at the clock. */
const PART = 50_000;
const NODES = ['hook', 'map', 'post'];

export interface PreparedHistory {
  readonly workspaceId: string;
  readonly runs: number;
  readonly from: number;
  readonly to: number;
}

interface Size {
  readonly runs: number;
  readonly days: number;
  readonly flows: number;
}

/** Makes the runs that are not there yet and counts the statistics; null when the time was over before. */
export async function prepareHistory(
  size: Size,
  { forSeconds, say }: { forSeconds: number; say: (line: object) => void },
): Promise<PreparedHistory | null> {
  const begun = performance.now();
  const secondsSince = (start: number) => Math.round((performance.now() - start) / 100) / 10;
  const { workspaceId, of, to } = await findOrMake(size);
  const from = to - size.days * DAY_MS;
  const there = await countRuns();
  for (let done = there; done < size.runs; done += PART) {
    if (secondsSince(begun) > forSeconds) {
      say({ history: 'filling', runs: done, left: size.runs - done, seconds: secondsSince(begun) });
      return null;
    }
    const each = (to - from) / size.runs;
    const runs = Math.min(PART, size.runs - done);
    const part = { from: from + done * each, to: from + (done + runs) * each };
    await fillHistory(pool(), { workspaceId, flows: size.flows, nodes: NODES, of, runs, ...part });
  }
  const all = { workspaceId, flows: size.flows, nodes: NODES, of };
  await fillUpToNow(all, (to - from) / size.runs);
  const runs = await countRuns();
  say({ history: 'filled', runs, added: runs - there, seconds: secondsSince(begun) });
  await pool().query('vacuum analyze');
  const counting = performance.now();
  let parts = 1;
  while ((await countStats({ isDue: true })).isMore) parts += 1;
  await countStats({ isDue: true, isChecked: true });
  const { rows } = await pool().query<{ stats: number; megabytes: number }>(
    `select (select count(*)::int from stat) as stats,
       round(pg_total_relation_size('stat') / 1e6 + pg_total_relation_size('stat_time') / 1e6)::int as megabytes`,
  );
  say({ history: 'counted', parts, seconds: secondsSince(counting), ...rows[0] });
  await pool().query('vacuum analyze stat, stat_time');
  return { workspaceId, runs, from, to };
}

/** Runs of a kept history end when it was made: goes on as densely, so that its last hour is as full as any. */
async function fillUpToNow(
  history: Pick<History, 'workspaceId' | 'flows' | 'nodes'> & { readonly of: readonly HistoryFlow[] },
  each: number,
): Promise<void> {
  const { rows } = await pool().query<{ last: Date }>('select max(created_at) as last from run');
  const from = rows[0]!.last.getTime() + each;
  const runs = Math.floor((Date.now() - from) / each);
  if (runs > 0) await fillHistory(pool(), { ...history, runs, from, to: from + runs * each });
}

async function findOrMake({
  flows,
}: Size): Promise<{ workspaceId: string; of: readonly HistoryFlow[]; to: number }> {
  const { rows } = await pool().query<HistoryFlow & { workspaceId: string; madeAt: Date }>(
    `select flow.id, slug, v.id as "versionId", flow.workspace_id as "workspaceId", flow.created_at as "madeAt"
     from flow join flow_version v on v.flow_id = flow.id order by length(slug), slug`,
  );
  const minute = (time: number) => Math.floor(time / 60_000) * 60_000;
  const [first] = rows;
  if (first) return { workspaceId: first.workspaceId, of: rows, to: minute(first.madeAt.getTime()) };
  const workspaceId = await makeWorkspace();
  const of = await makeHistoryFlows(pool(), { workspaceId, flows });
  return { workspaceId, of, to: minute(Date.now()) };
}

async function countRuns(): Promise<number> {
  const { rows } = await pool().query<{ runs: number }>('select count(*)::int as runs from run');
  return rows[0]!.runs;
}

import { pool } from '#server/db/pool.ts';
import { countStats } from '#server/stats/count-stats.ts';
import { makeWorkspace } from '#test/support/people.ts';

import { fillHistory, makeHistoryFlows, type HistoryFlow } from './fill-history.ts';

const DAY_MS = 86_400_000;
/** Filled with one look at the clock. */
const PART = 50_000;

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
    await fillHistory(pool(), {
      workspaceId,
      flows: size.flows,
      runs,
      ...part,
      nodes: ['hook', 'map', 'post'],
      of,
    });
  }
  say({ history: 'filled', runs: await countRuns(), added: size.runs - there, seconds: secondsSince(begun) });
  await pool().query('vacuum analyze');
  const counting = performance.now();
  let parts = 1;
  while ((await countStats({ isDue: true })).isMore) parts += 1;
  const { rows } = await pool().query<{ stats: number; megabytes: number }>(
    `select (select count(*)::int from stat) as stats,
       round(pg_total_relation_size('stat') / 1e6 + pg_total_relation_size('stat_time') / 1e6)::int as megabytes`,
  );
  say({ history: 'counted', parts, seconds: secondsSince(counting), ...rows[0] });
  await pool().query('vacuum analyze stat, stat_time');
  return { workspaceId, runs: size.runs, from, to };
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

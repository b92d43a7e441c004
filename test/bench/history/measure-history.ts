import { pool } from '#server/db/pool.ts';
import { STATS_RANGE_NAMES } from '#core/stats/time-points.ts';
import { callApi } from '#test/support/call-api.ts';
import { makeApiKey } from '#test/support/people.ts';

import type { PreparedHistory } from './prepare-history.ts';

const LIMIT_MS = 100;
const DAY_MS = 86_400_000;

/** Asks the API as the pages do, each question in turn, and says how long the answers took. */
export async function measureHistory(
  history: PreparedHistory,
  { asks, say }: { asks: number; say: (line: object) => void },
): Promise<void> {
  const key = await makeApiKey(history.workspaceId, 'viewer');
  for (const [name, path] of await questions(history)) {
    const times: number[] = [];
    for (let index = 0; index < asks; index += 1) {
      const begun = performance.now();
      const { status } = await callApi(`GET ${path()}`, { key });
      times.push(performance.now() - begun);
      if (status !== 200) throw new Error(`${path()} was answered with ${status}.`);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => Math.round(times[Math.ceil(share * times.length) - 1]! * 10) / 10;
    say({
      question: name,
      runs: history.runs,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      isWithin: at(0.95) <= LIMIT_MS,
    });
  }
}

/** What is asked, by name; each asking another time or flow, where there is one. */
async function questions({ from, to }: PreparedHistory): Promise<[name: string, path: () => string][]> {
  const { rows } = await pool().query<{ id: string; created_at: Date }>(
    `select id, created_at from run where created_at < to_timestamp($1::float8 / 1000) order by created_at desc limit 1`,
    [(from + to) / 2],
  );
  const middle = rows[0]!;
  const iso = (time: number) => encodeURIComponent(new Date(time).toISOString());
  const anyTime = () => from + Math.random() * (to - from - DAY_MS);
  const anyFlow = () => `history-${1 + Math.floor(Math.random() * 20)}`;
  const day = (by: string) => () => {
    const at = anyTime();
    return `/runs?from=${iso(at)}&to=${iso(at + DAY_MS)}&by=${by}`;
  };
  const { body } = await callApi(`GET /runs?to=${iso(middle.created_at.getTime())}`, {
    key: await makeApiKey(await workspaceOf(middle.id), 'viewer'),
  });
  const ranges = STATS_RANGE_NAMES.flatMap((range): [string, () => string][] => [
    [`dashboard, ${range}`, () => `/stats?range=${range}&timezone=Europe/Berlin`],
    [`dashboard of a flow, ${range}`, () => `/stats?range=${range}&timezone=Asia/Kolkata&flow=${anyFlow()}`],
  ]);
  return [
    ['runs, newest', () => '/runs'],
    ['runs, a page in the middle', () => `/runs?to=${iso(to)}&cursor=${encodeURIComponent(body.next)}`],
    ['runs of a flow', () => `/runs?flow=${anyFlow()}`],
    ['failed runs', () => '/runs?status=failed'],
    ['failed runs of a flow', () => `/runs?status=failed&flow=${anyFlow()}`],
    ['failed and cancelled runs of a flow', () => `/runs?status=failed,cancelled&flow=${anyFlow()}`],
    ['runs in doubt (none)', () => '/runs?status=in_doubt'],
    ['runs of a day', day('accepted')],
    ['runs that ended on a day', day('ended')],
    ['failed runs of a day', () => `${day('ended')()}&status=failed`],
    ['failed runs of a flow on a day', () => `${day('ended')()}&status=failed&flow=${anyFlow()}`],
    ['a run by its id', () => `/runs?q=${middle.id}`],
    ['one run', () => `/runs/${middle.id}`],
    ['open dead letters', () => '/dead-letters?state=open'],
    ...ranges,
  ];
}

async function workspaceOf(runId: string): Promise<string> {
  const { rows } = await pool().query<{ id: string }>('select workspace_id as id from run where id = $1', [
    runId,
  ]);
  return rows[0]!.id;
}

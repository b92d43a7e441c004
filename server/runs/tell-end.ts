import type pg from 'pg';

import type { CalledRun } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { meansDatabaseAway } from '#server/ingress/database-health.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { log } from '#server/log.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { startFailureFlow } from '#server/runs/start-failure-flow.ts';
import { closeApprovals, findDueEnds, lockDueEnds, markEndsTold, type DueEnd } from '#server/sql/due-ends.ts';
import { insertSignals, type NewSignal } from '#server/sql/insert-signal.ts';
import { lockLines, wakeNextInLine } from '#server/sql/lines.ts';

/** Ends in one transaction. */
const BATCH = 50;

export interface ToldEnds {
  /** Runs that are due because of it: callers, failure flows, the next in line. */
  readonly woken: readonly string[];
  /** True when others may be due still. */
  readonly isMore: boolean;
}

/**
 * Tells what is due of the ends of runs: to the steps that called them, to the flows that deal with failures, to the runs that
 * wait for their turn, to those who were asked. All of it commits together with the mark that it is done, so that it
 * may be begun again after any crash. An end that cannot be told keeps none of the others from it.
 */
export async function tellEnds(pool: pg.Pool): Promise<ToldEnds> {
  try {
    return await tellBatch(pool, { limit: BATCH });
  } catch (error) {
    if (meansDatabaseAway(error)) throw error;
    return tellSingly(pool);
  }
}

/**
 * The same for one run whose row the client's transaction holds, and in that transaction: before the run goes on, what its end
 * leads to has been set going. The runs in `woken` are the caller's to wake (`wakeRuns`), `started` to publish after the commit.
 */
export async function tellEndIn(
  client: pg.ClientBase,
  runId: string,
): Promise<{ readonly woken: readonly string[]; readonly started: readonly RunNotice[] }> {
  return tell(client, { limit: 1, id: runId });
}

async function tellSingly(pool: pg.Pool): Promise<ToldEnds> {
  const woken: string[] = [];
  const ids = await findDueEnds(pool, BATCH);
  for (const id of ids) {
    try {
      woken.push(...(await tellBatch(pool, { limit: 1, id })).woken);
    } catch (error) {
      log.error({ err: error, part: 'worker', runId: id }, 'the end of a run could not be told');
    }
  }
  return { woken, isMore: false };
}

async function tellBatch(pool: pg.Pool, which: { limit: number; id?: string }): Promise<ToldEnds> {
  const { ends, woken, started } = await inClientTransaction((client) => tell(client, which), pool);
  if (ends > 0) crashPoint('telling.after_commit');
  publishRunChanges(started);
  await announce(pool, woken);
  return { woken, isMore: ends === which.limit && which.id === undefined };
}

async function tell(client: pg.ClientBase, which: { limit: number; id?: string }) {
  const ends = await lockDueEnds(client, which);
  const ids = ends.map(({ id }) => id);
  const started: RunNotice[] = [];
  if (ends.length === 0) return { ends: 0, woken: [], started };
  for (const end of ends) started.push(...(await startFailureFlow(client, end)));
  await closeApprovals(client, ids);
  const woken = [
    ...started.map(({ id }) => id),
    ...(await insertSignals(client, ends.flatMap(signalOf))),
    ...(await wakeNext(client, ends)),
  ];
  await markEndsTold(client, ids);
  crashPoint('telling.before_commit');
  return { ends: ends.length, woken, started };
}

function signalOf(end: DueEnd): NewSignal[] {
  const { parentRunId, parentNodeId, parentKey } = end;
  if (!end.isAwaited || parentRunId === null || parentNodeId === null) return [];
  const payload: CalledRun = {
    runId: end.id,
    status: end.status,
    output: fromStoredJson(end.output),
    error: fromStoredJson(end.error),
  };
  return [
    {
      runId: parentRunId,
      nodeId: parentNodeId,
      key: parentKey ?? '',
      payload: payload as unknown as Json,
    },
  ];
}

/** Last, since every claim of runs in line waits for it. */
async function wakeNext(client: pg.ClientBase, ends: readonly DueEnd[]): Promise<string[]> {
  const inLine = ends.filter((end) => end.concurrencyLimit !== null).map(({ id }) => id);
  if (inLine.length === 0) return [];
  await lockLines(client);
  return wakeNextInLine(client, inLine);
}

/** Only a hint, so it does not hold up the commit: workers look for due runs anyway. */
async function announce(pool: pg.Pool, woken: readonly string[]): Promise<void> {
  try {
    await wakeRuns(pool, woken);
  } catch (error) {
    log.warn(
      { err: error, part: 'worker' },
      'workers could not be woken; they will find the runs by themselves',
    );
  }
}

import type pg from 'pg';

import type { AlertFacts } from '#core/alerts/alert-words.ts';
import { ALERT_KINDS } from '#core/alerts/alert-kinds.ts';
import type { JudgedReading } from '#core/alerts/judge-reading.ts';
import type { AlertKind } from '#core/api/alerts.ts';
import { pool } from '#server/db/pool.ts';
import { readConnectionsAtRisk } from '#server/connections/list-at-risk.ts';
import {
  readAbsence,
  readDeadLetters,
  findSlowest,
  readEndedRuns,
  readErrorRates,
  readLateSchedules,
  readLedgerState,
  readQueueAges,
  type ReadingRow,
  type ReadingScope,
} from '#server/sql/alert-readings.ts';
import type { DueRule } from '#server/sql/alert-rows.ts';
import { readStats } from '#server/stats/read-stats.ts';

/** A measure of one flow, connection or the workspace, with what is known of it. */
export interface Reading extends JudgedReading {
  /** Slug; empty for the workspace. */
  readonly subject: string;
  readonly facts: AlertFacts;
}

/** What a kind of rule looks at, measured now. What is not there to measure is left out. */
export async function readKind(client: pg.ClientBase, kind: AlertKind, scope: Scope): Promise<Reading[]> {
  const rows = await READERS[kind](client, scope);
  return rows.map(({ subject, name, value, samples, message, runId, nodeId }) => ({
    ...{ subject, value, samples },
    facts: {
      name,
      flow: ALERT_KINDS[kind].isOfFlow ? subject : null,
      samples,
      windowSeconds: scope.windowSeconds,
      message: message ?? '',
      runId,
      nodeId,
    },
  }));
}

type Scope = ReadingScope & Pick<DueRule, 'threshold' | 'minimumRuns'>;

const READERS: Readonly<Record<AlertKind, (client: pg.ClientBase, scope: Scope) => Promise<ReadingRow[]>>> = {
  error_rate: readErrorRates,
  p95: runTimes,
  dead_letters: readDeadLetters,
  queue_age: readQueueAges,
  missed_schedule: readLateSchedules,
  connection: connections,
  ledger: readLedgerState,
  worker_gone: readAbsence,
};

/**
 * Seconds that 95 % of a flow's runs stay under, out of the merged histograms of the statistics; of a flow that is slow, with the slowest
 * run and step. Flows of which too few runs ended are left out.
 */
async function runTimes(client: pg.ClientBase, scope: Scope): Promise<ReadingRow[]> {
  const { workspaceId, windowSeconds, threshold, minimumRuns } = scope;
  const to = new Date();
  const from = new Date(to.getTime() - windowSeconds * 1_000);
  const rows: ReadingRow[] = [];
  for (const ended of await readEndedRuns(client, scope)) {
    const flow = ended.subject;
    if (ended.samples < minimumRuns) continue;
    const { p95 } = (await readStats(pool(), { workspaceId, flow, from, to })).runTimeMs;
    const value = (p95 ?? 0) / 1_000;
    const slowest = value < threshold ? {} : await findSlowest(client, { ...scope, flow });
    rows.push({ ...ended, value, ...slowest });
  }
  return rows;
}

/** Days until the end of each connection that is at risk, 0 where somebody is needed now. Those that a member keeps to themselves are theirs to mind. */
async function connections(client: pg.ClientBase, { workspaceId, threshold }: Scope): Promise<ReadingRow[]> {
  const found = await readConnectionsAtRisk(client, {
    ...{ workspaceId, userId: null, isAdmin: true, days: threshold },
  });
  return found.flatMap(({ slug, name, risks, flows }) => {
    const risk = risks.find(({ code }) => code !== 'pending');
    if (risk === undefined) return [];
    const left =
      risk.code === 'ends' && risk.at !== null ? (Date.parse(risk.at) - Date.now()) / 86_400_000 : 0;
    const used = flows.length === 0 ? '' : ` Used by ${flows.join(', ')}.`;
    const message = `${risk.message}${used}`;
    return [
      { subject: slug, name, value: Math.max(0, left), samples: 0, message, runId: null, nodeId: null },
    ];
  });
}

import type pg from 'pg';

import type { AlertFacts } from '#core/alerts/alert-words.ts';
import { ALERT_KINDS } from '#core/alerts/alert-kinds.ts';
import type { JudgedReading } from '#core/alerts/judge-reading.ts';
import type { AlertKind } from '#core/api/alerts.ts';
import { readConnectionsAtRisk } from '#server/connections/list-at-risk.ts';
import {
  readAbsence,
  readDeadLetters,
  readErrorRates,
  readLateSchedules,
  readLedgerState,
  readQueueAges,
  readRunTimes,
  type ReadingRow,
  type ReadingScope,
} from '#server/sql/alert-readings.ts';

/** A measure of one flow, connection or the workspace, with what is known of it. */
export interface Reading extends JudgedReading {
  /** Slug; empty for the workspace. */
  readonly subject: string;
  readonly facts: AlertFacts;
}

/** What a kind of rule looks at, measured now. What is not there to measure is left out. */
export async function readKind(
  client: pg.ClientBase,
  kind: AlertKind,
  scope: ReadingScope & { readonly threshold: number },
): Promise<Reading[]> {
  const rows = kind === 'connection' ? await connections(client, scope) : await READERS[kind](client, scope);
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

const READERS: Readonly<Record<Exclude<AlertKind, 'connection'>, typeof readErrorRates>> = {
  error_rate: readErrorRates,
  p95: readRunTimes,
  dead_letters: readDeadLetters,
  queue_age: readQueueAges,
  missed_schedule: readLateSchedules,
  ledger: readLedgerState,
  worker_gone: readAbsence,
};

/** Days until the end of each connection that is at risk, 0 where somebody is needed now. Those that a member keeps to themselves are theirs to mind. */
async function connections(
  client: pg.ClientBase,
  { workspaceId, threshold }: { readonly workspaceId: string; readonly threshold: number },
): Promise<ReadingRow[]> {
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

import { alertWords } from '#core/alerts/alert-words.ts';
import type { Alert } from '#core/api/alerts.ts';
import type { AlertRow } from '#server/sql/alert-rows.ts';

/** An alert as the API gives it. One that is over says how bad it was. */
export function toAlert(row: AlertRow): Alert {
  const { kind, threshold, facts, worst, resolvedAt } = row;
  const value = resolvedAt === null ? row.value : worst;
  return {
    ...{ id: row.id, ruleId: row.ruleId, kind, subject: row.subject, flow: facts.flow },
    ...alertWords({ kind, value, threshold, facts }),
    ...{ value: row.value, worst, threshold },
    state: resolvedAt === null ? 'open' : 'resolved',
    openedAt: row.openedAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
    ...{ runId: facts.runId, nodeId: facts.nodeId },
  };
}

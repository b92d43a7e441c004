import type pg from 'pg';

import { ALERT_KINDS } from '#core/alerts/alert-kinds.ts';
import { judgeReading } from '#core/alerts/judge-reading.ts';
import { readKind, type Reading } from '#server/alerts/read-kind.ts';
import { tellChannels } from '#server/alerts/tell-channels.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import {
  insertAlert,
  lockDueRule,
  selectOpenAlerts,
  updateAlert,
  type AlertRow,
  type DueRule,
} from '#server/sql/alert-rows.ts';

/**
 * Measures what a rule watches, opens and ends its alerts, and writes down who is to be told, all in the client's transaction.
 * Does nothing where another process has the rule, or just had.
 */
export async function lookAfterRule(client: pg.ClientBase, ruleId: string): Promise<void> {
  // One slow reading must not hold up the other rules, nor the tables.
  await client.query(`SET LOCAL statement_timeout = '20s'; SET LOCAL jit = off`);
  const rule = await lockDueRule(client, ruleId);
  if (!rule) return;
  const readings = new Map((await readKind(client, rule.kind, rule)).map((each) => [each.subject, each]));
  const open = new Map((await selectOpenAlerts(client, rule.id)).map((each) => [each.subject, each]));
  for (const subject of new Set([...readings.keys(), ...open.keys()]))
    await settle(client, rule, {
      subject,
      reading: readings.get(subject) ?? null,
      alert: open.get(subject) ?? null,
    });
}

interface Matter {
  readonly subject: string;
  readonly reading: Reading | null;
  readonly alert: AlertRow | null;
}

async function settle(
  client: pg.ClientBase,
  rule: DueRule,
  { subject, reading, alert }: Matter,
): Promise<void> {
  const { now } = rule;
  const open = alert && { calmSince: alert.calmSince?.getTime() ?? null };
  const verdict = judgeReading(rule, reading, { open, now: now.getTime() });
  if (verdict.is === 'opens' && reading) return opens(client, rule, { ...reading, subject });
  if (alert === null) return;
  if (verdict.is === 'resolves') {
    const over = { ...alert, calmSince: alert.calmSince ?? now, resolvedAt: now };
    await updateAlert(client, over);
    return tellChannels(client, rule, { event: 'resolved', alert: over, at: now });
  }
  if (verdict.is !== 'stays') return;
  if (verdict.calmSince !== null || reading === null) {
    const calmSince = verdict.calmSince === null ? null : new Date(verdict.calmSince);
    return updateAlert(client, { ...alert, calmSince });
  }
  const { value, facts } = reading;
  const worst = ALERT_KINDS[rule.kind].isFalling
    ? Math.min(alert.worst, value)
    : Math.max(alert.worst, value);
  return updateAlert(client, { ...alert, value, worst, facts, calmSince: null });
}

async function opens(
  client: pg.ClientBase,
  rule: DueRule,
  { subject, value, facts }: Reading,
): Promise<void> {
  const alert: AlertRow = {
    ...{ id: uuidv7(), workspaceId: rule.workspaceId, ruleId: rule.id, kind: rule.kind, subject },
    ...{ threshold: rule.threshold, value, worst: value, facts },
    ...{ openedAt: rule.now, calmSince: null, resolvedAt: null },
  };
  await insertAlert(client, alert);
  await tellChannels(client, rule, { event: 'opened', alert, at: rule.now });
}

import type pg from 'pg';

import type { AlertFacts } from '#core/alerts/alert-words.ts';
import type { AlertKind, QuietHours } from '#core/api/alerts.ts';

/** A rule that is looked after now, held to the end of the transaction. */
export interface DueRule {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: AlertKind;
  /** Slug of its flow; null for all. */
  readonly flow: string | null;
  readonly threshold: number;
  readonly windowSeconds: number;
  readonly minimumRuns: number;
  readonly settleSeconds: number;
  readonly groupSeconds: number;
  readonly isUrgent: boolean;
  readonly channels: readonly { readonly id: string; readonly quietHours: QuietHours | null }[];
  /** The database's. */
  readonly now: Date;
}

/** Looked after by any process within this time. */
const RECENT = "interval '9 seconds'";
const IS_DUE = `is_enabled and (checked_at is null or checked_at < clock_timestamp() - ${RECENT})`;

/** Ids of rules that are due, those that have waited longest first. */
export async function selectDueRules(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from alert_rule where ${IS_DUE} order by checked_at nulls first, id`,
  );
  return rows.map(({ id }) => id);
}

/** Takes a rule on, to the end of the transaction; undefined where another process has it, or just had. */
export async function lockDueRule(client: pg.ClientBase, id: string): Promise<DueRule | undefined> {
  const { rows } = await client.query<DueRule>(
    `with taken as (
       select id from alert_rule where id = $1 and ${IS_DUE} for no key update skip locked),
     marked as (
       update alert_rule set checked_at = clock_timestamp() from taken where alert_rule.id = taken.id returning alert_rule.*)
     select r.id, r.workspace_id as "workspaceId", r.kind, flow.slug as flow, r.threshold, r.window_seconds as "windowSeconds",
       r.minimum_runs as "minimumRuns", r.settle_seconds as "settleSeconds", r.group_seconds as "groupSeconds",
       r.is_urgent as "isUrgent", clock_timestamp() as now,
       coalesce((select json_agg(json_build_object('id', c.id, 'quietHours', c.quiet_hours) order by c.id)
         from alert_rule_channel rc join alert_channel c on c.id = rc.channel_id where rc.rule_id = r.id), '[]') as channels
     from marked r left join flow on flow.id = r.flow_id`,
    [id],
  );
  return rows[0];
}

export interface AlertRow {
  readonly id: string;
  readonly workspaceId: string;
  readonly ruleId: string | null;
  readonly kind: AlertKind;
  readonly subject: string;
  readonly threshold: number;
  readonly value: number;
  readonly worst: number;
  readonly facts: AlertFacts;
  readonly openedAt: Date;
  readonly calmSince: Date | null;
  readonly resolvedAt: Date | null;
}

const COLUMNS = `id, workspace_id as "workspaceId", rule_id as "ruleId", kind, subject, threshold, value, worst, facts,
  opened_at as "openedAt", calm_since as "calmSince", resolved_at as "resolvedAt"`;

export async function selectOpenAlerts(client: pg.ClientBase, ruleId: string): Promise<AlertRow[]> {
  const { rows } = await client.query<AlertRow>(
    `select ${COLUMNS} from alert where rule_id = $1 and resolved_at is null for no key update`,
    [ruleId],
  );
  return rows;
}

export async function insertAlert(client: pg.ClientBase, row: AlertRow): Promise<void> {
  await client.query(
    `insert into alert (id, workspace_id, rule_id, kind, subject, threshold, value, worst, facts, opened_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[row.id, row.workspaceId, row.ruleId, row.kind, row.subject, row.threshold, row.value, row.worst],
      ...[JSON.stringify(row.facts), row.openedAt],
    ],
  );
}

export async function updateAlert(client: pg.ClientBase, row: AlertRow): Promise<void> {
  await client.query(
    `update alert set value = $2, worst = $3, facts = $4, calm_since = $5, resolved_at = $6 where id = $1`,
    [row.id, row.value, row.worst, JSON.stringify(row.facts), row.calmSince, row.resolvedAt],
  );
}

/** A page of alerts, those opened last first. */
export async function selectAlerts(
  pool: pg.Pool,
  query: {
    readonly workspaceId: string;
    readonly state: 'open' | 'resolved' | 'all';
    readonly after: string | undefined;
    readonly limit: number;
  },
): Promise<AlertRow[]> {
  const { rows } = await pool.query<AlertRow>(
    `select ${COLUMNS} from alert
     where workspace_id = $1 and ($2 = 'all' or ($2 = 'open') = (resolved_at is null)) and ($3::uuid is null or id < $3)
     order by id desc limit $4`,
    [query.workspaceId, query.state, query.after, query.limit],
  );
  return rows;
}

/** Ends the alerts whose rule went with its flow. */
export async function endOrphanedAlerts(pool: pg.Pool): Promise<void> {
  await pool.query(
    'update alert set resolved_at = clock_timestamp() where rule_id is null and resolved_at is null',
  );
}

/** Alerts that are over, and notices, are kept for so long. */
const KEPT = "interval '90 days'";

export async function forgetOldAlerts(pool: pg.Pool): Promise<void> {
  await pool.query(`delete from alert where resolved_at < now() - ${KEPT}`);
  await pool.query(`delete from alert_notice where next_attempt_at is null and created_at < now() - ${KEPT}`);
}

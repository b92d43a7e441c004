import type pg from 'pg';

import type { Role } from '#core/api/common.ts';
import type { StepStatus } from '#core/api/runs.ts';

type Db = pg.ClientBase | pg.Pool;

export interface NewApproval {
  readonly id: string;
  readonly workspaceId: string;
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly question: string;
  readonly approvers: { readonly emails: readonly string[]; readonly role: Role | null };
  readonly expiresAt: Date | null;
  readonly isReminded: boolean;
}

export interface InsertedApproval {
  readonly id: string;
  readonly workspaceId: string;
  readonly flowName: string;
  readonly question: string;
  readonly expiresAt: Date | null;
}

/**
 * Stores the question of a step; undefined when the step has asked before, or its run is gone. The reminder is due at half
 * time, or after a day where nothing expires.
 */
export async function insertApproval(
  client: pg.ClientBase,
  approval: NewApproval,
): Promise<InsertedApproval | undefined> {
  const { rows } = await client.query<InsertedApproval>(
    `insert into approval (id, workspace_id, run_id, node_id, key, flow_slug, question, approvers, expires_at, remind_at)
     select $1, r.workspace_id, r.id, $3, $4, r.flow_slug, $5, $6, $7::timestamptz,
       case when $8 then case when $7 is null then now() + interval '1 day' else now() + ($7 - now()) / 2 end end
     from run r where r.id = $2 and r.workspace_id = $9
     on conflict (run_id, node_id, key) do nothing
     returning id, workspace_id as "workspaceId", question, expires_at as "expiresAt",
       (select flow_name from run where run.id = run_id) as "flowName"`,
    [
      approval.id,
      approval.runId,
      approval.nodeId,
      approval.key,
      // Postgres's text holds neither.
      approval.question.replaceAll('\0', '\uFFFD').toWellFormed(),
      JSON.stringify(approval.approvers),
      approval.expiresAt,
      approval.isReminded,
      approval.workspaceId,
    ],
  );
  return rows[0];
}

export async function findApprovalOf(
  db: Db,
  step: { readonly runId: string; readonly nodeId: string; readonly key: string },
): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    'select id from approval where run_id = $1 and node_id = $2 and key = $3',
    [step.runId, step.nodeId, step.key],
  );
  return rows[0]?.id;
}

/** The addresses of those who are asked; for a role, of the members with it, else with the next higher one that somebody has. */
export async function readRecipients(
  db: Db,
  approval: Pick<NewApproval, 'workspaceId' | 'approvers'>,
): Promise<string[]> {
  const { emails, role } = approval.approvers;
  if (role === null) return [...emails];
  const { rows } = await db.query<{ email: string }>(
    `with able as (
       select u.email, m.role from membership m join "user" u on u.id = m.user_id
       where m.workspace_id = $1 and m.role <= $2::role and u.disabled_at is null)
     select email from able where role = (select max(role) from able) order by email`,
    [approval.workspaceId, role],
  );
  return rows.map(({ email }) => email);
}

export async function insertLinks(
  client: pg.ClientBase,
  approvalId: string,
  links: readonly { readonly id: string; readonly email: string; readonly tokenHash: Buffer }[],
): Promise<void> {
  if (links.length === 0) return;
  await client.query(
    `insert into approval_link (id, approval_id, email, token_hash)
     select l.id, $1, l.email, l.hash from unnest($2::uuid[], $3::text[], $4::bytea[]) as l (id, email, hash)`,
    [
      approvalId,
      links.map(({ id }) => id),
      links.map(({ email }) => email),
      links.map(({ tokenHash }) => tokenHash),
    ],
  );
}

/** An approval, held to the end of the transaction, with what its run has come to. */
export interface LockedApproval {
  readonly id: string;
  readonly workspaceId: string;
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly flowSlug: string;
  readonly question: string;
  readonly approvers: unknown;
  readonly decision: ApprovalOutcome | null;
  readonly decidedAt: Date | null;
  readonly decidedByName: string | null;
  readonly comment: string | null;
  /** By the clock of the database, once the row was held. */
  readonly isExpired: boolean;
  /** The run, or the step alone, goes on without an answer. */
  readonly isOver: boolean;
}

export type ApprovalOutcome = 'approved' | 'rejected' | 'expired' | 'cancelled';

/** A step that is settled waits for no answer. */
export const SETTLED: readonly StepStatus[] = ['succeeded', 'failed', 'skipped', 'cancelled'];

/**
 * The row decides every race: of two people, of a person and the clock. Its run is held first, as by whoever tells the run's end.
 * Undefined when there is no such approval.
 */
export async function lockApproval(client: pg.ClientBase, id: string): Promise<LockedApproval | undefined> {
  // Statements of their own: what the last reads is read after both rows are held.
  await client.query(
    'select from run where id = (select run_id from approval where id = $1) for no key update',
    [id],
  );
  const { rowCount } = await client.query('select from approval where id = $1 for update', [id]);
  if (rowCount !== 1) return undefined;
  const { rows } = await client.query<LockedApproval>(
    `select a.id, a.workspace_id as "workspaceId", a.run_id as "runId", a.node_id as "nodeId", a.key,
       a.flow_slug as "flowSlug", a.question, a.approvers, a.decision, a.decided_at as "decidedAt",
       a.decided_by_name as "decidedByName", a.comment,
       coalesce(a.expires_at <= clock_timestamp(), false) as "isExpired",
       r.finished_at is not null or coalesce(s.status = any($2::step_status[]), false) as "isOver"
     from approval a join run r on r.id = a.run_id
     left join step s on s.run_id = a.run_id and s.node_id = a.node_id and s.key = a.key
     where a.id = $1`,
    [id, SETTLED],
  );
  return rows[0];
}

/** Closes an approval that is held and open. Resolves to the time that it has now. */
export async function closeApproval(
  client: pg.ClientBase,
  id: string,
  close: {
    readonly decision: ApprovalOutcome;
    readonly by?: string;
    readonly byName?: string;
    readonly comment?: string | null;
  },
): Promise<Date> {
  const { rows } = await client.query<{ at: Date }>(
    `update approval set decision = $2, decided_at = clock_timestamp(), decided_by = $3, decided_by_name = $4, comment = $5,
       remind_at = null
     where id = $1 returning decided_at as at`,
    [id, close.decision, close.by ?? null, close.byName ?? null, close.comment ?? null],
  );
  const row = rows[0];
  if (!row) throw new Error('An approval that was held is gone.');
  return row.at;
}

/** Where a link leads. */
export interface FoundLink {
  readonly linkId: string;
  readonly approvalId: string;
  readonly workspaceId: string;
  readonly email: string;
}

export async function findLink(db: Db, tokenHash: Buffer): Promise<FoundLink | undefined> {
  const { rows } = await db.query<FoundLink>(
    `select l.id as "linkId", l.approval_id as "approvalId", l.email, a.workspace_id as "workspaceId"
     from approval_link l join approval a on a.id = l.approval_id where l.token_hash = $1`,
    [tokenHash],
  );
  return rows[0];
}

export async function markLinkUsed(client: pg.ClientBase, linkId: string): Promise<void> {
  await client.query('update approval_link set used_at = now() where id = $1', [linkId]);
}

export interface DueReminder extends InsertedApproval {
  readonly approvers: unknown;
}

/** Takes the approvals whose reminder is due, for this transaction; each is reminded of once. */
export async function takeReminders(client: pg.ClientBase, limit: number): Promise<DueReminder[]> {
  const { rows } = await client.query<DueReminder>(
    `with due as (
       select id from approval where remind_at <= now() and decision is null
       order by remind_at limit $1 for update skip locked)
     update approval a set remind_at = null from due, run r where a.id = due.id and r.id = a.run_id
     returning a.id, a.workspace_id as "workspaceId", a.question, a.expires_at as "expiresAt", a.approvers,
       r.flow_name as "flowName"`,
    [limit],
  );
  return rows;
}

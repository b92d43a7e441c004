import { pool } from '#server/db/pool.ts';
import { SETTLED, type ApprovalOutcome } from '#server/sql/approvals.ts';

export interface ApprovalRow {
  readonly id: string;
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly flowSlug: string;
  readonly flowName: string;
  readonly question: string;
  readonly approvers: unknown;
  readonly createdAt: Date;
  /** To the microsecond, which a Date cannot hold and a cursor needs. */
  readonly createdAtExact: string;
  readonly expiresAt: Date | null;
  readonly decision: ApprovalOutcome | null;
  readonly decidedAt: Date | null;
  readonly decidedByName: string | null;
  readonly comment: string | null;
}

export interface ApprovalFilter {
  readonly workspaceId: string;
  readonly id?: string;
  readonly isOpen?: boolean;
  readonly flow?: string;
  readonly runId?: string;
  readonly after?: { readonly createdAt: string; readonly id: string };
  readonly limit: number;
}

/**
 * Approvals of a workspace, newest first. One whose run or step goes on without it, or whose time is up, counts as closed,
 * whether or not that is written down yet.
 */
export async function selectApprovals(filter: ApprovalFilter): Promise<ApprovalRow[]> {
  const { rows } = await pool().query<ApprovalRow>(SELECT, [
    filter.workspaceId,
    filter.id,
    filter.isOpen,
    filter.flow,
    filter.runId,
    filter.after?.createdAt,
    filter.after?.id,
    filter.limit,
    SETTLED,
  ]);
  return rows;
}

const DECISION = `coalesce(a.decision, case
  when r.finished_at is not null or s.status = any($9::step_status[]) then 'cancelled'
  when a.expires_at <= now() then 'expired' end)`;

const SELECT = `
  select a.id, a.run_id as "runId", a.node_id as "nodeId", a.key, a.flow_slug as "flowSlug", r.flow_name as "flowName",
    a.question, a.approvers, a.created_at as "createdAt", a.expires_at as "expiresAt", ${DECISION} as decision,
    a.decided_at as "decidedAt", a.decided_by_name as "decidedByName", a.comment,
    to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "createdAtExact"
  from approval a join run r on r.id = a.run_id
  left join step s on s.run_id = a.run_id and s.node_id = a.node_id and s.key = a.key
  where a.workspace_id = $1
    and ($2::uuid is null or a.id = $2)
    and ($3::boolean is null or case when $3 then a.decision is null and ${DECISION} is null else ${DECISION} is not null end)
    and ($4::text is null or a.flow_slug = $4)
    and ($5::uuid is null or a.run_id = $5)
    and ($6::timestamptz is null or (a.created_at, a.id) < ($6::timestamptz, $7::uuid))
  order by a.created_at desc, a.id desc limit $8`;

import type pg from 'pg';

/** A schedule whose time has come, with the version that its runs are pinned to. */
export interface DueSchedule {
  readonly flowId: string;
  readonly workspaceId: string;
  readonly slug: string;
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
  readonly missed: string;
  readonly nextAt: Date;
  readonly versionId: string;
  readonly versionNumber: number;
  readonly document: unknown;
}

/** One look at an index; says whether the transaction is worth it. */
export async function isAnyScheduleDue(pool: pg.Pool, now: Date): Promise<boolean> {
  const { rows } = await pool.query<{ due: boolean }>({
    name: 'schedule_due',
    text: 'SELECT EXISTS (SELECT FROM schedule WHERE next_at <= $1) AS due',
    values: [now],
  });
  return rows[0]?.due === true;
}

/**
 * Takes due schedules, the longest due first, and holds them and their flows until the transaction ends. Those that another
 * worker holds, or that are being published just now, are passed over.
 */
export async function takeDueSchedules(
  client: pg.ClientBase,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<DueSchedule[]> {
  const { rows } = await client.query<DueSchedule>({
    name: 'schedule_take',
    text: `SELECT s.flow_id AS "flowId", s.workspace_id AS "workspaceId", f.slug, f.name, s.cron, s.timezone, s.missed,
        s.next_at AS "nextAt", v.id AS "versionId", v.number AS "versionNumber", v.document
      FROM schedule s
      JOIN flow f ON f.id = s.flow_id
      JOIN flow_version v ON v.flow_id = f.id AND v.number = f.published_version
      WHERE s.next_at <= $1
      ORDER BY s.next_at, s.flow_id
      LIMIT $2
      FOR KEY SHARE OF f SKIP LOCKED FOR UPDATE OF s SKIP LOCKED`,
    values: [now, limit],
  });
  return rows;
}

/** Sets the next planned tick. */
export async function moveSchedules(
  client: pg.ClientBase,
  moves: readonly { readonly flowId: string; readonly nextAt: Date }[],
): Promise<void> {
  await client.query({
    name: 'schedule_move',
    text: `UPDATE schedule SET next_at = moved.next_at
      FROM unnest($1::uuid[], $2::timestamptz[]) AS moved (flow_id, next_at) WHERE schedule.flow_id = moved.flow_id`,
    values: [moves.map(({ flowId }) => flowId), moves.map(({ nextAt }) => nextAt)],
  });
}

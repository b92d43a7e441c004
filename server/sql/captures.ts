import type pg from 'pg';

/** A capture that something became of, and the open flow to tell it to. */
export interface ChangedCapture {
  readonly id: string;
  readonly workspaceId: string;
  readonly flow: string;
}

const IS_WAITING = 'capture.event IS NULL AND capture.expires_at > now()';

/** The ids of the flows whose next event somebody waits for. */
export async function selectAwaitedFlows(db: pg.Pool): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ flow_id: string }>({
    name: 'captures_awaited',
    text: `SELECT DISTINCT flow_id FROM capture WHERE ${IS_WAITING}`,
  });
  return new Set(rows.map((row) => row.flow_id));
}

/**
 * Gives an event to everybody who waits for one of the flow. With `onlyFor`, to that user alone. The event is JSON text that json
 * takes.
 */
export async function fillCaptures(
  db: pg.Pool,
  event: {
    readonly flowId: string;
    readonly event: string;
    readonly runId: string | null;
    readonly onlyFor: string | null;
  },
): Promise<readonly ChangedCapture[]> {
  const { rows } = await db.query<ChangedCapture>({
    name: 'captures_fill',
    text: `UPDATE capture SET event = $2::json, run_id = $3, refusal = NULL FROM flow
      WHERE capture.flow_id = $1 AND flow.id = capture.flow_id AND ${IS_WAITING} AND ($4::uuid IS NULL OR capture.user_id = $4)
      RETURNING capture.id, capture.workspace_id AS "workspaceId", flow.slug AS flow`,
    values: [event.flowId, event.event, event.runId, event.onlyFor],
  });
  return rows;
}

/** Tells everybody who waits for an event of the flow that one was not taken. */
export async function noteRefusal(
  db: pg.Pool,
  refused: { readonly flowId: string; readonly refusal: string },
): Promise<readonly ChangedCapture[]> {
  const { rows } = await db.query<ChangedCapture>({
    name: 'captures_refuse',
    text: `UPDATE capture SET refusal = $2::json FROM flow
      WHERE capture.flow_id = $1 AND flow.id = capture.flow_id AND ${IS_WAITING}
      RETURNING capture.id, capture.workspace_id AS "workspaceId", flow.slug AS flow`,
    values: [refused.flowId, refused.refusal],
  });
  return rows;
}

/** Events that nobody took, and waits that ended without one. */
export async function forgetCaptures(db: pg.Pool): Promise<void> {
  await db.query({
    name: 'captures_forget',
    text: "DELETE FROM capture WHERE expires_at < now() - interval '10 minutes'",
  });
}

import type pg from 'pg';

import type { RunStatus } from '#core/api/runs.ts';
import type { JsonObject } from '#core/json.ts';
import type { StepRef } from '#core/plan.ts';
import type { RecordedStep } from '#core/replay/recorded-step.ts';
import type { StepError } from '#core/step-failure.ts';
import { fromStoredJson, toStoredJson } from '#server/journal/stored-json.ts';

/** A run that is asked to go on, held to the end of the transaction. */
export interface ResumableRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly flow: string;
  readonly status: RunStatus;
  readonly error: (StepError & { readonly nodeId?: string }) | null;
  readonly compensation: string | null;
  readonly isEndDue: boolean;
  readonly overrides: JsonObject | null;
  readonly versionNumber: number | null;
  readonly document: unknown;
}

const LOCK = `
SELECT r.id, r.workspace_id AS "workspaceId", r.flow_slug AS flow, r.status::text AS status, r.error, r.compensation,
  r.is_end_due AS "isEndDue", r.overrides, r.version_number AS "versionNumber", v.document
FROM run r JOIN flow_version v ON v.id = r.flow_version_id
WHERE r.id = $1 AND r.workspace_id = $2`;

/** Undefined when the workspace has no such run. */
export async function lockResumable(
  client: pg.ClientBase,
  target: { readonly runId: string; readonly workspaceId: string },
): Promise<ResumableRun | undefined> {
  const values = [target.runId, target.workspaceId];
  const { rows } = await client.query<ResumableRun>(`${LOCK} FOR NO KEY UPDATE OF r`, values);
  const row = rows[0];
  return row && { ...row, overrides: fromStoredJson(row.overrides) as JsonObject | null };
}

/** The run's journal without what its steps were given and made. */
export async function selectRecordedSteps(client: pg.ClientBase, runId: string): Promise<RecordedStep[]> {
  const { rows } = await client.query<RecordedStep>(
    `SELECT node_id AS "nodeId", key, status::text AS status, ports, attempts,
       CASE WHEN error IS NOT NULL THEN jsonb_build_object('kind', error -> 'kind', 'code', error -> 'code') END AS error,
       coalesce(json_typeof(input) = 'object' AND input ->> 'onItemError' = 'continue', false) AS "outlivesItems"
     FROM step WHERE run_id = $1`,
    [runId],
  );
  return rows;
}

/** The steps get another attempt, due now; the retry law counts anew from here. */
export async function rearmSteps(
  client: pg.ClientBase,
  runId: string,
  steps: readonly StepRef[],
): Promise<void> {
  await client.query(
    `UPDATE step SET status = 'waiting', ports = '{}', output = NULL, finished_at = NULL, next_attempt_at = now(),
       waiting_for = 'retry', state = NULL, attempts_before = attempts
     FROM unnest($2::text[], $3::text[]) AS again (node_id, key)
     WHERE run_id = $1 AND step.node_id = again.node_id AND step.key = again.key`,
    [runId, ...columns(steps)],
  );
}

/** The loops are under way again. */
export async function reopenLoops(
  client: pg.ClientBase,
  runId: string,
  loops: readonly StepRef[],
): Promise<void> {
  await client.query(
    `UPDATE step SET status = 'running', ports = '{}', output = NULL, error = NULL, finished_at = NULL, next_attempt_at = NULL,
       waiting_for = NULL, state = NULL, attempts_before = attempts
     FROM unnest($2::text[], $3::text[]) AS again (node_id, key)
     WHERE run_id = $1 AND step.node_id = again.node_id AND step.key = again.key`,
    [runId, ...columns(loops)],
  );
}

/** The calls wait for a person who says whether they happened. */
export async function doubtSteps(
  client: pg.ClientBase,
  runId: string,
  given: { readonly steps: readonly StepRef[]; readonly error: StepError },
): Promise<void> {
  await client.query(
    `UPDATE step SET status = 'in_doubt', error = $4, finished_at = NULL
     FROM unnest($2::text[], $3::text[]) AS doubtful (node_id, key)
     WHERE run_id = $1 AND step.node_id = doubtful.node_id AND step.key = doubtful.key`,
    [runId, ...columns(given.steps), JSON.stringify(given.error)],
  );
}

/** Questions that the run's end closed are forgotten: their steps ask anew. What was decided stays. */
export async function forgetClosedQuestions(
  client: pg.ClientBase,
  runId: string,
  steps: readonly StepRef[],
): Promise<void> {
  await client.query(
    `DELETE FROM approval USING unnest($2::text[], $3::text[]) AS again (node_id, key)
     WHERE run_id = $1 AND approval.node_id = again.node_id AND approval.key = again.key AND decision = 'cancelled'`,
    [runId, ...columns(steps)],
  );
}

/** A run that one of the steps called and waits for. */
export interface AwaitedCall {
  readonly runId: string;
  readonly nodeId: string;
  readonly key: string;
  readonly status: RunStatus;
}

/** The runs that these steps wait for. */
export async function selectAwaited(
  client: pg.ClientBase,
  runId: string,
  steps: readonly StepRef[],
): Promise<AwaitedCall[]> {
  const { rows } = await client.query<AwaitedCall>(
    `SELECT id AS "runId", again.node_id AS "nodeId", again.key, status::text AS status
     FROM unnest($2::text[], $3::text[]) AS again (node_id, key)
     JOIN run ON parent_run_id = $1 AND parent_node_id = again.node_id AND parent_key = again.key
     WHERE is_awaited ORDER BY id`,
    [runId, ...columns(steps)],
  );
  return rows;
}

/** What the steps were told is forgotten; they are told anew. */
export async function forgetSignals(
  client: pg.ClientBase,
  runId: string,
  steps: readonly StepRef[],
): Promise<void> {
  await client.query(
    `DELETE FROM signal USING unnest($2::text[], $3::text[]) AS again (node_id, key)
     WHERE run_id = $1 AND signal.node_id = again.node_id AND signal.key = again.key`,
    [runId, ...columns(steps)],
  );
}

/** Has the end of a run told once more. */
export async function tellEndAgain(client: pg.ClientBase, runId: string): Promise<void> {
  await client.query('UPDATE run SET is_end_due = true WHERE id = $1 AND finished_at IS NOT NULL', [runId]);
}

/** The run goes on: due now, under a new epoch, its time counted anew; its dead letter is dealt with. */
export async function reopenRun(
  client: pg.ClientBase,
  run: { readonly id: string; readonly overrides: JsonObject | null },
): Promise<void> {
  await client.query(
    `WITH reopened AS (
       UPDATE run SET status = 'queued', wake_at = now(), epoch = epoch + 1, deaths = 0, error = NULL, finished_at = NULL,
         resumes = resumes + 1, resumed_at = now(), overrides = $2, cancel_requested_at = NULL,
         is_back_in_line = concurrency_limit IS NOT NULL
       WHERE id = $1)
     UPDATE dead_letter SET redriven_at = now(), discarded_at = NULL, discard_reason = NULL WHERE run_id = $1`,
    [run.id, run.overrides && toStoredJson(run.overrides)],
  );
}

function columns(steps: readonly StepRef[]): [string[], string[]] {
  return [steps.map(({ nodeId }) => nodeId), steps.map(({ key }) => key)];
}

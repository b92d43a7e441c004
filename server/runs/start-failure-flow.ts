import type pg from 'pg';

import type { Json, JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import { crashPoint } from '#server/crash-point.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { env } from '#server/env.ts';
import { fromStoredJson } from '#server/journal/stored-json.ts';
import type { RunNotice } from '#server/live/channel.ts';
import { log } from '#server/log.ts';
import { MAX_CALL_DEPTH } from '#server/runs/call-flow.ts';
import { keysOfEvent } from '#server/runs/keys-of-event.ts';
import { findStartable, type StartableFlow } from '#server/runs/find-startable.ts';
import { manualEvent } from '#server/runs/manual-event.ts';
import { triggerValue, type TriggerEvent } from '#server/runs/trigger-value.ts';
import { readFlowsAbove } from '#server/sql/called-runs.ts';
import type { DueEnd } from '#server/sql/due-ends.ts';
import { holdFlow } from '#server/sql/hold-flow.ts';
import { insertRun } from '#server/sql/insert-run.ts';

/** Larger inputs are left out of the summary; the run has them. */
const MAX_INPUT_BYTES = 1_048_576;

/**
 * Starts the flow that a failed run's version names for its failures (`settings.onFailure`), once for each failed run, with
 * `{ run, error, input }`. A flow that stands above the run already, by calls or by failures, is not started again: no
 * failure can go round in a circle. What keeps the flow from being started goes to the log and the audit trail and
 * stops nothing else. Resolves to the started run, if there is one.
 */
export async function startFailureFlow(client: pg.ClientBase, end: DueEnd): Promise<RunNotice[]> {
  if (end.status !== 'failed' || end.onFailure === null) return [];
  try {
    const target = await findStartable(client, end.workspaceId, end.onFailure);
    await refuseCircle(client, end, target);
    return await start(client, end, target);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    await note(client, end, error.error.message);
    return [];
  }
}

async function start(client: pg.ClientBase, end: DueEnd, target: StartableFlow): Promise<RunNotice[]> {
  if (!(await holdFlow(client, target.flow.id))) return [];
  const { slug } = target.flow;
  const { workspaceId } = end;
  const runId = uuidv7();
  const event = manualEvent(target.trigger, await summaryOf(client, end));
  const isNew = await insertRun(client, {
    ...target,
    runId,
    eventId: uuidv7(),
    workspaceId,
    kind: 'failure',
    event,
    failureOf: end.id,
    failureRound: end.resumes,
    callDepth: end.callDepth + 1,
    ...(await keysOfEvent(target.document, event, { slug, version: target.version.number })),
  });
  crashPoint('failure_flow.before_commit');
  return isNew ? [{ id: runId, workspaceId, flow: slug, status: 'queued' }] : [];
}

async function refuseCircle(client: pg.ClientBase, end: DueEnd, { flow }: StartableFlow): Promise<void> {
  const above = await readFlowsAbove(client, end.id);
  if (above.includes(flow.id))
    throw refusal(`A run of “${flow.slug}” led to this failure, so starting it again could go on for ever.`);
  if (end.callDepth >= MAX_CALL_DEPTH)
    throw refusal(`${MAX_CALL_DEPTH} runs stand above the failed one already.`);
}

/** What the flow begins with. */
async function summaryOf(client: pg.ClientBase, end: DueEnd): Promise<JsonObject> {
  return {
    run: {
      id: end.id,
      flow: end.flowSlug,
      version: end.versionNumber,
      startedAt: end.startedAt?.toISOString() ?? null,
      finishedAt: end.finishedAt.toISOString(),
      url: `${env().publicUrl}/runs/${end.id}`,
    },
    error: fromStoredJson(end.error),
    ...(await inputOf(client, end.eventId)),
  };
}

async function inputOf(
  client: pg.ClientBase,
  eventId: string | null,
): Promise<{ input: Json; inputOmitted?: true }> {
  const { rows } = await client.query<TriggerEvent>({
    name: 'read_event',
    text: `select method, query, headers, body, content_type as "contentType", received_at as "receivedAt"
      from event where id = $1 and length(body) <= $2`,
    values: [eventId, MAX_INPUT_BYTES],
  });
  if (rows[0]) return { input: triggerValue(rows[0])['body'] ?? null };
  return eventId === null ? { input: null } : { input: null, inputOmitted: true };
}

async function note(client: pg.ClientBase, end: DueEnd, reason: string): Promise<void> {
  log.warn(
    { part: 'worker', runId: end.id, flow: end.flowSlug, onFailure: end.onFailure, reason },
    'a failure flow was not started',
  );
  const actor = { kind: 'system', name: 'Patchbay', workspaceId: end.workspaceId, address: '' } as const;
  await insertAudit(client, actor, {
    action: 'run.failure_flow_skipped',
    resource: `run:${end.id}`,
    detail: { flow: end.flowSlug, onFailure: end.onFailure, reason },
  });
}

function refusal(message: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code: 'failure_in_circle', message });
}

import type pg from 'pg';

import type { ResolveRequest, RetryNowRequest } from '#core/api/replay.ts';
import type { Run } from '#core/api/runs.ts';
import { HURRIED_WAITS } from '#core/api/words.ts';
import type { JsonObject } from '#core/json.ts';
import type { StepRef } from '#core/plan.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { invalidAt } from '#server/flows/faults-problem.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { ProblemError } from '#server/problem.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import { readRun } from '#server/runs/read-run.ts';
import { noRun, runId } from '#server/runs/run-id.ts';
import {
  insertOrders,
  lockOrderable,
  selectOrderable,
  type OrderableRun,
  type OrderKind,
} from '#server/sql/step-orders.ts';

/**
 * Settles a step in doubt: it happened (`done`, with its output), or it is done again under the same key (`retry`). Throws 404, and
 * 409 when the run is over or the step is not in doubt, or not any more.
 */
export async function resolveStep(actor: Actor, id: string, request: ResolveRequest): Promise<Run> {
  const { nodeId, key, as, output } = request;
  if (as === 'retry' && output !== undefined)
    throw invalidAt(
      '/output',
      'not_for_retry',
      'A step that is done again makes its own output: leave this out.',
    );
  return order(actor, id, {
    kind: as,
    find: (client, run) => selectOrderable(client, run, { status: 'in_doubt', nodeId, key }),
    refusal: `The step “${nodeId}${key && ` [${key}]`}” is not in doubt, or somebody has settled it just now.`,
    action: 'run.resolve',
    detail: { nodeId, key, as },
    ...(as === 'done' && { output: output ?? null }),
  });
}

/** Makes steps that wait for their next attempt due at once. Throws 404, and 409 when the run is over or none of them waits. */
export async function retryStepsNow(actor: Actor, id: string, request: RetryNowRequest): Promise<Run> {
  const which = {
    ...(request.nodeId !== undefined && { nodeId: request.nodeId }),
    ...(request.key !== undefined && { key: request.key }),
  };
  return order(actor, id, {
    kind: 'retry_now',
    find: (client, run) =>
      selectOrderable(client, run, { status: 'waiting', waitingFor: HURRIED_WAITS, ...which }),
    refusal: 'No such step waits for its next attempt, or it is being made just now.',
    action: 'run.retry_now',
    detail: which,
  });
}

interface Order {
  readonly kind: OrderKind;
  /** The steps that it is about. */
  readonly find: (client: pg.ClientBase, runId: string) => Promise<StepRef[]>;
  /** Why it cannot be given when there are none. */
  readonly refusal: string;
  readonly action: 'run.resolve' | 'run.retry_now';
  readonly detail: JsonObject;
  readonly output?: ResolveRequest['output'];
}

async function order(actor: Actor, id: string, order: Order): Promise<Run> {
  const target = { runId: runId(id), workspaceId: actor.workspaceId };
  await queueReady();
  const { flow, status } = await inClientTransaction(async (client) => {
    const run = await lockOrderable(client, target);
    if (!run) throw noRun(id);
    if (run.isOver) throw isOver(run);
    const steps = await order.find(client, target.runId);
    if (steps.length === 0) throw nothingToOrder(order.refusal);
    const isDue = await insertOrders(client, target.runId, { ...order, steps });
    await insertAudit(client, actor, {
      action: order.action,
      resource: `run:${target.runId}`,
      detail: { flow: run.flow, ...order.detail },
    });
    if (isDue) await wakeRuns(client, [target.runId]);
    crashPoint('order.before_commit');
    return run;
  });
  crashPoint('order.after_commit');
  publishRunChanges([{ id: target.runId, workspaceId: actor.workspaceId, flow, status }]);
  return readRun(actor.workspaceId, target.runId);
}

function isOver({ status }: OrderableRun): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'run_ended',
    title: 'The run has ended',
    detail: `The run has ended already (${status}).${status === 'failed' ? ' Resume it first.' : ''}`,
  });
}

function nothingToOrder(detail: string): ProblemError {
  return new ProblemError({ status: 409, code: 'nothing_to_do', title: 'There is nothing to do', detail });
}

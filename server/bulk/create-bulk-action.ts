import type { BulkAction, BulkActionRequest, BulkPreview } from '#core/api/bulk-actions.ts';
import { checkExpression } from '#core/expression.ts';
import type { JsonObject } from '#core/json.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { bulkSelectionOf } from '#server/bulk/bulk-selection-of.ts';
import { readBulkAction } from '#server/bulk/read-bulk-action.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { uuidv7 } from '#server/db/uuid.ts';
import { toStoredJson } from '#server/journal/stored-json.ts';
import { ProblemError } from '#server/problem.ts';
import { insertBulkAction, previewSelection } from '#server/sql/bulk-selection.ts';

/** How many runs a bulk action would take; starts nothing. */
export async function previewBulkAction(actor: Actor, request: BulkActionRequest): Promise<BulkPreview> {
  checkReplay(request);
  return previewSelection(await bulkSelectionOf(actor.workspaceId, request), request.limit);
}

/**
 * Makes a bulk action: its items are fixed now, workers carry it out. Throws 400 for a replay whose expression cannot run.
 */
export async function createBulkAction(actor: Actor, request: BulkActionRequest): Promise<BulkAction> {
  checkReplay(request);
  const id = uuidv7();
  const { kind, filter, limit, ratePerSecond, sampleSize } = request;
  const options = optionsOf(request);
  const selection = await bulkSelectionOf(actor.workspaceId, request);
  await inClientTransaction(async (client) => {
    const total = await insertBulkAction(
      client,
      {
        id,
        workspaceId: actor.workspaceId,
        kind,
        filter: toStoredJson(filter),
        options: toStoredJson(options),
        ratePerSecond,
        sampleSize,
        limit,
        createdBy: `${actor.kind}:${actor.id}`,
        createdByName: actor.name,
      },
      selection,
    );
    await insertAudit(client, actor, {
      action: 'bulk_action.create',
      resource: `bulk_action:${id}`,
      detail: { kind, total, ratePerSecond: ratePerSecond ?? null, ...options },
    });
  });
  return readBulkAction(actor.workspaceId, id);
}

/** What the worker goes by, as the API shows it. */
function optionsOf(request: BulkActionRequest): JsonObject {
  if (request.kind === 'redrive') return { mode: request.mode };
  if (request.kind === 'discard') return { reason: request.reason };
  if (request.kind === 'release') return {};
  const { version, from, inputExpression } = request;
  return {
    version,
    ...(from === undefined ? {} : { from }),
    ...(inputExpression === undefined ? {} : { inputExpression }),
  };
}

function checkReplay(request: BulkActionRequest): void {
  if (request.kind !== 'replay' || request.inputExpression === undefined) return;
  if (request.from !== undefined) {
    throw invalid(
      'A new body is for replays that begin at the trigger. Leave out either inputExpression or from.',
    );
  }
  const fault = checkExpression(request.inputExpression);
  if (fault) throw invalid(`It is not JSONata: ${fault.message}, at character ${fault.position ?? 0}.`);
}

function invalid(message: string): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'invalid_request',
    title: 'The request is not valid',
    detail: message,
    errors: [{ pointer: '/inputExpression', message }],
  });
}

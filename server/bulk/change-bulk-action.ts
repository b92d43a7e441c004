import type pg from 'pg';

import type { BulkAction } from '#core/api/bulk-actions.ts';
import type { JsonObject } from '#core/json.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { bulkActionId, noBulkAction } from '#server/bulk/bulk-action-id.ts';
import { readBulkAction } from '#server/bulk/read-bulk-action.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { ProblemError } from '#server/problem.ts';
import {
  cancelLocked,
  continueLocked,
  lockBulkAction,
  paceLocked,
  pauseLocked,
} from '#server/sql/bulk-actions.ts';

/** Nothing of it is begun any more once this resolves. Throws 404, and 409 when it has ended. */
export function pauseBulkAction(actor: Actor, id: string): Promise<BulkAction> {
  return change(actor, id, { verb: 'pause', already: 'paused', apply: pauseLocked });
}

/** Goes on with it; after its sample, with the rest. Throws 404, and 409 when it has ended. */
export function continueBulkAction(actor: Actor, id: string): Promise<BulkAction> {
  return change(actor, id, { verb: 'continue', already: 'running', apply: continueLocked });
}

/** Ends it; what is pending stays untouched. Throws 404, and 409 when it is done. */
export function cancelBulkAction(actor: Actor, id: string): Promise<BulkAction> {
  return change(actor, id, { verb: 'cancel', already: 'cancelled', apply: cancelLocked });
}

/** Sets how many a second, null for as fast as it goes. Throws 404, and 409 when it has ended. */
export function paceBulkAction(actor: Actor, id: string, ratePerSecond: number | null): Promise<BulkAction> {
  const apply = (client: pg.ClientBase, target: string) => paceLocked(client, target, ratePerSecond);
  return change(actor, id, { verb: 'update', apply, detail: { ratePerSecond } });
}

interface Change {
  readonly verb: 'pause' | 'continue' | 'cancel' | 'update';
  /** In this status there is nothing to do. */
  readonly already?: BulkAction['status'];
  readonly detail?: JsonObject;
  apply(client: pg.ClientBase, id: string): Promise<void>;
}

async function change(actor: Actor, id: string, what: Change): Promise<BulkAction> {
  const target = bulkActionId(id);
  await inClientTransaction(async (client) => {
    const action = await lockBulkAction(client, { id: target, workspaceId: actor.workspaceId });
    if (!action) throw noBulkAction(id);
    if (action.status === what.already) return;
    if (action.status === 'done' || action.status === 'cancelled') throw ended(action.status);
    await what.apply(client, target);
    await insertAudit(client, actor, {
      action: `bulk_action.${what.verb}`,
      resource: `bulk_action:${target}`,
      ...(what.detail ? { detail: what.detail } : {}),
    });
  });
  return readBulkAction(actor.workspaceId, target);
}

function ended(status: 'done' | 'cancelled'): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'bulk_action_ended',
    title: 'The bulk action has ended',
    detail: `The bulk action is ${status}; nothing of it can be changed any more. Make a new one for what is left.`,
  });
}

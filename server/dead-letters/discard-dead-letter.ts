import type pg from 'pg';

import type { DeadLetter } from '#core/api/dead-letters.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { AuditActor } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { toDeadLetter } from '#server/dead-letters/to-dead-letter.ts';
import { notFound, ProblemError } from '#server/problem.ts';
import { runId } from '#server/runs/run-id.ts';
import { lockDeadLetter, markDiscarded } from '#server/sql/discard-dead-letter.ts';
import { selectDeadLetters } from '#server/sql/select-dead-letters.ts';

/** Closes a dead letter for good, with a reason, and without doing anything about its run. Throws 404, and 409 when it is not open. */
export async function discardDeadLetter(actor: Actor, id: string, reason: string): Promise<DeadLetter> {
  const target = runId(id);
  await inClientTransaction((client) => discardIn(client, actor, { runId: target, reason }));
  const { workspaceId } = actor;
  const [row] = await selectDeadLetters(
    { workspaceId, filter: { runIds: [target] }, state: 'all' },
    { limit: 1 },
  );
  if (!row) throw noDeadLetter(id);
  return toDeadLetter(row);
}

/** The same in the caller's transaction, audit entry included. `bulkActionId`: what it is a part of. */
export async function discardIn(
  client: pg.ClientBase,
  actor: AuditActor,
  target: { readonly runId: string; readonly reason: string; readonly bulkActionId?: string },
): Promise<void> {
  const { reason, bulkActionId } = target;
  const found = await lockDeadLetter(client, { runId: target.runId, workspaceId: actor.workspaceId });
  if (!found) throw noDeadLetter(target.runId);
  if (!found.isOpen) throw notOpen(found.redrivenAt ? 'redriven' : 'discarded');
  await markDiscarded(client, target.runId, reason);
  await insertAudit(client, actor, {
    action: 'dead_letter.discard',
    resource: `dead_letter:${target.runId}`,
    detail: { flow: found.flow, reason, ...(bulkActionId === undefined ? {} : { bulkAction: bulkActionId }) },
  });
}

function noDeadLetter(id: string): ProblemError {
  return notFound(`dead letter of the run “${id.slice(0, 36)}” in this workspace`);
}

function notOpen(state: 'redriven' | 'discarded'): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'dead_letter_closed',
    title: 'The dead letter is not open',
    detail: `The dead letter was ${state} already; there is nothing left to discard.`,
  });
}

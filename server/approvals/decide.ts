import type pg from 'pg';

import type { Decision } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';
import { insertAudit } from '#server/audit/insert-audit.ts';
import type { LinkActor } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { publishRunChanges } from '#server/live/publish-run-changes.ts';
import { queueReady } from '#server/queue/queue-ready.ts';
import { wakeRuns } from '#server/queue/wake-runs.ts';
import {
  closeApproval,
  lockApproval,
  type ApprovalOutcome,
  type LockedApproval,
} from '#server/sql/approvals.ts';
import { insertSignals } from '#server/sql/insert-signal.ts';

/** What somebody decides. */
export interface Verdict {
  readonly decision: Decision['decision'];
  readonly comment: string | null;
}

/** How it went: `decided` is theirs, `closed` says what the approval had come to before. */
export type Decided =
  | { readonly kind: 'decided' }
  | {
      readonly kind: 'closed';
      readonly outcome: ApprovalOutcome;
      readonly by: string | null;
      readonly at: Date;
    }
  | { readonly kind: 'unknown' };

/**
 * Decides an approval, once: of all who try, one decides, and every other is told what it came to. Row, signal to the step,
 * audit entry and wake-up commit together.
 *
 * @param check throws for somebody who may not; asked while the row is held.
 */
export async function decide(
  approvalId: string,
  verdict: Verdict,
  who: {
    readonly actor: Actor | LinkActor;
    readonly check?: (approval: LockedApproval) => void;
    readonly onDecided?: (client: pg.ClientBase) => Promise<void>;
  },
): Promise<Decided> {
  await queueReady();
  const { decided, approval } = await inClientTransaction(async (client) => {
    const held = await lockApproval(client, approvalId);
    if (!held) return { decided: { kind: 'unknown' } as const, approval: undefined };
    who.check?.(held);
    const closed = await closedAlready(client, held);
    if (closed) return { decided: closed, approval: undefined };
    await close(client, held, { ...verdict, actor: who.actor });
    await who.onDecided?.(client);
    crashPoint('approval.before_commit');
    return { decided: { kind: 'decided' } as const, approval: held };
  });
  if (approval) {
    crashPoint('approval.after_commit');
    const { runId: id, workspaceId, flowSlug: flow } = approval;
    publishRunChanges([{ id, workspaceId, flow, status: 'waiting' }]);
  }
  return decided;
}

/** Also closes what its time or its run has overtaken, so that all who ask later are told the same. */
async function closedAlready(client: pg.ClientBase, approval: LockedApproval): Promise<Decided | undefined> {
  const { decision, decidedByName: by, decidedAt } = approval;
  if (decision !== null) return { kind: 'closed', outcome: decision, by, at: decidedAt ?? new Date() };
  const outcome = approval.isOver ? 'cancelled' : approval.isExpired ? 'expired' : undefined;
  if (outcome === undefined) return undefined;
  return {
    kind: 'closed',
    outcome,
    by: null,
    at: await closeApproval(client, approval.id, { decision: outcome }),
  };
}

async function close(
  client: pg.ClientBase,
  approval: LockedApproval,
  { decision, comment, actor }: Verdict & { readonly actor: Actor | LinkActor },
): Promise<void> {
  const by = `${actor.kind}:${actor.id}`;
  const at = await closeApproval(client, approval.id, { decision, by, byName: actor.name, comment });
  const payload: Decision = { decision, by: actor.name, comment, at: at.toISOString() };
  const { runId, nodeId, key } = approval;
  const woken = await insertSignals(client, [{ runId, nodeId, key, payload: payload as unknown as Json }]);
  await insertAudit(client, actor, {
    action: decision === 'approved' ? 'approval.approve' : 'approval.reject',
    resource: `approval:${approval.id}`,
    detail: { flow: approval.flowSlug, run: runId, node: nodeId, comment },
  });
  await wakeRuns(client, woken);
}

import { AsyncLocalStorage } from 'node:async_hooks';

import type { AuditActor, AuditedAct } from '#server/audit/record-audit.ts';
import { ProblemError } from '#server/problem.ts';

/** The record of a request that carries an `Idempotency-Key`. */
export interface KeyClaim {
  readonly workspaceId: string;
  readonly scope: string;
  /** The time of the claim as Postgres writes it, which names the claim. */
  readonly claimedAt: string;
}

const inHand = new AsyncLocalStorage<KeyClaim>();

/** Does the work of a keyed request: what it does is marked on its claim, in the transaction that does it. */
export function underClaim<T>(claim: KeyClaim, work: () => Promise<T>): Promise<T> {
  return inHand.run(claim, work);
}

/** The statement that marks an act on the claim of the request in hand; null where there is none. */
export function effectMark(
  actor: AuditActor,
  act: AuditedAct,
): { readonly text: string; readonly values: readonly string[] } | null {
  const claim = inHand.getStore();
  if (!claim || actor.kind === 'system' || actor.workspaceId !== claim.workspaceId) return null;
  return { text: MARK, values: [claim.workspaceId, claim.scope, claim.claimedAt, JSON.stringify(act)] };
}

/** The first act counts: it is what the request was for. */
const MARK = `UPDATE idempotency_record SET effect = coalesce(effect, $4::jsonb)
  WHERE workspace_id = $1::uuid AND scope = $2 AND created_at = $3::timestamptz`;

/** Throws, and so undoes the act, when the claim is another request's by now: this one took too long. */
export function requireClaim(marked: number | null): void {
  if (marked === 1) return;
  throw new ProblemError({
    status: 409,
    code: 'idempotency_conflict',
    title: 'Key in use',
    detail: 'This request took so long that a repeat of it went first. Nothing was done by this one.',
  });
}

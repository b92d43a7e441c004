import type { Outcome } from '#server/ingress/accepted-event.ts';
import type { Refusal } from '#server/ingress/refusal.ts';
import type { StoredEvent } from '#server/ingress/send-accepted.ts';
import type { Verdict } from '#server/ingress/verdict.ts';

/** What a request is answered. */
export type Answer =
  | Exclude<Verdict, { kind: 'accept' }>
  | { readonly kind: 'stored'; readonly stored: StoredEvent }
  | { readonly kind: 'delivered'; readonly outcomes: readonly Outcome[] }
  /** An app's delivery, stored for the flows that want it; some may have refused events of it. */
  | { readonly kind: 'fanned_out'; readonly outcomes: readonly Outcome[]; readonly refused: number }
  /** The sender went away. */
  | { readonly kind: 'none' };

export function refuse(refusal: Refusal): { kind: 'refuse'; refusal: Refusal } {
  return { kind: 'refuse', refusal };
}

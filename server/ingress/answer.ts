import type { Outcome } from '#server/ingress/accepted-event.ts';
import type { Refusal } from '#server/ingress/refusal.ts';
import type { StoredEvent } from '#server/ingress/send-accepted.ts';
import type { Verdict } from '#server/ingress/verdict.ts';

/** What a request is answered. */
export type Answer =
  | Exclude<Verdict, { kind: 'accept' }>
  | { readonly kind: 'stored'; readonly stored: StoredEvent }
  | { readonly kind: 'delivered'; readonly outcomes: readonly Outcome[] }
  /** The sender went away. */
  | { readonly kind: 'none' };

export function refuse(refusal: Refusal): { kind: 'refuse'; refusal: Refusal } {
  return { kind: 'refuse', refusal };
}

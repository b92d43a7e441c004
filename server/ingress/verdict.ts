import type { HandshakeReply } from '#connectors/trigger-contract.ts';
import type { AcceptedEvent } from '#server/ingress/accepted-event.ts';
import type { Refusal } from '#server/ingress/refusal.ts';

/** What is to be done with a request. */
export type Verdict =
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** The sender asks whether this is the right address. */
  | { readonly kind: 'answer'; readonly reply: HandshakeReply }
  /** One event, but for a provider's delivery that holds several, or none that is wanted. */
  | { readonly kind: 'accept'; readonly events: readonly AcceptedEvent[] };

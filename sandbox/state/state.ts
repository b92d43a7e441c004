import type { AdapterPayload, JWK } from 'oidc-provider';

import type { Contact, Deal, EventType } from '#sandbox/crm/schemas.ts';

/** How Acme behaves: as it should, or in a way that shows what its callers do about trouble. */
export const TROUBLES = ['well', 'deals_503', 'deals_422', 'slow'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** A subscription: where events are sent, and the key that they are signed with. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly EventType[];
  readonly secret: string;
  /** Who made it: a person through a client, or a client for itself. */
  readonly owner: string;
  /** It ends with this grant; a machine has none. */
  readonly grantId: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** One event on its way to one webhook. */
export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly type: EventType;
  readonly webhookId: string;
  readonly url: string;
  /** The bytes that are sent and signed, the same each time. */
  readonly body: string;
  readonly createdAt: string;
  /** `dropped`: its webhook was deleted or expired. */
  readonly status: 'pending' | 'delivered' | 'failed' | 'dropped';
  readonly attempts: readonly { readonly at: string; readonly outcome: string }[];
  /** When it is tried next, while it is pending. */
  readonly nextAt: string | null;
}

/** The reply to a POST that carried an `Idempotency-Key`. */
export interface KeptReply {
  readonly owner: string;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  /** Of method, path and body: another request may not use the key. */
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly at: string;
  /** How often the same request came again. */
  readonly repeats: number;
}

/** A record of the OAuth server: a token, a grant, a session. */
export interface OAuthRecord {
  readonly model: string;
  readonly id: string;
  readonly payload: AdapterPayload;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** A grant that is no more, and why: what somebody wonders about whose connection broke. */
export interface EndedGrant {
  readonly personId: string;
  readonly clientId: string;
  readonly at: string;
  readonly why: string;
}

/** All that Acme remembers. Maps keep the order in which things were added. */
export interface State {
  readonly format: 1;
  /** Milliseconds of the last moment that `nextMoment` gave out. */
  clock: number;
  /** Where the Acme that wrote this listens, or listened. */
  url: string | null;
  trouble: Trouble;
  readonly keys: { readonly signing: readonly JWK[]; readonly cookies: readonly string[] };
  readonly machineSecret: string;
  readonly contacts: Map<string, Contact>;
  readonly deals: Map<string, Deal>;
  readonly webhooks: Map<string, Webhook>;
  readonly deliveries: Map<string, Delivery>;
  readonly replies: Map<string, KeptReply>;
  readonly oauth: Map<string, OAuthRecord>;
  /** When a grant, or a machine client, last called the API. */
  readonly lastUsed: Map<string, string>;
  readonly ended: EndedGrant[];
}

/** The present moment, later than any that it gave before: two changes never have the same `updatedAt`. */
export function nextMoment(state: State): string {
  state.clock = Math.max(Date.now(), state.clock + 1);
  return new Date(state.clock).toISOString();
}

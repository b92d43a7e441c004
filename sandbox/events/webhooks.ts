import { randomBytes } from 'node:crypto';

import { full } from '#sandbox/crm/contacts.ts';
import type { WebhookInput } from '#sandbox/crm/schemas.ts';
import { newId } from '#sandbox/new-id.ts';
import { invalid, notFound } from '#sandbox/problem.ts';
import { nextMoment, type State, type Webhook } from '#sandbox/state/state.ts';

const MOST_WEBHOOKS = 100;

/** Who a webhook belongs to. */
export interface WebhookOwner {
  readonly owner: string;
  readonly grantId: string | null;
}

export interface WebhookRules {
  /**
   * Origins that Acme delivers to, such as `http://127.0.0.1:3000`. A vendor delivers anywhere; this one runs beside
   * Patchbay, on a network that flows may not reach, and must not be their way into it.
   */
  readonly receivers: ReadonlySet<string>;
  /** How long a webhook lives until it is renewed. */
  readonly lifeSeconds: number;
}

/** Throws a `Problem`: 422 for a URL that Acme does not deliver to, 409 when there are too many. */
export function createWebhook(
  state: State,
  input: WebhookInput,
  { owner, grantId, receivers, lifeSeconds }: WebhookOwner & WebhookRules,
): Webhook {
  if (state.webhooks.size >= MOST_WEBHOOKS) throw full('webhooks', MOST_WEBHOOKS);
  if (!receivers.has(new URL(input.url).origin)) {
    const message = `the sandbox delivers to ${[...receivers].join(' and ')} only`;
    throw invalid([{ field: 'url', message }]);
  }
  const createdAt = nextMoment(state);
  const webhook: Webhook = {
    id: newId('whk'),
    url: input.url,
    events: input.events,
    secret: `whsec_${randomBytes(24).toString('hex')}`,
    owner,
    grantId,
    createdAt,
    expiresAt: later(createdAt, lifeSeconds),
  };
  state.webhooks.set(webhook.id, webhook);
  return webhook;
}

/**
 * Lets a webhook live on from now, also one that has expired; it ends with the grant that renewed it last. Throws a
 * `Problem` (404) when it is not the owner's.
 */
export function renewWebhook(
  state: State,
  id: string,
  { owner, grantId, lifeSeconds }: WebhookOwner & WebhookRules,
): Webhook {
  const webhook = findWebhook(state, id, owner);
  const renewed = { ...webhook, grantId, expiresAt: later(nextMoment(state), lifeSeconds) };
  state.webhooks.set(id, renewed);
  return renewed;
}

/** Throws a `Problem` (404) when it is not the owner's. */
export function deleteWebhook(state: State, id: string, owner: string): void {
  findWebhook(state, id, owner);
  state.webhooks.delete(id);
}

/** The webhooks of one owner, oldest first. */
export function listWebhooks(state: State, owner: string): readonly Webhook[] {
  return [...state.webhooks.values()].filter((webhook) => webhook.owner === owner);
}

function findWebhook(state: State, id: string, owner: string): Webhook {
  const webhook = state.webhooks.get(id);
  if (!webhook || webhook.owner !== owner) throw notFound('webhook');
  return webhook;
}

function later(moment: string, seconds: number): string {
  return new Date(Date.parse(moment) + seconds * 1_000).toISOString();
}

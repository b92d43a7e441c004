import type { OAuthRecord, State } from '#sandbox/state/state.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long an `Idempotency-Key` is remembered. */
export const KEPT_REPLY_MS = DAY_MS;
/** Of those that are settled. */
const KEPT_DELIVERIES = 200;
const MOST_DELIVERIES = 5_000;
const KEPT_REPLIES = 2_000;
const KEPT_ENDED = 10;
/** What carries a grant; a grant without any of these can do nothing more. */
const CARRIERS: ReadonlySet<string> = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

/** Forgets what nobody can ask for any more, so that the state stays small however long Acme runs. `now` in milliseconds. */
export function prune(state: State, now: number): void {
  pruneOAuth(state, now);
  pruneReplies(state, now);
  pruneDeliveries(state);
  pruneWebhooks(state, now);
  state.ended.splice(0, Math.max(0, state.ended.length - KEPT_ENDED));
}

function pruneOAuth({ oauth, lastUsed }: State, now: number): void {
  for (const [key, record] of oauth) if (isSpent(record, now)) oauth.delete(key);
  const carried = new Set(
    [...oauth.values()].filter(({ model }) => CARRIERS.has(model)).map(({ payload }) => payload.grantId),
  );
  for (const [key, { model, id, payload }] of oauth) {
    // A grant that was just made waits for its code.
    const isFresh = now - (payload.iat ?? 0) * 1_000 < HOUR_MS;
    if (model === 'Grant' && !carried.has(id) && !isFresh) oauth.delete(key);
  }
  for (const id of lastUsed.keys())
    if (!oauth.has(`Grant:${id}`) && !id.startsWith('client:')) lastUsed.delete(id);
}

/** A refresh token that was used is kept for a day, to notice that it is used again. */
function isSpent({ model, payload, expiresAt }: OAuthRecord, now: number): boolean {
  const consumedAt = typeof payload.consumed === 'number' ? payload.consumed * 1_000 : Infinity;
  return expiresAt * 1_000 <= now || (model === 'RefreshToken' && consumedAt + DAY_MS <= now);
}

function pruneReplies({ replies }: State, now: number): void {
  for (const [key, { at }] of replies) if (Date.parse(at) + KEPT_REPLY_MS <= now) replies.delete(key);
  dropOldest(replies, KEPT_REPLIES);
}

function pruneDeliveries({ deliveries }: State): void {
  const settled = [...deliveries.values()].filter(({ status }) => status !== 'pending');
  for (const { id } of settled.slice(0, Math.max(0, settled.length - KEPT_DELIVERIES))) deliveries.delete(id);
  dropOldest(deliveries, MOST_DELIVERIES);
}

/** Expired ones stay on the page for a day. */
function pruneWebhooks({ webhooks }: State, now: number): void {
  for (const [id, { expiresAt }] of webhooks) if (Date.parse(expiresAt) + DAY_MS <= now) webhooks.delete(id);
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

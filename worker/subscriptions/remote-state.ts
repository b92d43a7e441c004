import type pg from 'pg';

import type { RemoteSubscription } from '#connectors/trigger-contract.ts';
import { knownSubscriptions, type SubscriptionRow } from '#server/sql/subscription-rows.ts';
import { hookUrlIn, subscriptionIn } from '#server/subscriptions/callback-url.ts';

/** Those that send to this subscription's own address: no other has it. */
export function ownAmong(
  { callbackUrl }: Pick<SubscriptionRow, 'callbackUrl'>,
  remote: readonly RemoteSubscription[],
): readonly RemoteSubscription[] {
  return remote.filter((one) => one.callbackUrl === callbackUrl);
}

/**
 * Those that send to this flow and that nobody here knows: others with this subscription's address, which a try that died has left,
 * and ones whose own row is gone.
 */
export async function leftovers(
  pool: pg.Pool,
  row: Pick<SubscriptionRow, 'callbackUrl' | 'remoteId'>,
  remote: readonly RemoteSubscription[],
): Promise<readonly RemoteSubscription[]> {
  const hook = hookUrlIn(row.callbackUrl);
  const ids = remote.flatMap(({ callbackUrl }) => subscriptionIn(callbackUrl, hook) ?? []);
  const known = await knownSubscriptions(pool, [...new Set(ids)]);
  return remote.filter((one) => {
    if (one.callbackUrl === row.callbackUrl) return one.remoteId !== row.remoteId;
    const id = subscriptionIn(one.callbackUrl, hook);
    return id !== undefined && !known.has(id);
  });
}

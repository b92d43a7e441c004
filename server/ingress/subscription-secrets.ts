import { ingressPool } from '#server/ingress/ingress-pool.ts';
import { SUBSCRIPTION_SECRETS } from '#server/sql/find-hooks.ts';
import { openSecret } from '#server/subscriptions/seal-secret.ts';

/** What deliveries to a flow may be signed with. */
export interface SubscriptionSecrets {
  /** Tells one state of them from another. */
  readonly stamp: string;
  readonly secrets: readonly string[];
}

interface SecretRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly wrapped_key: Buffer;
  readonly key_version: number;
  readonly secret: Buffer;
}

/**
 * The secrets of a flow's subscriptions by one trigger: that of the one it wants, and for a while that of the one before. None while
 * nothing was registered, so that every check fails. Throws `VaultError` when one cannot be opened.
 */
export async function subscriptionSecrets(flowId: string, trigger: string): Promise<SubscriptionSecrets> {
  const { rows } = await ingressPool().query<SecretRow>({
    name: 'ingress_subscription_secrets',
    text: SUBSCRIPTION_SECRETS,
    values: [flowId, trigger],
  });
  return {
    // Each sealing has a nonce of its own at the beginning.
    stamp: rows.map(({ id, secret }) => `${id} ${secret.subarray(0, 13).toString('hex')}`).join(),
    secrets: rows.map(secretOf),
  };
}

function secretOf(row: SecretRow): string {
  const { wrapped_key: wrappedKey, key_version: keyVersion, secret } = row;
  return openSecret({ workspaceId: row.workspace_id, recordId: row.id }, { wrappedKey, keyVersion, secret });
}

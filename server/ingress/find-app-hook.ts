import { findAppEventSource } from '#connectors/trigger-handlers.ts';
import type { AppEventSource } from '#connectors/trigger-contract.ts';
import { clientSecrets } from '#server/ingress/client-secrets.ts';
import { coalesce } from '#server/ingress/coalesce.ts';
import { ingressPool } from '#server/ingress/ingress-pool.ts';
import { FIND_APP_HOOKS, KEEP_APP_SECRET, NOTE_APP_DELIVERY } from '#server/sql/find-app-hooks.ts';
import { openSecret, sealSecret } from '#server/subscriptions/seal-secret.ts';

/** Where an app sends the events of all its accounts. */
export interface AppHook {
  readonly id: string;
  readonly workspaceId: string;
  readonly source: AppEventSource;
  /** Nothing of it was noted for a minute. */
  readonly isSilent: boolean;
  /** What its deliveries may be signed with; none until it was set up, so that every check fails. */
  readonly secrets: readonly string[];
}

interface AppHookRow {
  readonly token_hash: string;
  readonly id: string;
  readonly workspace_id: string;
  readonly connector: string;
  readonly wrapped_key: Buffer | null;
  readonly key_version: number | null;
  readonly secret: Buffer | null;
  readonly is_silent: boolean;
}

/** Looks a hook up by the SHA-256 of its token; null where there is none of that connector. Throws `VaultError`. */
export async function findAppHook(connector: string, tokenHash: string): Promise<AppHook | null> {
  const row = await lookUp(tokenHash);
  const source = row && row.connector === connector ? findAppEventSource(connector) : undefined;
  if (!row || !source) return null;
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    source,
    isSilent: row.is_silent,
    secrets: await secretsOf(row, source),
  };
}

/** Keeps the secret that a provider sent in its handshake. False where one is there: nobody overwrites it from outside. */
export async function keepAppSecret({ id, workspaceId }: AppHook, secret: string): Promise<boolean> {
  const sealed = sealSecret({ workspaceId, recordId: id }, secret);
  const { rowCount } = await ingressPool().query({
    name: 'ingress_keep_app_secret',
    text: KEEP_APP_SECRET,
    values: [id, sealed.wrappedKey, sealed.keyVersion, sealed.secret],
  });
  return rowCount === 1;
}

/** Notes that the app has sent something genuine, for the people who set it up. */
export async function noteAppDelivery({ id, isSilent }: AppHook): Promise<void> {
  if (!isSilent) return;
  await ingressPool().query({ name: 'ingress_note_app_delivery', text: NOTE_APP_DELIVERY, values: [id] });
}

/** One query at a time, for all that are wanted meanwhile: made-up tokens cannot flood the database. */
const lookUp = coalesce<AppHookRow>(async (hashes) => {
  const { rows } = await ingressPool().query<AppHookRow>({
    name: 'ingress_find_app_hooks',
    text: FIND_APP_HOOKS,
    values: [hashes],
  });
  return new Map(rows.map((row) => [row.token_hash, row]));
});

async function secretsOf(row: AppHookRow, { secret: kind }: AppEventSource): Promise<readonly string[]> {
  if (kind === 'client') return (await clientSecrets(row.workspace_id, row.connector)).secrets;
  const { wrapped_key: wrappedKey, key_version: keyVersion, secret } = row;
  if (wrappedKey === null || keyVersion === null || secret === null) return [];
  return [
    openSecret({ workspaceId: row.workspace_id, recordId: row.id }, { wrappedKey, keyVersion, secret }),
  ];
}

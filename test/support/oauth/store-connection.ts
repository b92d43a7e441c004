import { randomUUID } from 'node:crypto';

import type pg from 'pg';

import { inClientTransaction } from '#server/db/client-transaction.ts';
import { keyRing, readKeyRing } from '#server/vault/key-ring.ts';
import { sealFields } from '#server/vault/sealed-record.ts';
import type { Account, OAuthProvider } from './provider.ts';

export interface StoredConnection {
  readonly slug: string;
  /** Default: the workspace of the tests. */
  readonly connector?: 'twin' | 'twin_machine';
  /** Absent for one without tokens. */
  readonly account?: Partial<Account>;
  /** Where its API is. Default: the provider's own. */
  readonly api?: string;
  /** Until the access token ends; below 0 it has ended. Default null: not known. */
  readonly endsInSeconds?: number | null;
  /** Until it is renewed ahead of that. Default null: never. */
  readonly dueInSeconds?: number | null;
  readonly status?: 'pending' | 'ok' | 'reconnect';
  readonly clientSecret?: string;
  readonly ownerId?: string;
  readonly isShared?: boolean;
}

export interface Place {
  readonly db: pg.Pool;
  readonly workspaceId: string;
  /** Default: the process's own. */
  readonly secretKey?: string;
}

/** Stores a connection of an account at the provider, as consent would have. Resolves to its id. */
export async function storeConnection(
  to: Place,
  provider: OAuthProvider,
  connection: StoredConnection,
): Promise<string> {
  const id = randomUUID();
  const { slug, connector = 'twin', account, endsInSeconds = null, dueInSeconds = null, status } = connection;
  const { clientSecret = provider.clientSecret, api = provider.url, ownerId, isShared = true } = connection;
  const { clientId, url: issuer } = provider;
  await inClientTransaction(async (client) => {
    await client.query(
      `insert into connection (id, workspace_id, slug, name, connector, wrapped_key, key_version, status, owner_id, is_shared,
       token_version, expires_at, refresh_due_at, client_id)
     values ($1, $2, $3, $3, $4, '', 0, $5, $6, $7, $8, now() + $9 * interval '1 second', now() + $10 * interval '1 second', $11)`,
      [
        ...[id, to.workspaceId, slug, connector, status ?? 'ok', ownerId ?? null, isShared],
        ...[account ? 1 : 0, endsInSeconds, dueInSeconds, clientId],
      ],
    );
    await putFields({ ...to, client }, id, { issuer, api, clientId, clientSecret, ...account });
  }, to.db);
  return id;
}

/** Gives a stored connection these fields and no others, with `client` in its transaction. */
export async function putFields(
  {
    client,
    workspaceId,
    secretKey,
  }: Pick<Place, 'workspaceId' | 'secretKey'> & { readonly client: pg.ClientBase },
  id: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const ring = secretKey === undefined ? keyRing() : readKeyRing({ PATCHBAY_SECRET_KEY: secretKey });
  const sealed = sealFields({ workspaceId, recordId: id }, fields, ring);
  const key = [id, Buffer.from(sealed.wrappedKey), sealed.keyVersion];
  await client.query('update connection set wrapped_key = $2, key_version = $3 where id = $1', key);
  await client.query('delete from connection_field where connection_id = $1', [id]);
  for (const [name, value] of sealed.fields) {
    const field = [id, name, Buffer.from(value)];
    await client.query(
      'insert into connection_field (connection_id, name, sealed) values ($1, $2, $3)',
      field,
    );
  }
}

import { randomUUID } from 'node:crypto';

import { inClientTransaction } from '#server/db/client-transaction.ts';
import { pool } from '#server/db/pool.ts';
import { putFields } from '#test/support/oauth/store-connection.ts';
import { ACCESS_TOKEN } from './webhook-provider.ts';

export interface StoredAccount {
  readonly slug: string;
  /** Default `acme`. */
  readonly connector?: string;
  readonly status?: 'pending' | 'ok' | 'reconnect';
  /** Whose account it is at the provider. */
  readonly accountId?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Stores a connection to an app, as consent would have. Resolves to its id. */
export async function storeAccount(workspaceId: string, account: StoredAccount): Promise<string> {
  const id = randomUUID();
  const {
    slug,
    connector = 'acme',
    status = 'ok',
    accountId,
    fields = { accessToken: ACCESS_TOKEN },
  } = account;
  await pool().query(
    `insert into connection (id, workspace_id, slug, name, connector, wrapped_key, key_version, status, token_version, account_id)
     values ($1, $2, $3, $3, $4, '', 0, $5, 1, $6)`,
    [id, workspaceId, slug, connector, status, accountId ?? null],
  );
  await inClientTransaction((client) => putFields({ client, workspaceId }, id, fields));
  return id;
}

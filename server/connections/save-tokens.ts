import { findConnector } from '#connectors/definitions.ts';
import { replaceFields } from '#server/connections/replace-fields.ts';
import { sealedOf } from '#server/connections/find-connection.ts';
import type { Transaction } from '#server/db/transaction.ts';
import type { Tokens } from '#server/oauth/token-answer.ts';
import { openFields, sealFields } from '#server/vault/sealed-record.ts';

/** A renewal comes ahead of the end by a fifth of the token's life, but at most by so much. */
const AHEAD_SECONDS = 300;
const AHEAD_SHARE = 0.2;
/** Spread over so much of that, so that connections made together are not renewed together. */
const SPREAD = 0.5;

/** Whose tokens they are, where the provider was asked. */
export interface Account {
  readonly id: string;
  readonly label: string;
}

export interface SavedFor {
  readonly connectionId: string;
  readonly workspaceId: string;
  /** The count of tokens that the caller read: nothing is saved when it moved on. Absent: saved in any case. */
  readonly expectedVersion?: number;
  /** The client that they were given to. Default: the one before. */
  readonly clientId?: string;
}

/**
 * Keeps the tokens that a provider gave, sealed, and marks the connection as working. A refresh token that did not come anew stays. False
 * when the connection is gone or holds newer ones. Times are the database's.
 */
export async function saveTokens(
  tx: Transaction,
  { connectionId, workspaceId, expectedVersion, clientId }: SavedFor,
  tokens: Tokens,
  account?: Account,
): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM connection WHERE id = ${connectionId}::uuid FOR UPDATE`;
  const row = await tx.connection.findUnique({
    where: { id: connectionId, workspaceId },
    include: { fields: true },
  });
  if (!row || (expectedVersion !== undefined && row.tokenVersion !== expectedVersion)) return false;
  const { place, record } = sealedOf(row);
  const fields = openFields(place, record);
  const refreshToken = tokens.refreshToken ?? fields['refreshToken'];
  const renewed = {
    ...fields,
    ...tokens.kept,
    accessToken: tokens.accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
  };
  await replaceFields(tx, row.id, sealFields(place, renewed));
  const lifeSeconds = tokens.expiresInSeconds;
  const isUnattended = findConnector(row.connector)?.oauth?.grant === 'client_credentials';
  const isRenewable = refreshToken !== undefined || isUnattended;
  const dueSeconds = isRenewable && lifeSeconds !== null ? renewAfter(lifeSeconds) : null;
  await tx.connection.update({
    where: { id: row.id },
    data: {
      ...(tokens.scopes && { scopes: [...tokens.scopes] }),
      ...(clientId !== undefined && { clientId }),
      ...(account && { accountId: account.id, accountLabel: account.label }),
    },
  });
  await tx.$executeRaw`
    UPDATE connection SET status = 'ok', fault = NULL, token_version = token_version + 1, refreshed_at = now(),
      expires_at = now() + ${lifeSeconds}::float8 * interval '1 second',
      refresh_due_at = now() + ${dueSeconds}::float8 * interval '1 second',
      refresh_fails = 0, refresh_by = NULL, refresh_until = NULL
    WHERE id = ${row.id}::uuid`;
  return true;
}

/** Seconds from now until a token that lives so long is renewed. */
function renewAfter(lifeSeconds: number): number {
  const ahead = Math.min(AHEAD_SECONDS, lifeSeconds * AHEAD_SHARE);
  return Math.max(0, lifeSeconds - ahead * (1 + Math.random() * SPREAD));
}

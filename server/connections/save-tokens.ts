import { findConnector } from '#connectors/definitions.ts';
import { sealedOf } from '#server/connections/find-connection.ts';
import type { Transaction } from '#server/db/transaction.ts';
import type { Tokens } from '#server/oauth/token-answer.ts';
import { openFields, sealFields } from '#server/vault/sealed-record.ts';

export interface TokensOf {
  readonly connectionId: string;
  readonly workspaceId: string;
  /** The count of those that these follow; absent for a consent, which follows none. */
  readonly expectedVersion?: number;
}

/** Renewed so long before its end, or for the last fifth of a short life. */
const AHEAD_SECONDS = 300;
const AHEAD_SHARE = 0.2;
/** Spread over so much of that, so that connections made together are not renewed together. */
const SPREAD = 0.5;

/**
 * Saves what a provider gave, in the caller's transaction, under the next count of tokens: the connection is well from then on. False, and
 * nothing is saved, where it has others than those that these follow, or is not there any more.
 */
export async function saveTokens(
  tx: Transaction,
  { connectionId, workspaceId, expectedVersion }: TokensOf,
  tokens: Tokens,
): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM connection WHERE id = ${connectionId}::uuid FOR UPDATE`;
  const row = await tx.connection.findFirst({
    where: { id: connectionId, workspaceId },
    include: { fields: true },
  });
  if (!row || (expectedVersion !== undefined && row.tokenVersion !== expectedVersion)) return false;
  const { place, record } = sealedOf(row);
  const { accessToken, refreshToken, kept, scopes } = tokens;
  const fields = {
    ...openFields(place, record),
    ...kept,
    accessToken,
    ...(refreshToken && { refreshToken }),
  };
  const sealed = sealFields(place, fields);
  await tx.connectionField.deleteMany({ where: { connectionId } });
  await tx.connectionField.createMany({
    data: [...sealed.fields].map(([name, value]) => ({ connectionId, name, sealed: new Uint8Array(value) })),
  });
  await tx.connection.update({
    where: { id: connectionId },
    data: {
      wrappedKey: new Uint8Array(sealed.wrappedKey),
      keyVersion: sealed.keyVersion,
      ...(scopes && { scopes: [...scopes] }),
    },
  });
  const isRenewable =
    'refreshToken' in fields || findConnector(row.connector)?.oauth?.grant === 'client_credentials';
  await markWell(tx, connectionId, { lifeSeconds: tokens.expiresInSeconds, isRenewable });
  return true;
}

/** Times are the database's. */
async function markWell(
  tx: Transaction,
  id: string,
  { lifeSeconds, isRenewable }: { readonly lifeSeconds: number | null; readonly isRenewable: boolean },
): Promise<void> {
  const dueSeconds = lifeSeconds === null || !isRenewable ? null : dueIn(lifeSeconds, Math.random());
  await tx.$executeRaw`
    UPDATE connection SET status = 'ok', fault = NULL, token_version = token_version + 1, refreshed_at = now(),
      expires_at = now() + ${lifeSeconds}::float8 * interval '1 second',
      refresh_due_at = now() + ${dueSeconds}::float8 * interval '1 second',
      refresh_by = NULL, refresh_until = NULL, refresh_fails = 0
    WHERE id = ${id}::uuid`;
}

/** @param random from 0 up to, not including, 1. */
function dueIn(lifeSeconds: number, random: number): number {
  const ahead = Math.min(AHEAD_SECONDS, lifeSeconds * AHEAD_SHARE);
  return lifeSeconds - ahead * (1 + random * SPREAD);
}

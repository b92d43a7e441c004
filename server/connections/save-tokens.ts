import { sealedOf } from '#server/connections/find-connection.ts';
import type { Transaction } from '#server/db/transaction.ts';
import type { Tokens } from '#server/oauth/token-answer.ts';
import { openFields, sealFields } from '#server/vault/sealed-record.ts';

/**
 * Saves what a provider gave, under the next count of tokens. False, and nothing is saved, where the connection has others than those of
 * `expectedVersion`.
 */
export async function saveTokens(
  tx: Transaction,
  which: { readonly connectionId: string; readonly workspaceId: string; readonly expectedVersion?: number },
  tokens: Tokens,
): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM connection WHERE id = ${which.connectionId}::uuid FOR UPDATE`;
  const row = await tx.connection.findUnique({
    where: { id: which.connectionId },
    include: { fields: true },
  });
  if (!row || (which.expectedVersion !== undefined && row.tokenVersion !== which.expectedVersion))
    return false;
  const { place, record } = sealedOf(row);
  const fields = {
    ...openFields(place, record),
    ...tokens.kept,
    accessToken: tokens.accessToken,
    ...(tokens.refreshToken && { refreshToken: tokens.refreshToken }),
  };
  const sealed = sealFields(place, fields);
  await tx.connectionField.deleteMany({ where: { connectionId: row.id } });
  await tx.connectionField.createMany({
    data: [...sealed.fields].map(([name, value]) => ({
      connectionId: row.id,
      name,
      sealed: new Uint8Array(value),
    })),
  });
  const s = tokens.expiresInSeconds;
  await tx.$executeRaw`UPDATE connection SET wrapped_key = ${new Uint8Array(sealed.wrappedKey)}, key_version = ${sealed.keyVersion},
    status = 'ok', fault = NULL, token_version = token_version + 1, refreshed_at = now(),
    expires_at = now() + ${s}::float8 * interval '1 second',
    refresh_due_at = now() + ${s === null ? null : s * 0.8}::float8 * interval '1 second', refresh_by = NULL, refresh_until = NULL, refresh_fails = 0
    WHERE id = ${row.id}::uuid`;
  return true;
}

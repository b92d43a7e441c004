import type { Transaction } from '#server/db/transaction.ts';

/** What a connection's columns say once its tokens are gone. Its fields are the caller's. A renewal under way saves nothing any more. */
export async function forgetTokens(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE connection SET status = 'pending', fault = NULL, token_version = token_version + 1, expires_at = NULL, refresh_due_at = NULL,
      refreshed_at = NULL, refresh_by = NULL, refresh_until = NULL, refresh_fails = 0, scopes = '{}', account_id = NULL, account_label = NULL,
      client_id = NULL
    WHERE id = ${id}::uuid`;
}

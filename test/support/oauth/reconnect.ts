import { inClientTransaction } from '#server/db/client-transaction.ts';
import type { OAuthProvider } from './provider.ts';
import { putFields, type Place } from './store-connection.ts';

/** Gives a connection another account at the provider, as a person's consent does. */
export async function reconnect(
  to: Place,
  provider: OAuthProvider,
  { id, api = provider.url }: { readonly id: string; readonly api?: string },
): Promise<void> {
  const { url: issuer, clientId, clientSecret } = provider;
  const account = await provider.connect();
  await inClientTransaction(async (client) => {
    await putFields({ ...to, client }, id, { issuer, api, clientId, clientSecret, ...account });
    await client.query(
      `update connection set status = 'ok', fault = null, token_version = token_version + 1, expires_at = null,
       refreshed_at = now(), refresh_due_at = null, refresh_by = null, refresh_until = null, refresh_fails = 0
     where id = $1`,
      [id],
    );
  }, to.db);
}

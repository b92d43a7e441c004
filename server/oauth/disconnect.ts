import type { HttpClient } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { StepFailure } from '#core/step-failure.ts';
import type { Connection } from '#core/api/connections.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { lockConnection, sealedOf, type StoredConnection } from '#server/connections/find-connection.ts';
import { readConnection } from '#server/connections/list-connections.ts';
import { replaceFields } from '#server/connections/replace-fields.ts';
import { requireManaged } from '#server/connections/rights.ts';
import { withoutTokens } from '#server/connections/token-fields.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { log } from '#server/log.ts';
import { findProvider, type Provider, ProviderUnready } from '#server/oauth/provider.ts';
import { revokeRequest } from '#server/oauth/token-request.ts';
import { ProblemError } from '#server/problem.ts';
import { VaultError } from '#server/vault/aead.ts';
import { openFields, sealFields } from '#server/vault/sealed-record.ts';

/** Forgets an account's tokens and gives them back to the provider. Runs that need the connection wait. */
export async function disconnect(actor: Actor, slug: string): Promise<Connection> {
  const { workspaceId } = actor;
  const taken = await inTransaction(async (tx) => {
    const row = await lockConnection(tx, workspaceId, slug);
    requireManaged(row, actor);
    if (findConnector(row.connector)?.oauth?.grant !== 'authorization_code') throw nobodyConsented();
    const tokens = await takeTokens(tx, row);
    const { place, record } = sealedOf(row);
    await replaceFields(tx, row.id, sealFields(place, withoutTokens(openFields(place, record))));
    await tx.$executeRaw`
      UPDATE connection SET status = 'pending', fault = NULL, token_version = token_version + 1, expires_at = NULL, refresh_due_at = NULL,
        refreshed_at = NULL, refresh_by = NULL, refresh_until = NULL, refresh_fails = 0, scopes = '{}', account_id = NULL, account_label = NULL
      WHERE id = ${row.id}::uuid`;
    await recordAudit(tx, actor, { action: 'connection.disconnect', resource: `connection:${slug}` });
    return tokens;
  });
  await giveBack(taken);
  return readConnection(actor, slug);
}

function nobodyConsented(): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'no_consent',
    title: 'There is nothing to disconnect',
    detail: 'Nobody granted it access by a consent screen. Delete the connection, or change its fields.',
  });
}

/** What is given back once nobody here uses it any more. */
export interface TakenTokens {
  readonly provider: Provider;
  /** The one that gives others first. */
  readonly tokens: readonly string[];
}

/** The tokens of a connection; null where it has none or nobody takes them back. */
export async function takeTokens(tx: Transaction, row: StoredConnection): Promise<TakenTokens | null> {
  const fields = openedOrNull(row);
  if (!fields) return null;
  const tokens = [fields['refreshToken'], fields['accessToken']].filter((token) => token !== undefined);
  if (tokens.length === 0) return null;
  const { workspaceId, connector } = row;
  const provider = await findProvider(tx, { workspaceId, connector, fields }).catch((error: unknown) => {
    if (error instanceof ProviderUnready) return null;
    throw error;
  });
  return provider && { provider, tokens };
}

/** What cannot be opened any more cannot be given back either, but may be deleted. */
function openedOrNull(row: StoredConnection): Readonly<Record<string, string>> | null {
  const { place, record } = sealedOf(row);
  try {
    return openFields(place, record);
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

/** Revokes tokens at their provider. One that cannot be reached keeps its grant: here, the tokens are gone in any case. */
export async function giveBack(taken: TakenTokens | null, http: HttpClient = egressClient()): Promise<void> {
  if (!taken) return;
  for (const token of taken.tokens) {
    const request = revokeRequest(taken.provider, token);
    if (!request) return;
    await http(request).catch((error: unknown) => {
      if (!(error instanceof StepFailure)) throw error;
      log.warn(
        { part: 'oauth', connector: taken.provider.connector, code: error.error.code },
        'a token could not be given back',
      );
    });
  }
}

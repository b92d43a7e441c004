import type { HttpClient } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { StepFailure } from '#core/step-failure.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { sealedOf, type StoredConnection } from '#server/connections/find-connection.ts';
import { prisma } from '#server/db/prisma.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { log } from '#server/log.ts';
import { findProvider, ProviderUnready, type Provider } from '#server/oauth/provider.ts';
import { revokeRequest } from '#server/oauth/token-request.ts';
import { VaultError } from '#server/vault/aead.ts';
import { openFields } from '#server/vault/sealed-record.ts';

/** What is given back once nobody here uses it any more. */
export interface TakenTokens {
  readonly slug: string;
  readonly provider: Provider;
  /** The one that gives others first. */
  readonly tokens: readonly string[];
}

/**
 * The tokens of a connection; null where it has none, nobody takes them back, or their end would be that of another connection, too.
 */
export async function takeTokens(tx: Transaction, row: StoredConnection): Promise<TakenTokens | null> {
  const fields = openedOrNull(row);
  const tokens = [fields?.['refreshToken'], fields?.['accessToken']].filter((token) => token !== undefined);
  if (!fields || tokens.length === 0 || (await wouldEndOthers(tx, row))) return null;
  const { workspaceId, connector, slug } = row;
  const provider = await findProvider(tx, { workspaceId, connector, fields }).catch((error: unknown) => {
    if (error instanceof ProviderUnready) return null;
    throw error;
  });
  return provider && { slug, provider, tokens };
}

async function wouldEndOthers(tx: Transaction, row: StoredConnection): Promise<boolean> {
  const { id, connector, accountId, clientId } = row;
  if (findConnector(connector)?.oauth?.revokesAccount !== true) return false;
  if (accountId === null || clientId === null) return false;
  const others = { id: { not: id }, connector, accountId, clientId, status: 'ok' as const };
  return (await tx.connection.count({ where: others })) > 0;
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

/**
 * Revokes tokens at their provider, and audits where that did not work. One that cannot be reached, or refuses, keeps its grant: here, the
 * tokens are gone in any case. Resolves to why it did not work, for people; null where it did, or there was nothing to do.
 */
export async function giveBack(
  actor: Actor,
  taken: TakenTokens | null,
  http: HttpClient = egressClient(),
): Promise<string | null> {
  if (!taken) return null;
  const { provider, slug, tokens } = taken;
  let fault: string | null = null;
  for (const token of tokens) fault ??= await revoke(provider, token, http);
  if (fault === null) return null;
  log.warn(
    { part: 'oauth', connector: provider.connector, connection: slug },
    'tokens could not be given back',
  );
  await recordAudit(prisma(), actor, {
    action: 'connection.revoke_failed',
    resource: `connection:${slug}`,
    detail: { connector: provider.connector, error: fault },
  });
  return fault;
}

async function revoke(provider: Provider, token: string, http: HttpClient): Promise<string | null> {
  const request = revokeRequest(provider, token);
  if (!request) return null;
  const keeps = `${provider.label} may still accept the tokens: take the access back there.`;
  try {
    const { status } = await http(request);
    return status >= 200 && status <= 299 ? null : `It refused to end them (status ${status}). ${keeps}`;
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return `It could not be reached: ${error.error.message} ${keeps}`;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';

import { renewalPauseMs } from '#core/renewal.ts';
import { endConnection } from '#server/connections/end-connection.ts';
import { readStored, sealedOf, type StoredConnection } from '#server/connections/find-connection.ts';
import { mailConnection } from '#server/connections/mail-connection.ts';
import { saveTokens } from '#server/connections/save-tokens.ts';
import { secretsOf } from '#server/connections/secrets-of.ts';
import { crashPoint } from '#server/crash-point.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { meansDatabaseAway } from '#server/ingress/database-health.ts';
import { log } from '#server/log.ts';
import { askToken } from '#server/oauth/ask-token.ts';
import { findProvider, ProviderUnready, type Provider } from '#server/oauth/provider.ts';
import { TokenRefusal, type Tokens } from '#server/oauth/token-answer.ts';
import type { Grant } from '#server/oauth/token-request.ts';
import { postponeRenewal, type RenewalLease, type TokenState } from '#server/sql/connection-tokens.ts';
import { openFields } from '#server/vault/sealed-record.ts';

/** Tokens that cannot be saved because the database is away exist nowhere else: so long they are held on to. */
const HOLD_ON_MS = 600_000;
const SAVE_AGAIN_MS = 250;

/**
 * Asks the provider for the successor of the tokens that the lease names, once, and saves what it gave, or writes down why it gave
 * nothing. No transaction is open while it is asked. Throws only what is neither: a vault that cannot be opened, a database that is
 * away before anything was asked.
 */
export async function renewTokens(lease: RenewalLease, state: TokenState): Promise<void> {
  const told = { part: 'connection', connection: state.slug, workspaceId: state.workspaceId };
  if (state.isLeaseLeft) log.warn(told, 'a renewal broke off before its answer was saved; asking once more');
  const row = await readStored({ id: lease.id });
  if (!row) return;
  const { place, record } = sealedOf(row);
  const fields = openFields(place, record);
  const answer = await ask(row, fields).catch((error: unknown) => refusalOf(error));
  if (answer instanceof TokenRefusal) {
    const { reason, code } = answer;
    log.warn({ ...told, reason, code }, 'a connection could not be renewed');
    return refused(lease, state, answer);
  }
  crashPoint('token.after_answer');
  if (await save(lease, state, answer)) log.debug(told, 'a connection was renewed');
  else log.warn(told, 'new tokens came too late: the connection has others by now');
  crashPoint('token.after_save');
}

async function ask(row: StoredConnection, fields: Readonly<Record<string, string>>): Promise<Tokens> {
  const { workspaceId, connector } = row;
  const provider = await findProvider(prisma(), { workspaceId, connector, fields });
  refuseOtherClient(row, provider);
  crashPoint('token.before_ask');
  return askToken(provider, grantOf(provider, fields), secretsOf({ connector, fields }));
}

/** Tokens belong to the client that they were given to; shown by another, many providers take them back. */
function refuseOtherClient({ clientId }: StoredConnection, { client, label, facts }: Provider): void {
  if (facts.grant === 'client_credentials' || clientId === null || clientId === client.id) return;
  const message = `It was connected by another OAuth app of ${label} than the one in this workspace now.`;
  throw new TokenRefusal('client', 'client_changed', message);
}

function grantOf({ facts }: Provider, { refreshToken }: Readonly<Record<string, string>>): Grant {
  if (facts.grant === 'client_credentials') return { kind: 'client' };
  return { kind: 'refresh', refreshToken: refreshToken ?? '' };
}

function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof TokenRefusal) return error;
  if (error instanceof ProviderUnready) return new TokenRefusal('client', error.code, error.message);
  throw error;
}

/** Nobody uses the tokens before they are saved. False where the connection has others by now. */
async function save(
  lease: RenewalLease,
  { workspaceId, slug }: TokenState,
  tokens: Tokens,
): Promise<boolean> {
  const which = { connectionId: lease.id, workspaceId, expectedVersion: lease.version };
  const heldSince = performance.now();
  for (;;) {
    try {
      return await inTransaction((tx) => saveTokens(tx, which, tokens));
    } catch (error) {
      if (!meansDatabaseAway(error) || performance.now() - heldSince > HOLD_ON_MS) throw error;
      log.warn(
        { part: 'connection', connection: slug, err: error },
        'new tokens cannot be saved; trying again',
      );
      await sleep(SAVE_AGAIN_MS);
    }
  }
}

async function refused(lease: RenewalLease, state: TokenState, refusal: TokenRefusal): Promise<void> {
  const { reason, code, retryAfterMs } = refusal;
  const brokeOff = state.isLeaseLeft ? ' A renewal before it broke off before its answer was saved.' : '';
  const message = `${refusal.message}${brokeOff}`;
  // Where nobody consents, nobody can consent again: what is refused is the client.
  const needsConsent = reason === 'grant' && state.hasRefreshToken;
  if (needsConsent) return endConnection(lease, { code, message });
  const kind = reason === 'passing' ? 'passing' : 'client';
  const fails = state.fails + 1;
  const pauseMs = renewalPauseMs({ reason: kind, fails, retryAfterMs, random: Math.random() });
  await inClientTransaction(async (client) => {
    if (!(await postponeRenewal(client, lease, { code, message, pauseMs }))) return;
    // Told once, until it has worked again; who has just made the connection knows.
    const isNew = kind === 'client' && state.version > 0 && state.fault?.code !== code;
    if (isNew) await mailConnection(client, { ...state, message });
  });
}

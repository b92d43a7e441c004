import { StepFailure } from '#core/step-failure.ts';
import type { OAuthConsent } from '#prisma/generated/client.ts';
import { recordAudit, type AuditActor } from '#server/audit/record-audit.ts';
import {
  lockById,
  readStored,
  sealedOf,
  type StoredConnection,
} from '#server/connections/find-connection.ts';
import { mayManage } from '#server/connections/rights.ts';
import { saveTokens, type Account } from '#server/connections/save-tokens.ts';
import { withoutTokens } from '#server/connections/token-fields.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { log } from '#server/log.ts';
import { askToken } from '#server/oauth/ask-token.ts';
import { checkScopes } from '#server/oauth/check-scopes.ts';
import { checkSubscriptions } from '#server/oauth/check-subscriptions.ts';
import { ConsentFault } from '#server/oauth/consent-fault.ts';
import { findAccount } from '#server/oauth/find-account.ts';
import { findProvider, ProviderUnready, type Provider } from '#server/oauth/provider.ts';
import { readAnswer } from '#server/oauth/read-answer.ts';
import { takeConsent, type Callback } from '#server/oauth/take-consent.ts';
import { TokenRefusal, type Tokens } from '#server/oauth/token-answer.ts';
import { openFields } from '#server/vault/sealed-record.ts';

/** The id of the consent whose outcome the person is shown; null where no consent of theirs is meant. */
export async function finishConsent(callback: Callback): Promise<string | null> {
  const consent = await takeConsent(callback);
  if (!consent) return null;
  await conclude(consent, callback).catch(async (error: unknown) => {
    const outcome = error instanceof ConsentFault ? told(error) : failed(error);
    // It may be gone, with its connection.
    await prisma().oAuthConsent.updateMany({ where: { id: consent.id }, data: { outcome } });
  });
  return consent.id;
}

/** Connects, or throws `ConsentFault` and changes nothing. */
async function conclude(consent: OAuthConsent, callback: Callback): Promise<void> {
  const connection = await readStored({ id: consent.connectionId });
  if (!connection) throw new ConsentFault('failed', 'The connection was deleted meanwhile.');
  refuseOthers(connection, consent, callback);
  const fields = openedFields(connection);
  const provider = await providerOf(prisma(), consent, fields);
  const code = readAnswer(provider, callback.query);
  if (consent.linkId !== null) await requireOpenLink(consent.linkId);
  const tokens = await exchange(provider, consent, code);
  checkScopes(provider, tokens);
  const account = await accountOf(consent.workspaceId, provider, {
    ...withoutTokens(consent.connector, fields),
    ...tokens.kept,
    accessToken: tokens.accessToken,
  });
  await inTransaction((tx) => save(tx, { consent, provider, tokens, account, address: callback.address }));
}

/** Rights are those of now: between a consent's beginning and its end, a member may have lost them. */
function refuseOthers(connection: StoredConnection, { userId }: OAuthConsent, { actor }: Callback): void {
  if (userId === null) return;
  const mayStill = actor && actor.workspaceId === connection.workspaceId && mayManage(connection, actor);
  if (!mayStill)
    throw new ConsentFault('failed', 'You may no longer change this connection. Nothing was changed.');
}

/** The provider that the person was sent to. */
async function providerOf(
  tx: Transaction,
  { workspaceId, connector, clientId }: OAuthConsent,
  fields: Readonly<Record<string, string>>,
): Promise<Provider> {
  const provider = await findProvider(tx, { workspaceId, connector, fields }).catch((error: unknown) => {
    if (error instanceof ProviderUnready) throw new ConsentFault('failed', error.message);
    throw error;
  });
  if (provider.client.id === clientId) return provider;
  throw new ConsentFault('failed', `The OAuth app for ${provider.label} was changed meanwhile. Try again.`);
}

async function requireOpenLink(id: string): Promise<void> {
  const link = await prisma().connectLink.findUnique({ where: { id } });
  if (!link || link.usedAt !== null || link.cancelledAt !== null) throw linkOver();
}

async function exchange(provider: Provider, consent: OAuthConsent, code: string): Promise<Tokens> {
  const { verifier = '' } = openFields(
    { workspaceId: consent.workspaceId, recordId: consent.id },
    {
      wrappedKey: consent.wrappedKey,
      keyVersion: consent.keyVersion,
      fields: new Map([['verifier', consent.verifier]]),
    },
  );
  const { redirectUri } = consent;
  return askToken(provider, { kind: 'code', code, redirectUri, verifier }).catch((error: unknown) => {
    if (!(error instanceof TokenRefusal)) throw error;
    throw new ConsentFault('failed', `${error.message} Nothing was changed. Try again.`);
  });
}

async function accountOf(
  workspaceId: string,
  provider: Provider,
  fields: Readonly<Record<string, string>>,
): Promise<Account | null> {
  return findAccount(workspaceId, { connector: provider.connector, fields }).catch((error: unknown) => {
    if (!(error instanceof StepFailure)) throw error;
    throw new ConsentFault('failed', `${error.error.message} Nothing was changed. Try again.`);
  });
}

interface Granted {
  readonly consent: OAuthConsent;
  readonly provider: Provider;
  readonly tokens: Tokens;
  readonly account: Account | null;
  readonly address: string;
}

/** Tokens, link, outcome and audit entry commit together, if nothing that they were asked for by has changed meanwhile. */
async function save(tx: Transaction, granted: Granted): Promise<void> {
  const { consent, provider, tokens, account, address } = granted;
  const connection = await lockById(tx, consent.connectionId);
  if (!connection) throw new ConsentFault('failed', 'The connection was deleted meanwhile.');
  refuseOtherAccount(connection, granted);
  const { tokenUrl, label } = await providerOf(tx, consent, openedFields(connection));
  if (tokenUrl !== provider.tokenUrl)
    throw new ConsentFault('failed', `The address of ${label} was changed meanwhile. Try again.`);
  if (consent.linkId !== null) await useLink(tx, consent.linkId);
  const { id: connectionId, workspaceId } = connection;
  const scopes = [...(tokens.scopes ?? provider.scopes)];
  await saveTokens(
    tx,
    { connectionId, workspaceId, clientId: provider.client.id },
    { ...tokens, scopes },
    account ?? undefined,
  );
  await checkSubscriptions(tx, connection);
  await recordAudit(tx, await actorOf(tx, consent, address), {
    action: 'connection.connect',
    resource: `connection:${connection.slug}`,
    detail: {
      connector: consent.connector,
      scopes,
      ...(account && { account: account.label }),
      ...(consent.linkId !== null && { link: consent.linkId }),
    },
  });
  const whose = account ? ` as ${account.label}` : '';
  const outcome = { kind: 'connected', message: `${label} is connected${whose}.` };
  await tx.oAuthConsent.update({ where: { id: consent.id }, data: { outcome } });
}

/** Flows that were made for one account must not go on with another because somebody was signed in to that. */
function refuseOtherAccount({ accountId, accountLabel }: StoredConnection, granted: Granted): void {
  const { account, provider } = granted;
  if (!account || accountId === null || accountId === account.id) return;
  const before = accountLabel ?? accountId;
  throw new ConsentFault(
    'wrong_account',
    `This connection belongs to ${before} at ${provider.label}, but you granted access to ${account.label}. Nothing was changed. Sign in there as ${before} and try again, or make a new connection for ${account.label}.`,
  );
}

async function useLink(tx: Transaction, id: string): Promise<void> {
  const used = await tx.$executeRaw`
    UPDATE connect_link SET used_at = now() WHERE id = ${id}::uuid AND used_at IS NULL AND cancelled_at IS NULL`;
  if (used !== 1) throw linkOver();
}

function linkOver(): ConsentFault {
  const message = 'The link was used already, or whoever sent it has taken it back. Nothing was changed.';
  return new ConsentFault('failed', message);
}

async function actorOf(tx: Transaction, consent: OAuthConsent, address: string): Promise<AuditActor> {
  const { workspaceId, userId, linkId } = consent;
  if (userId === null)
    return { kind: 'link', id: linkId ?? '', name: 'a connect link', workspaceId, address };
  const user = await tx.user.findUnique({ where: { id: userId } });
  return { kind: 'user', id: userId, name: user?.email ?? '', workspaceId, address };
}

function openedFields(connection: StoredConnection): Record<string, string> {
  const { place, record } = sealedOf(connection);
  return openFields(place, record);
}

function told({ kind, message }: ConsentFault) {
  return { kind, message };
}

function failed(error: unknown) {
  log.error({ part: 'oauth', err: error }, 'A consent could not be finished');
  return { kind: 'failed', message: 'Patchbay failed on this. Nothing was changed. Try again.' };
}

import { findConnector } from '#connectors/definitions.ts';
import { StepFailure } from '#core/step-failure.ts';
import type { OAuthConsent } from '#prisma/generated/client.ts';
import { recordAudit, type AuditActor } from '#server/audit/record-audit.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { readStored, sealedOf } from '#server/connections/find-connection.ts';
import { saveTokens, type Account } from '#server/connections/save-tokens.ts';
import { withoutTokens } from '#server/connections/token-fields.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { log } from '#server/log.ts';
import { askToken } from '#server/oauth/ask-token.ts';
import { ConsentFault } from '#server/oauth/consent-fault.ts';
import { findAccount } from '#server/oauth/find-account.ts';
import { findProvider, ProviderUnready, type Provider } from '#server/oauth/provider.ts';
import { TokenRefusal, type Tokens } from '#server/oauth/token-answer.ts';
import { openFields } from '#server/vault/sealed-record.ts';

/** What a provider sent a person back with, and who the person is. */
export interface Callback {
  readonly query: URLSearchParams;
  /** The signed-in member, if any. */
  readonly userId: string | null;
  /** The cookie of the browser that began it. */
  readonly binding: string | null;
  readonly address: string;
}

/** The id of the consent whose outcome the person is shown; null where no consent of theirs is meant. */
export async function finishConsent(callback: Callback): Promise<string | null> {
  const consent = await takeConsent(callback);
  if (!consent) return null;
  const outcome = await conclude(consent, callback).catch((error: unknown) => {
    if (error instanceof ConsentFault) return { kind: error.kind, message: error.message };
    log.error({ part: 'oauth', err: error }, 'A consent could not be finished');
    return { kind: 'failed' as const, message: 'Patchbay failed on this. Try again.' };
  });
  await prisma().oAuthConsent.update({ where: { id: consent.id }, data: { outcome } });
  return consent.id;
}

/** Takes a consent for good: whoever comes with the same `state` again finds nothing. */
async function takeConsent({ query, userId, binding }: Callback): Promise<OAuthConsent | null> {
  const states = query.getAll('state');
  const [state] = states;
  if (states.length !== 1 || state === undefined) return null;
  const stateHash = new Uint8Array(sha256(state));
  const consent = await prisma().oAuthConsent.findUnique({ where: { stateHash } });
  if (!consent) return null;
  // By anybody else it is not even used up.
  const isOwn =
    consent.userId === null
      ? binding !== null && sha256(binding).equals(consent.bindingHash)
      : consent.userId === userId;
  if (!isOwn) return null;
  const taken = await prisma().$executeRaw`
    UPDATE oauth_consent SET used_at = now() WHERE id = ${consent.id}::uuid AND used_at IS NULL AND expires_at > now()`;
  return taken === 1 ? consent : null;
}

async function conclude(
  consent: OAuthConsent,
  { query, address }: Callback,
): Promise<{ readonly kind: 'connected'; readonly message: string }> {
  const connection = await readStored({ id: consent.connectionId });
  if (!connection) throw new ConsentFault('failed', 'The connection was deleted meanwhile.');
  const { place, record } = sealedOf(connection);
  const fields = openFields(place, record);
  const provider = await findProvider(prisma(), {
    workspaceId: consent.workspaceId,
    connector: consent.connector,
    fields,
  }).catch((error: unknown) => {
    if (error instanceof ProviderUnready) throw new ConsentFault('failed', error.message);
    throw error;
  });
  checkAnswer(provider, consent, query);
  const tokens = await exchange(provider, consent, query.get('code') ?? '');
  checkScopes(provider, tokens);
  const account = await accountOf(provider, {
    ...withoutTokens(fields),
    ...tokens.kept,
    accessToken: tokens.accessToken,
  });
  if (account && connection.accountId !== null && connection.accountId !== account.id)
    throw new ConsentFault(
      'wrong_account',
      `This connection belongs to ${connection.accountLabel ?? connection.accountId} at ${provider.label}, but you granted access to ${account.label}. Nothing was changed. Sign in there as ${connection.accountLabel ?? 'the other account'} and try again, or make a new connection for ${account.label}.`,
    );
  const { id: connectionId, workspaceId } = connection;
  await inTransaction(async (tx) => {
    const clientId = provider.client.id;
    await saveTokens(
      tx,
      { connectionId, workspaceId, clientId },
      { ...tokens, scopes: tokens.scopes ?? provider.scopes },
      account ?? undefined,
    );
    if (consent.linkId)
      await tx.$executeRaw`UPDATE connect_link SET used_at = now() WHERE id = ${consent.linkId}::uuid`;
    await recordAudit(tx, await actorOf(consent, address), {
      action: 'connection.connect',
      resource: `connection:${connection.slug}`,
      detail: {
        connector: consent.connector,
        ...(account && { account: account.label }),
        scopes: [...(tokens.scopes ?? provider.scopes)],
      },
    });
  });
  const whose = account ? ` as ${account.label}` : '';
  return { kind: 'connected', message: `${provider.label} is connected${whose}.` };
}

/** Whether this is the answer of the provider that was asked, and an answer at all. */
function checkAnswer(provider: Provider, consent: OAuthConsent, query: URLSearchParams): void {
  const { label } = provider;
  const issuer = query.get('iss');
  if (issuer !== null && provider.issuer !== null && issuer !== provider.issuer)
    throw new ConsentFault(
      'failed',
      `The answer came from another server than ${label}. Nothing was changed.`,
    );
  if (provider.client.id !== consent.clientId)
    throw new ConsentFault('failed', `The OAuth app for ${label} was changed meanwhile. Try again.`);
  const error = query.get('error');
  if (error === 'access_denied')
    throw new ConsentFault('denied', `You did not allow it at ${label}. Nothing was changed.`);
  if (error !== null) {
    const says = query.get('error_description');
    throw new ConsentFault(
      'failed',
      `${label} refused: ${error.slice(0, 100)}${says === null ? '' : ` (${says.slice(0, 300)})`}. Nothing was changed.`,
    );
  }
  if (!query.get('code'))
    throw new ConsentFault('failed', `${label} sent you back without a code. Try again.`);
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
    if (error instanceof TokenRefusal) throw new ConsentFault('failed', `${error.message} Try again.`);
    throw error;
  });
}

function checkScopes(provider: Provider, { scopes, refreshToken }: Tokens): void {
  if (scopes === null) return;
  const granted = new Set(scopes);
  // Some providers never list it: they show it by the token that it gives.
  const isGiven = (scope: string) =>
    granted.has(scope) || (scope === 'offline_access' && refreshToken !== null);
  const missing = provider.scopes.filter((scope) => !isGiven(scope));
  if (missing.length === 0) return;
  const words = missing.map((scope) => provider.facts.scopes.find(({ id }) => id === scope)?.says ?? scope);
  throw new ConsentFault(
    'missing_scope',
    `${provider.label} did not grant all that is needed. Missing: ${words.join(', ')}. Try again and leave everything ticked.`,
  );
}

async function accountOf(
  provider: Provider,
  fields: Readonly<Record<string, string>>,
): Promise<Account | null> {
  return findAccount({ connector: provider.connector, fields }).catch((error: unknown) => {
    if (error instanceof StepFailure) throw new ConsentFault('failed', `${error.message} Try again.`);
    throw error;
  });
}

async function actorOf(consent: OAuthConsent, address: string): Promise<AuditActor> {
  const { workspaceId, userId, linkId } = consent;
  if (userId === null)
    return { kind: 'link', id: linkId ?? '', name: 'a connect link', workspaceId, address };
  const user = await prisma().user.findUnique({ where: { id: userId } });
  return { kind: 'user', id: userId, name: user?.email ?? '', workspaceId, address };
}

/** What came of a consent, for the page that the person is sent to; null when there is none, or it is long over. */
export async function readOutcome(id: string): Promise<{
  readonly kind: string;
  readonly message: string;
  readonly connection: string;
  readonly isLink: boolean;
  readonly app: string;
} | null> {
  const consent = await prisma().oAuthConsent.findUnique({ where: { id }, include: { connection: true } });
  const outcome = consent?.outcome as { kind?: unknown; message?: unknown } | null | undefined;
  if (!consent || typeof outcome?.kind !== 'string' || typeof outcome.message !== 'string') return null;
  const app = findConnector(consent.connector)?.label ?? consent.connector;
  return {
    kind: outcome.kind,
    message: outcome.message,
    connection: consent.connection.slug,
    isLink: consent.linkId !== null,
    app,
  };
}

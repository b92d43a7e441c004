import { createHash, randomBytes, randomUUID } from 'node:crypto';

import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { sha256 } from '#server/auth/sha256.ts';
import { lockConnection, sealedOf } from '#server/connections/find-connection.ts';
import { keyColumns } from '#server/connections/replace-fields.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { callbackUrl } from '#server/oauth/callback-url.ts';
import { findProvider, type Provider } from '#server/oauth/provider.ts';
import { unreadyProblem } from '#server/oauth/unready-problem.ts';
import { ProblemError } from '#server/problem.ts';
import { openFields, sealFields } from '#server/vault/sealed-record.ts';

const MINUTES = 10;
/** Kept a while longer, for the page that says what came of them. */
const KEPT_HOURS = 24;

/** Who begins a consent: a signed-in member, or whoever holds a link. */
export type ConsentBeginner = { readonly userId: string } | { readonly linkId: string };

export interface BegunConsent {
  /** The provider's consent screen. */
  readonly url: string;
  /** What the browser that began it must still have when it comes back: the value of a cookie. */
  readonly binding: string;
}

/**
 * Begins a consent for a connection: ten minutes, once, for this beginner, client and address alone. Throws 404, and 422 where
 * there is nothing to consent to or no client.
 *
 * @param actor who asks for it, for the audit trail; absent for whoever holds a link.
 */
export async function beginConsent(
  { workspaceId, slug }: { readonly workspaceId: string; readonly slug: string },
  beginner: ConsentBeginner,
  actor?: Actor,
): Promise<BegunConsent> {
  const state = randomBytes(32).toString('base64url');
  const verifier = randomBytes(48).toString('base64url');
  const binding = randomBytes(32).toString('base64url');
  return inTransaction(async (tx) => {
    const row = await lockConnection(tx, workspaceId, slug);
    const { place, record } = sealedOf(row);
    const fields = openFields(place, record);
    const provider = await findProvider(tx, { workspaceId, connector: row.connector, fields }).catch(
      unreadyProblem,
    );
    if (provider.facts.grant !== 'authorization_code') throw noConsent(provider.label);
    const id = randomUUID();
    const sealed = sealFields({ workspaceId, recordId: id }, { verifier });
    await tx.$executeRaw`DELETE FROM oauth_consent WHERE expires_at < now() - ${KEPT_HOURS}::int * interval '1 hour'`;
    await tx.oAuthConsent.create({
      data: {
        id,
        workspaceId,
        connectionId: row.id,
        ...beginner,
        connector: row.connector,
        clientId: provider.client.id,
        redirectUri: callbackUrl(),
        stateHash: new Uint8Array(sha256(state)),
        bindingHash: new Uint8Array(sha256(binding)),
        ...keyColumns(sealed),
        verifier: new Uint8Array(sealed.fields.get('verifier')!),
        // The database's clock decides below.
        expiresAt: new Date(0),
      },
    });
    await tx.$executeRaw`
      UPDATE oauth_consent SET created_at = now(), expires_at = now() + ${MINUTES}::int * interval '1 minute' WHERE id = ${id}::uuid`;
    if (actor)
      await recordAudit(tx, actor, {
        action: 'connection.authorize',
        resource: `connection:${slug}`,
        detail: { connector: row.connector, scopes: [...provider.scopes] },
      });
    return { url: authorizeUrl(provider, { state, verifier }), binding };
  });
}

function authorizeUrl(provider: Provider, { state, verifier }: { state: string; verifier: string }): string {
  const { facts, client, scopes } = provider;
  const url = new URL(provider.authorizeUrl);
  const parameters: Record<string, string> = {
    ...facts.authorizeParameters,
    response_type: 'code',
    client_id: client.id,
    redirect_uri: callbackUrl(),
    state,
    ...(scopes.length > 0 && {
      [facts.scopeParameter ?? 'scope']: scopes.join(facts.scopeSeparator ?? ' '),
    }),
    ...(facts.pkce !== false && {
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function noConsent(label: string): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'no_consent',
    title: 'There is nothing to consent to',
    detail: `${label} gives tokens to its client alone: its connections need no consent.`,
  });
}

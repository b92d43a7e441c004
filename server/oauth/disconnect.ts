import { findConnector } from '#connectors/definitions.ts';
import type { DisconnectedConnection } from '#core/api/connections.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { lockConnection, sealedOf } from '#server/connections/find-connection.ts';
import { readConnection } from '#server/connections/list-connections.ts';
import { replaceFields } from '#server/connections/replace-fields.ts';
import { requireManaged } from '#server/connections/rights.ts';
import { withoutTokens } from '#server/connections/token-fields.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { forgetTokens } from '#server/oauth/forget-tokens.ts';
import { giveBack, takeTokens } from '#server/oauth/give-back.ts';
import { ProblemError } from '#server/problem.ts';
import { openFields, sealFields } from '#server/vault/sealed-record.ts';

/** Forgets an account's tokens and gives them back to the provider. Runs that need the connection wait. Throws 404, 403, 422. */
export async function disconnect(actor: Actor, slug: string): Promise<DisconnectedConnection> {
  const taken = await inTransaction(async (tx) => {
    const row = await lockConnection(tx, actor.workspaceId, slug);
    requireManaged(row, actor);
    if (findConnector(row.connector)?.oauth?.grant !== 'authorization_code') throw nobodyConsented();
    const tokens = await takeTokens(tx, row);
    const { place, record } = sealedOf(row);
    const left = withoutTokens(row.connector, openFields(place, record));
    await replaceFields(tx, row.id, sealFields(place, left));
    await forgetTokens(tx, row.id);
    await recordAudit(tx, actor, {
      action: 'connection.disconnect',
      resource: `connection:${slug}`,
      detail: { connector: row.connector, ...(row.accountLabel !== null && { account: row.accountLabel }) },
    });
    return tokens;
  });
  const revokeError = await giveBack(actor, taken);
  return { ...(await readConnection(actor, slug)), revokeError };
}

function nobodyConsented(): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'no_consent',
    title: 'There is nothing to disconnect',
    detail: 'Nobody granted it access by a consent screen. Delete the connection, or change its fields.',
  });
}

import { insertAudit } from '#server/audit/insert-audit.ts';
import { mailConnection } from '#server/connections/mail-connection.ts';
import { inClientTransaction } from '#server/db/client-transaction.ts';
import { log } from '#server/log.ts';
import { markReconnect, type RenewalLease } from '#server/sql/connection-tokens.ts';

/**
 * Nothing but a person's consent helps a connection any more: marks it, audits that, and tells its people by mail, once. Does nothing
 * where it has other tokens by now, or is marked already.
 *
 * @param lease with `leaseId` null where nobody had to ask the provider.
 */
export async function endConnection(
  lease: Pick<RenewalLease, 'id' | 'version'> & { readonly leaseId: string | null },
  fault: { readonly code: string; readonly message: string },
): Promise<void> {
  const ended = await inClientTransaction(async (client) => {
    const marked = await markReconnect(client, lease, fault);
    if (!marked) return undefined;
    const { workspaceId, slug, connector } = marked;
    const actor = { kind: 'system', name: 'Patchbay', workspaceId, address: '' } as const;
    await insertAudit(client, actor, {
      action: 'connection.end',
      resource: `connection:${slug}`,
      detail: { connector, code: fault.code, message: fault.message },
    });
    await mailConnection(client, { ...marked, status: 'reconnect', message: fault.message });
    return marked;
  });
  if (!ended) return;
  const { workspaceId, slug: connection, connector } = ended;
  log.warn(
    { part: 'connection', workspaceId, connection, connector, code: fault.code },
    'a connection must be connected again; its runs wait',
  );
}

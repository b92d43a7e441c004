import { randomUUID } from 'node:crypto';

import type { ConnectorDef, OAuthDef } from '#connectors/contract.ts';
import { CONNECTORS, findConnector } from '#connectors/definitions.ts';
import { fillUrl } from '#connectors/url-template.ts';
import type { OAuthApp, PutOAuthApp } from '#core/api/connections.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { keyColumns } from '#server/connections/replace-fields.ts';
import { prisma } from '#server/db/prisma.ts';
import { inTransaction, type Transaction } from '#server/db/transaction.ts';
import { env } from '#server/env.ts';
import { callbackUrl } from '#server/oauth/callback-url.ts';
import { clientOfEnvironment, SANDBOX_CONNECTOR } from '#server/oauth/find-client.ts';
import { notFound } from '#server/problem.ts';
import { sealFields } from '#server/vault/sealed-record.ts';

/** Every app that has a consent screen, with the client by which the workspace reaches it. */
export async function listOAuthApps(workspaceId: string): Promise<readonly OAuthApp[]> {
  const rows = await prisma().oAuthApp.findMany({ where: { workspaceId } });
  const clients = new Map(rows.map(({ connector, clientId }) => [connector, clientId]));
  return Promise.all(
    CONNECTORS.filter(needsClient).map((connector) =>
      describe(prisma(), workspaceId, connector, clients.get(connector.id)),
    ),
  );
}

/** Sets or replaces the client. Connections whose tokens belong to another one are counted in the reply: only they can renew those. */
export async function putOAuthApp(actor: Actor, id: string, input: PutOAuthApp): Promise<OAuthApp> {
  const { workspaceId } = actor;
  const connector = required(id);
  const { clientId, clientSecret } = input;
  return inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM workspace WHERE id = ${workspaceId}::uuid FOR NO KEY UPDATE`;
    const old = await tx.oAuthApp.findUnique({
      where: { workspaceId_connector: { workspaceId, connector: id } },
    });
    const recordId = old?.id ?? randomUUID();
    const sealed = sealFields({ workspaceId, recordId }, { clientSecret });
    const data = {
      clientId,
      ...keyColumns(sealed),
      secret: new Uint8Array(sealed.fields.get('clientSecret')!),
    };
    await tx.oAuthApp.upsert({
      where: { id: recordId },
      create: { id: recordId, workspaceId, connector: id, ...data },
      update: data,
    });
    // Renewals that failed by the client before are tried again: they go by the database's clock.
    await tx.$executeRaw`UPDATE oauth_app SET updated_at = clock_timestamp() WHERE id = ${recordId}::uuid`;
    await recordAudit(tx, actor, {
      action: 'oauth_app.set',
      resource: `oauth_app:${id}`,
      detail: { clientId },
    });
    return describe(tx, workspaceId, connector, clientId);
  });
}

/** Takes the workspace's client away. Throws 404 when there is none. */
export async function deleteOAuthApp(actor: Actor, id: string): Promise<void> {
  const { workspaceId } = actor;
  required(id);
  await inTransaction(async (tx) => {
    const { count } = await tx.oAuthApp.deleteMany({ where: { workspaceId, connector: id } });
    if (count === 0) throw notFound(`OAuth app for “${id}” in this workspace`);
    await recordAudit(tx, actor, { action: 'oauth_app.delete', resource: `oauth_app:${id}` });
  });
}

/** Where the client of a connector comes from, by the connectors that the workspace has clients for. */
export function clientSource(
  connector: ConnectorDef,
  ofWorkspace: ReadonlySet<string>,
): OAuthApp['source'] | 'connection' {
  if (connector.oauth?.clientFields) return 'connection';
  if (ofWorkspace.has(connector.id)) return 'workspace';
  if (!clientOfEnvironment(connector.id)) return 'none';
  return connector.id === SANDBOX_CONNECTOR ? 'sandbox' : 'environment';
}

async function describe(
  tx: Transaction,
  workspaceId: string,
  connector: ConnectorDef,
  clientId: string | undefined,
): Promise<OAuthApp> {
  const { id, label, oauth } = connector;
  const used = clientId ?? clientOfEnvironment(id)?.id ?? null;
  const otherClient =
    used === null
      ? 0
      : await tx.connection.count({
          where: { workspaceId, connector: id, clientId: { not: used }, status: { not: 'pending' } },
        });
  const source = clientSource(connector, new Set(clientId === undefined ? [] : [id]));
  return {
    connector: id,
    label,
    source: source === 'connection' ? 'none' : source,
    clientId: used,
    callbackUrl: callbackUrl(),
    setup: setupOf(oauth),
    otherClient,
  };
}

/** How somebody gets a client id and secret. Null also where its address is not known, as that of a sandbox app that is off. */
export function setupOf(oauth: OAuthDef | undefined): OAuthApp['setup'] {
  const url = oauth?.setup && fillUrl(oauth.setup.url, {}, env().PATCHBAY_SANDBOX_URL);
  return oauth?.setup && url ? { url, steps: [...oauth.setup.steps] } : null;
}

function needsClient({ oauth }: ConnectorDef): boolean {
  return oauth !== undefined && oauth.clientFields === undefined;
}

function required(id: string): ConnectorDef {
  const connector = findConnector(id);
  if (!connector || !needsClient(connector))
    throw notFound(`app “${id.slice(0, 63)}” that has a consent screen`);
  return connector;
}

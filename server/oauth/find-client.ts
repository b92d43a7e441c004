import type { OAuthDef } from '#connectors/contract.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { env } from '#server/env.ts';
import { openFields } from '#server/vault/sealed-record.ts';

export interface OAuthClient {
  readonly id: string;
  /** Empty for a public client. */
  readonly secret: string;
}

/** The sandbox app's own client, which every workspace has. */
export const SANDBOX_CONNECTOR = 'acme';
const SANDBOX_CLIENT = 'patchbay';

/** The client by which a connection asks for tokens: its own, the workspace's OAuth app, or the environment's. */
export async function findClient(
  tx: Transaction,
  {
    workspaceId,
    connector,
    facts,
    fields,
  }: {
    readonly workspaceId: string;
    readonly connector: string;
    readonly facts: OAuthDef;
    readonly fields: Readonly<Record<string, string>>;
  },
): Promise<OAuthClient | null> {
  if (facts.clientFields) {
    const { id, secret } = facts.clientFields;
    return fields[id] ? { id: fields[id], secret: fields[secret] ?? '' } : null;
  }
  return (await clientOfWorkspace(tx, workspaceId, connector)) ?? clientOfEnvironment(connector);
}

async function clientOfWorkspace(
  tx: Transaction,
  workspaceId: string,
  connector: string,
): Promise<OAuthClient | null> {
  const app = await tx.oAuthApp.findUnique({
    where: { workspaceId_connector: { workspaceId, connector } },
  });
  if (!app) return null;
  const { clientSecret = '' } = openFields(
    { workspaceId, recordId: app.id },
    {
      wrappedKey: app.wrappedKey,
      keyVersion: app.keyVersion,
      fields: new Map([['clientSecret', app.secret]]),
    },
  );
  return { id: app.clientId, secret: clientSecret };
}

/** `PATCHBAY_OAUTH_<CONNECTOR>_CLIENT_ID` and `…_CLIENT_SECRET`, for all workspaces. */
export function clientOfEnvironment(
  connector: string,
  source: Readonly<Record<string, string | undefined>> = process.env,
): OAuthClient | null {
  const { PATCHBAY_SANDBOX_SECRET: sandboxSecret } = env();
  if (connector === SANDBOX_CONNECTOR && sandboxSecret) return { id: SANDBOX_CLIENT, secret: sandboxSecret };
  const name = `PATCHBAY_OAUTH_${connector.toUpperCase()}_CLIENT`;
  const id = source[`${name}_ID`];
  return id ? { id, secret: source[`${name}_SECRET`] ?? '' } : null;
}

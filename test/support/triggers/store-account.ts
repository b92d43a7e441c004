import { prisma } from '#server/db/prisma.ts';
import { makeConnection } from '#test/support/connections.ts';
import { ACCESS_TOKEN } from './webhook-provider.ts';

export interface StoredAccount {
  readonly slug: string;
  /** Default `acme`. */
  readonly connector?: string;
  readonly status?: 'pending' | 'ok' | 'reconnect';
  /** Whose account it is at the provider. */
  readonly accountId?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Stores a connection to an app, as consent would have. Resolves to its id. */
export async function storeAccount(workspaceId: string, account: StoredAccount): Promise<string> {
  const { slug, connector = 'acme', fields = { accessToken: ACCESS_TOKEN }, status, accountId } = account;
  await makeConnection(workspaceId, { slug, connector, fields });
  const { id } = await prisma().connection.update({
    where: { workspaceId_slug: { workspaceId, slug } },
    data: { status: status ?? 'ok', accountId: accountId ?? null, tokenVersion: 1 },
  });
  return id;
}

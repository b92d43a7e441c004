import { createHash } from 'node:crypto';

import { findConnector } from '#connectors/definitions.ts';
import { prisma } from '#server/db/prisma.ts';
import type { SubscriptionSecrets } from '#server/ingress/subscription-secrets.ts';
import { findClient } from '#server/oauth/find-client.ts';

/** The secret of the workspace's OAuth app for a connector, which some providers sign with; none where there is no such app. */
export async function clientSecrets(workspaceId: string, connector: string): Promise<SubscriptionSecrets> {
  const facts = findConnector(connector)?.oauth;
  const client = facts && (await findClient(prisma(), { workspaceId, connector, facts, fields: {} }));
  const secrets = client && client.secret !== '' ? [client.secret] : [];
  return {
    stamp: secrets.map((secret) => createHash('sha256').update(secret).digest('hex')).join(),
    secrets,
  };
}

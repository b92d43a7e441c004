import { authenticate } from '#connectors/authenticate.ts';
import type { HttpClient } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { fillUrl } from '#connectors/url-template.ts';
import { isTokenRefused } from '#server/connections/is-token-refused.ts';
import { sealedOf } from '#server/connections/find-connection.ts';
import { prisma } from '#server/db/prisma.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { env } from '#server/env.ts';
import { openFields } from '#server/vault/sealed-record.ts';

/**
 * Whether a provider refuses the token of a connection, asked by the one call that every good token may make. A step's call may be
 * refused for itself: a wrong address must not cost a connection. Where the connector names no such call, the word of its own hosts counts,
 * and that of others does not. Throws `StepFailure` where the provider cannot be reached.
 */
export async function confirmRefusal(id: string, http: HttpClient = egressClient()): Promise<boolean> {
  const row = await prisma().connection.findUnique({ where: { id }, include: { fields: true } });
  const connector = row && findConnector(row.connector);
  if (!connector) return false;
  const { account, baseUrl } = connector;
  if (!account) return baseUrl !== undefined;
  const { place, record } = sealedOf(row);
  const connection = { connector: row.connector, fields: openFields(place, record) };
  const { PATCHBAY_SANDBOX_URL: sandboxUrl } = env();
  const url = fillUrl(account.url, connection.fields, sandboxUrl);
  if (url === null) return false;
  const { method = 'GET', body, headers } = account;
  const request = {
    method,
    url,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeoutMs: 10_000,
    maxBytes: 1_048_576,
  };
  return isTokenRefused(connector.oauth, await http(authenticate(request, connection, sandboxUrl)));
}

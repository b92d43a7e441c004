import type { HttpClient } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { readStored, sealedOf } from '#server/connections/find-connection.ts';
import { isTokenRefused } from '#server/connections/is-token-refused.ts';
import { egressClient } from '#server/egress/egress-client.ts';
import { accountRequest } from '#server/oauth/account-request.ts';
import { openFields } from '#server/vault/sealed-record.ts';

/**
 * Whether a provider refuses the token of a connection, asked by the one call that every good token may make. A step's call may be
 * refused for itself: a wrong address must not cost a connection. Where the connector names no such call, the word of its own hosts counts,
 * and that of others does not. Throws `StepFailure` where the provider cannot be reached.
 */
export async function confirmRefusal(id: string, http: HttpClient = egressClient()): Promise<boolean> {
  const row = await readStored({ id });
  if (!row) return false;
  const connector = findConnector(row.connector);
  const { place, record } = sealedOf(row);
  const opened = { connector: row.connector, fields: openFields(place, record) };
  const request = await accountRequest(row.workspaceId, opened);
  if (!request) return connector?.baseUrl !== undefined;
  return isTokenRefused(connector?.oauth, await http(request));
}

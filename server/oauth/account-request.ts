import { authenticate } from '#connectors/authenticate.ts';
import type { HttpRequest, OpenConnection } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { fillUrl } from '#connectors/url-template.ts';
import { StepFailure } from '#core/step-failure.ts';
import { env } from '#server/env.ts';

const TIMEOUT_MS = 15_000;

/**
 * The call that shows whose account a connection is, which every good token may make, with what shows who calls. Null where its
 * connector has none. Rejects with `StepFailure` where the address is not known.
 */
export async function accountRequest(
  workspaceId: string,
  connection: OpenConnection,
): Promise<HttpRequest | null> {
  const connector = findConnector(connection.connector);
  if (!connector?.account) return null;
  const { url, method = 'GET', body, headers } = connector.account;
  const sandboxUrl = env().PATCHBAY_SANDBOX_URL;
  const filled = fillUrl(url, connection.fields, sandboxUrl);
  if (filled === null) {
    const message = `The address of ${connector.label} is not known.`;
    throw new StepFailure({ kind: 'invalid', code: 'no_address', message });
  }
  const request = {
    method,
    url: filled,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeoutMs: TIMEOUT_MS,
    maxBytes: 1_048_576,
  };
  const setting = { workspaceId, sandboxUrl, now: Date.now() };
  return connector.callAuth ? authenticate(request, connection, setting) : request;
}

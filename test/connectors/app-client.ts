import { authenticate } from '#connectors/authenticate.ts';
import type { HttpClient, OpenConnection } from '#connectors/contract.ts';
import type { Sink } from '#test/support/sink.ts';
import { fetchClient } from './step-context.ts';

/** Where the sandbox app is said to be. */
export const SANDBOX = 'https://acme.example.com';

/** The connection that operations of apps are run with: texts for all fields that addresses and credentials name. */
export function connectionOf(connector: string): OpenConnection {
  const fields = {
    accessToken: 'an-access-token',
    secretKey: 'rk_test_key',
    token: 'a-token',
    instanceUrl: 'https://octo.my.salesforce.com',
  };
  return { connector, fields };
}

/**
 * The HTTP client of a step: credentials are put on as in the product, then the call goes to the sink, with the same path and query.
 * `onCall` is told where it was meant to go.
 */
export function appClient(
  sink: Sink,
  connection: OpenConnection,
  onCall?: (url: string) => void,
): HttpClient {
  return async (asked) => {
    const request = await authenticate(asked, connection, {
      workspaceId: 'w',
      sandboxUrl: SANDBOX,
      now: Date.now(),
    });
    const { pathname, search } = new URL(request.url);
    const answer = await fetchClient({ ...request, url: `${sink.url}${pathname}${search}` });
    onCall?.(request.url);
    return answer;
  };
}

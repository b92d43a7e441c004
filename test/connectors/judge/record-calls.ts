import { authenticate } from '#connectors/authenticate.ts';
import type { HttpRequest, OpenConnection } from '#connectors/contract.ts';
import { findConnector, findOperation } from '#connectors/definitions.ts';
import { findHandler } from '#connectors/handlers.ts';
import { loadPage } from '#connectors/kit/load-page.ts';
import { fillUrl } from '#connectors/url-template.ts';
import type { JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import type { Sink } from '#test/support/sink.ts';
import { fetchClient, stepContext } from '../step-context.ts';
import type { JudgedRequest } from './judge-request.ts';

/** Where the sandbox app is said to be. */
export const SANDBOX = 'https://acme.example.com';

/** The connection that every connector's operations are run with: texts for all fields that addresses and credentials name. */
export function connectionOf(connector: string): OpenConnection {
  const fields = {
    accessToken: 'an-access-token',
    secretKey: 'rk_test_key',
    instanceUrl: 'https://octo.my.salesforce.com',
  };
  return { connector, fields };
}

/**
 * Runs an operation by its real handler and gives back the requests that it makes: with the vendor's own host, and as they arrived
 * at a real server. What the handler makes of the sink's reply is of no matter here.
 */
export async function recordCalls(
  sink: Sink,
  type: string,
  settings: JsonObject,
): Promise<readonly JudgedRequest[]> {
  const { connector, operation } = findOperation(type, 1)!;
  const input = operation.input.parse(settings) as JsonObject;
  const connection = connectionOf(connector.id);
  return recorded(sink, connection, (http) =>
    findHandler(type, 1)!(input, { ...stepContext({ connection }), http }),
  );
}

/** The same for a live list of a connector. */
export async function recordList(
  sink: Sink,
  { id, loader: name }: { readonly id: string; readonly loader: string },
  settings: JsonObject,
): Promise<readonly JudgedRequest[]> {
  const connector = findConnector(id)!;
  const loader = connector.optionLoaders![name]!;
  const context = stepContext();
  return recorded(sink, connectionOf(id), (http) =>
    loadPage({ connector, loader, mark: null }, settings, { ...context, http }),
  );
}

/** The same for the call that shows whose account a connection is. */
export async function recordAccount(sink: Sink, id: string): Promise<readonly JudgedRequest[]> {
  const account = findConnector(id)?.account;
  if (!account) throw new Error(`${id} says no account call`);
  const connection = connectionOf(id);
  return recorded(sink, connection, (http) =>
    http({
      method: account.method ?? 'GET',
      url: fillUrl(account.url, connection.fields, SANDBOX) ?? '',
      headers: {
        ...(account.body !== undefined && { 'content-type': 'application/json' }),
        ...account.headers,
      },
      ...(account.body !== undefined && { body: JSON.stringify(account.body) }),
      isAuthenticated: true,
    }),
  );
}

async function recorded(
  sink: Sink,
  connection: OpenConnection,
  run: (http: (request: HttpRequest) => ReturnType<typeof fetchClient>) => unknown,
): Promise<readonly JudgedRequest[]> {
  const made: JudgedRequest[] = [];
  const http = async (asked: HttpRequest) => {
    const request = authenticate(asked, connection, SANDBOX);
    const { pathname, search } = new URL(request.url);
    const reply = await fetchClient({ ...request, url: `${sink.url}${pathname}${search}` });
    const arrived = sink.requests.at(-1)!;
    made.push({
      method: arrived.method,
      url: request.url,
      headers: arrived.headers,
      body: arrived.body.toString(),
    });
    return reply;
  };
  try {
    await run(http);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
  }
  return made;
}

import type { HttpClient, OpenConnection } from '#connectors/contract.ts';
import { findConnector, findOperation } from '#connectors/definitions.ts';
import { findHandler } from '#connectors/handlers.ts';
import { loadPage } from '#connectors/kit/load-page.ts';
import { fillUrl } from '#connectors/url-template.ts';
import type { JsonObject } from '#core/json.ts';
import { StepFailure } from '#core/step-failure.ts';
import type { Sink } from '#test/support/sink.ts';
import { appClient, connectionOf, SANDBOX } from '../app-client.ts';
import { stepContext } from '../step-context.ts';
import type { JudgedRequest } from './judge-request.ts';

/**
 * Runs an operation by its real handler and gives back the requests that it makes: with the vendor's own host, and as they arrived
 * at a real server. What the handler makes of the sink's reply is of no matter here.
 */
export async function recordCalls(
  sink: Sink,
  { type, reply }: { readonly type: string; readonly reply?: JsonObject },
  settings: JsonObject,
): Promise<readonly JudgedRequest[]> {
  const { connector, operation } = findOperation(type, 1)!;
  const input = operation.input.parse(settings) as JsonObject;
  const connection = connectionOf(connector.id);
  return recorded(sink, { connection, reply }, (http) =>
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
  return recorded(sink, { connection: connectionOf(id) }, (http) =>
    loadPage({ connector, loader, mark: null }, settings, { ...context, http }),
  );
}

/** The same for the call that shows whose account a connection is. */
export async function recordAccount(sink: Sink, id: string): Promise<readonly JudgedRequest[]> {
  const account = findConnector(id)?.account;
  if (!account) throw new Error(`${id} says no account call`);
  const { method = 'GET', url, headers, body } = account;
  const connection = connectionOf(id);
  return recorded(sink, { connection }, (http) =>
    http({
      method,
      url: fillUrl(url, connection.fields, SANDBOX) ?? '',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      isAuthenticated: true,
    }),
  );
}

async function recorded(
  sink: Sink,
  { connection, reply = { ok: true } }: { readonly connection: OpenConnection; readonly reply?: JsonObject },
  run: (http: HttpClient) => unknown,
): Promise<readonly JudgedRequest[]> {
  const made: JudgedRequest[] = [];
  sink.replyToAll({ body: reply });
  const http = appClient(sink, connection, (url) => {
    const { method, headers, body } = sink.requests.at(-1)!;
    made.push({ method, url, headers, body: body.toString() });
  });
  try {
    await run(http);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
  }
  return made;
}

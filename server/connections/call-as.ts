import { authenticate } from '#connectors/authenticate.ts';
import type { HttpClient, HttpRequest, HttpResponse, OpenConnection } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { isTokenRefused } from '#server/connections/is-token-refused.ts';
import { env } from '#server/env.ts';

/** Who makes a call. */
export interface Caller {
  readonly workspaceId: string;
  readonly connection: OpenConnection | undefined;
  readonly send: HttpClient;
  /** Milliseconds since 1970, by the database's clock. */
  now(): number;
  /** The connection with another token than this refused one; null where there is none. Its failure is the call's. */
  reopen(refused: OpenConnection): Promise<OpenConnection | null>;
  /** The call was refused with the other token, too. */
  onRefusedAgain(): void;
}

/**
 * Makes a call with what shows who calls, where the request asks for it. Where its token is refused, which means that it was not
 * carried out, it is made once more with another one.
 */
export async function callAs(asked: HttpRequest, caller: Caller): Promise<HttpResponse> {
  const { connection, send } = caller;
  const as = (who: OpenConnection) => withCredentials(asked, who, caller);
  if (!asked.isAuthenticated || !connection) return send(asked);
  const reply = await send(await as(connection));
  const facts = findConnector(connection.connector)?.oauth;
  if (!isTokenRefused(facts, reply)) return reply;
  const other = await caller.reopen(connection);
  if (!other) return reply;
  const second = await send(await as(other));
  if (isTokenRefused(facts, second)) caller.onRefusedAgain();
  return second;
}

function withCredentials(
  request: HttpRequest,
  connection: OpenConnection,
  { workspaceId, now }: Pick<Caller, 'workspaceId' | 'now'>,
): Promise<HttpRequest> {
  return authenticate(request, connection, {
    workspaceId,
    sandboxUrl: env().PATCHBAY_SANDBOX_URL,
    now: now(),
  });
}

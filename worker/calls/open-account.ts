import type { HttpClient, OpenConnection } from '#connectors/contract.ts';
import { callAs } from '#server/connections/call-as.ts';
import { ConnectionAway } from '#server/connections/connection-away.ts';
import type { ConnectionDesk } from '#worker/calls/connection-desk.ts';
import { parked } from '#worker/calls/parked.ts';
import { shownBy } from '#server/connections/shown-by.ts';
import type { Redaction } from '#worker/redact.ts';
import { patiently, requiredConnection, unreadable } from '#worker/required-connection.ts';

export interface AccountServices {
  readonly http: HttpClient;
  readonly connections: Pick<ConnectionDesk, 'open' | 'reopen' | 'noteUseless'>;
  /** Milliseconds since 1970, by the database's clock. */
  now(): number;
}

/** The account by which a trigger asks a provider. */
export interface Account {
  /** Undefined for a trigger that names none. */
  readonly connection: OpenConnection | undefined;
  /** Requests that are `isAuthenticated` show the account; where its token is refused, they are made once more with another one. */
  readonly http: HttpClient;
}

export interface AccountPlace {
  readonly workspaceId: string;
  /** Whose flow it is; null for nobody's, undefined where that does not matter. */
  readonly userId: string | null | undefined;
  /** Undefined for a trigger that names none. */
  readonly slug: string | undefined;
  readonly timeoutMs: number;
}

/**
 * Opens a trigger's connection. Throws `HeldBack` where the trigger must wait for it, `StepFailure` when it is missing or cannot be
 * opened; the client throws the same.
 *
 * @param redaction learns the secrets of every token that is used.
 */
export async function openAccount(
  { workspaceId, userId, slug, timeoutMs }: AccountPlace,
  { http, connections, now }: AccountServices,
  redaction: Redaction,
): Promise<Account> {
  const opener = { openConnection: connections.open.bind(connections) };
  const connection = await requiredConnection(opener, {
    workspaceId,
    userId,
    slug,
    now: now(),
    leftMs: timeoutMs,
  });
  redaction.add(connection);
  const reopen = async (refused: OpenConnection): Promise<OpenConnection | null> => {
    const name = slug ?? '';
    try {
      const asking = connections.reopen(workspaceId, name, refused);
      const other = await patiently(asking, { slug: name, leftMs: timeoutMs });
      redaction.add(other);
      return other;
    } catch (error) {
      throw error instanceof ConnectionAway ? parked(error, now()) : unreadable(name, error);
    }
  };
  const onRefusedAgain = () => connections.noteUseless(workspaceId, slug ?? '');
  const send: HttpClient = (request) => {
    if (request.isAuthenticated) redaction.addShown(shownBy(request));
    return http(request);
  };
  const caller = { workspaceId, connection, send, now, reopen, onRefusedAgain };
  return { connection, http: (asked) => callAs(asked, caller) };
}

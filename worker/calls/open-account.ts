import type { HttpClient, OpenConnection } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';
import { ConnectionAway } from '#server/connections/connection-away.ts';
import { callAs } from '#server/connections/call-as.ts';
import type { ConnectionDesk } from '#worker/calls/connection-desk.ts';
import { parked } from '#worker/calls/parked.ts';
import { redactor } from '#worker/redact.ts';
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

/** Takes the secrets that calls were made with out of a value. */
export class Redaction {
  #redactors: (<T extends Json>(value: T) => T)[] = [];

  add(connection: OpenConnection | null | undefined): void {
    if (connection) this.#redactors.push(redactor(connection.fields));
  }

  apply<T extends Json>(value: T): T {
    return this.#redactors.reduce((left, redact) => redact(left), value);
  }
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
  return { connection, http: (asked) => callAs(asked, { connection, send: http, reopen, onRefusedAgain }) };
}

import type { HttpClient, OpenConnection } from '#connectors/contract.ts';
import { attemptCalls, type CallServices } from '#worker/calls/attempt-calls.ts';
import type { ConnectionDesk } from '#worker/calls/connection-desk.ts';
import type { Redaction } from '#worker/redact.ts';
import { requiredConnection } from '#worker/required-connection.ts';

export interface AccountServices extends CallServices {
  readonly connections: Pick<ConnectionDesk, 'open' | 'reopen' | 'noteUseless'>;
}

/** The account by which a trigger asks a provider. */
export interface Account {
  /** Undefined for a trigger that names none. */
  readonly connection: OpenConnection | undefined;
  /**
   * Requests that are `isAuthenticated` show the account; where its token is refused, they are made once more with another one.
   * They keep to the breakers and budgets of steps.
   */
  readonly http: HttpClient;
}

export interface AccountPlace {
  readonly workspaceId: string;
  /** Whose flow it is; null for nobody's, undefined where that does not matter. */
  readonly userId: string | null | undefined;
  /** Undefined for a trigger that names none. */
  readonly slug: string | undefined;
  readonly timeoutMs: number;
  /** True where a far end that fails otherwise may be asked: what it is asked for now it did not fail in. Default false. */
  readonly isUpkeep?: boolean;
}

/**
 * Opens a trigger's connection. Throws `HeldBack` where the trigger must wait for it, `StepFailure` when it is missing or cannot be
 * opened; the client throws the same.
 *
 * @param redaction learns the secrets of every token that is used.
 */
export async function openAccount(
  { workspaceId, userId, slug, timeoutMs, isUpkeep = false }: AccountPlace,
  services: AccountServices,
  redaction: Redaction,
): Promise<Account> {
  const { connections, now } = services;
  const opener = { openConnection: connections.open.bind(connections) };
  const connection = await requiredConnection(opener, {
    workspaceId,
    userId,
    slug,
    now: now(),
    leftMs: timeoutMs,
  });
  redaction.add(connection);
  const attempt = { workspaceId, slug, connection, redaction, slot: null, isUrged: false } as const;
  const { http } = attemptCalls(
    { ...attempt, isUpkeep, waitsForBudget: true, effect: 'read', leftMs: () => timeoutMs },
    services,
  );
  return { connection, http };
}

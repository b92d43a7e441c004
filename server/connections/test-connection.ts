import { findConnector } from '#connectors/definitions.ts';
import { toStepError } from '#core/step-failure.ts';
import type { Actor } from '#server/auth/actor.ts';
import { ConnectionAway } from '#server/connections/connection-away.ts';
import { openConnection } from '#server/connections/open-connection.ts';
import { readConnection } from '#server/connections/list-connections.ts';
import { requireManaged } from '#server/connections/rights.ts';
import { findConnection } from '#server/connections/find-connection.ts';
import { prisma } from '#server/db/prisma.ts';
import { findAccount } from '#server/oauth/find-account.ts';
import { ProblemError } from '#server/problem.ts';

/** What came of a test. */
export interface TestedConnection {
  readonly ok: boolean;
  readonly account: string | null;
  /** Why it does not work. */
  readonly error: string | null;
}

/** Makes a harmless call in a connection's name. Throws 404, 403, and 422 where its connector has no such call. */
export async function testConnection(actor: Actor, slug: string): Promise<TestedConnection> {
  const row = await findConnection(prisma(), actor.workspaceId, slug);
  requireManaged(row, actor);
  const shown = await readConnection(actor, slug);
  const connector = findConnector(row.connector);
  if (!connector?.account) throw untestable(connector?.label ?? row.connector);
  if (shown.status === 'pending') return failed('Nobody has granted access yet.');
  try {
    const opened = await openConnection(actor.workspaceId, slug);
    if (!opened) return failed('The connection is gone.');
    const account = await findAccount(opened);
    return { ok: true, account: account?.label ?? null, error: null };
  } catch (thrown) {
    return failed(thrown instanceof ConnectionAway ? thrown.message : toStepError(thrown).message);
  }
}

function failed(error: string): TestedConnection {
  return { ok: false, account: null, error };
}

function untestable(label: string): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'untestable',
    title: 'It cannot be tested by itself',
    detail: `A connection of the kind ${label} has no call of its own. Test a step that uses it.`,
  });
}

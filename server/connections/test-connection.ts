import { findConnector } from '#connectors/definitions.ts';
import { StepFailure } from '#core/step-failure.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { ConnectionAway } from '#server/connections/connection-away.ts';
import { findConnection } from '#server/connections/find-connection.ts';
import { openConnection } from '#server/connections/open-connection.ts';
import { requireManaged } from '#server/connections/rights.ts';
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
  const { workspaceId } = actor;
  const row = await findConnection(prisma(), workspaceId, slug);
  requireManaged(row, actor);
  const connector = findConnector(row.connector);
  if (!connector?.account) throw untestable(connector?.label ?? row.connector);
  const tested = await tryOut(workspaceId, slug);
  await recordAudit(prisma(), actor, {
    action: 'connection.test',
    resource: `connection:${slug}`,
    detail: { connector: connector.id, ok: tested.ok },
  });
  return tested;
}

async function tryOut(workspaceId: string, slug: string): Promise<TestedConnection> {
  try {
    const opened = await openConnection(workspaceId, slug);
    if (!opened) return failed('The connection is gone.');
    const account = await findAccount(workspaceId, opened).catch((error: unknown) => {
      if (!(error instanceof StepFailure)) throw error;
      return failed(error.error.message);
    });
    return account && 'ok' in account ? account : { ok: true, account: account?.label ?? null, error: null };
  } catch (thrown) {
    if (thrown instanceof ConnectionAway) return failed(thrown.message);
    throw thrown;
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

import type { OpenConnection } from '#connectors/contract.ts';
import { findConnector } from '#connectors/definitions.ts';
import { StepFailure } from '#core/step-failure.ts';
import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { ConnectionAway } from '#server/connections/connection-away.ts';
import { findConnection } from '#server/connections/find-connection.ts';
import { openConnection, reopenConnection } from '#server/connections/open-connection.ts';
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
    const first = await ask(workspaceId, opened);
    const other = first.isRefused ? await reopenConnection(workspaceId, slug, opened) : null;
    // A token that ended meanwhile says nothing of the connection.
    return other ? (await ask(workspaceId, other)).tested : first.tested;
  } catch (thrown) {
    if (thrown instanceof ConnectionAway) return failed(thrown.message);
    throw thrown;
  }
}

async function ask(
  workspaceId: string,
  opened: OpenConnection,
): Promise<{ readonly tested: TestedConnection; readonly isRefused: boolean }> {
  try {
    const account = await findAccount(workspaceId, opened);
    return { tested: { ok: true, account: account?.label ?? null, error: null }, isRefused: false };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { tested: failed(error.error.message), isRefused: error.error.kind === 'auth' };
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

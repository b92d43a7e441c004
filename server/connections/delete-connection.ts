import { recordAudit } from '#server/audit/record-audit.ts';
import type { Actor } from '#server/auth/actor.ts';
import { connectionUsers } from '#server/connections/connection-users.ts';
import { lockConnection } from '#server/connections/find-connection.ts';
import { requireManaged } from '#server/connections/rights.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { giveBack, takeTokens } from '#server/oauth/give-back.ts';
import { ProblemError } from '#server/problem.ts';

/** Deletes a connection and its secrets. 409 with the flows' slugs while a published version uses it; drafts may lose it. */
export async function deleteConnection(actor: Actor, slug: string): Promise<void> {
  const { workspaceId } = actor;
  const taken = await inTransaction(async (tx) => {
    // Publishing locks its flow before it looks for connections: holding all of them keeps it from using this one meanwhile.
    await tx.$queryRaw`SELECT id FROM flow WHERE workspace_id = ${workspaceId}::uuid ORDER BY id FOR SHARE`;
    const row = await lockConnection(tx, workspaceId, slug);
    requireManaged(row, actor);
    const users = await connectionUsers(tx, workspaceId, slug);
    const published = users.filter(({ isPublished }) => isPublished).map(({ flow }) => flow);
    if (published.length > 0) throw inUse(slug, published);
    const tokens = await takeTokens(tx, row);
    await tx.connection.delete({ where: { id: row.id } });
    await recordAudit(tx, actor, {
      action: 'connection.delete',
      resource: `connection:${slug}`,
      detail: { connector: row.connector, name: row.name },
    });
    return tokens;
  });
  await giveBack(actor, taken);
}

function inUse(slug: string, flows: readonly string[]): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'connection_in_use',
    title: 'The connection is in use',
    detail: `Published flows use “${slug}”: ${flows.join(', ')}. Unpublish them or publish them with another connection first.`,
  });
}

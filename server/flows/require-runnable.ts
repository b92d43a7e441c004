import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { validateFlow } from '#core/validate-flow.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { connectionFaults } from '#server/flows/connection-faults.ts';
import { faultsProblem } from '#server/flows/faults-problem.ts';
import { schemaFaults } from '#server/flows/schema-faults.ts';

/** What a pinned node does without. */
const OF_CONNECTIONS = new Set(['connection_missing', 'unknown_connection', 'connection_does_not_fit']);

/**
 * Throws a 422 with every fault that keeps a document of a user from running in the workspace; warnings do not, nor do the
 * connections of nodes in `pinned`.
 */
export async function requireRunnable(
  tx: Transaction,
  user: { readonly workspaceId: string; readonly userId: string | null },
  subject: {
    readonly document: FlowDocument;
    readonly title: string;
    readonly pinned?: ReadonlySet<string>;
  },
): Promise<void> {
  const { faults } = validateFlow(subject.document, catalog);
  const blocking = faults.filter((fault) => fault.level !== 'warning');
  blocking.push(...schemaFaults(subject.document));
  blocking.push(...(await connectionFaults(tx, user, subject.document)));
  const standing = blocking.filter(
    ({ nodeId, code }) => !(nodeId && subject.pinned?.has(nodeId) && OF_CONNECTIONS.has(code)),
  );
  if (standing.length > 0) throw faultsProblem(subject.title, standing);
}

import { catalog } from '#connectors/definitions.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { validateFlow } from '#core/validate-flow.ts';
import type { Transaction } from '#server/db/transaction.ts';
import { connectionFaults } from '#server/flows/connection-faults.ts';
import { faultsProblem } from '#server/flows/faults-problem.ts';
import { schemaFaults } from '#server/flows/schema-faults.ts';

/** Throws a 422 with every fault that keeps a document of a user from running in the workspace; warnings do not. */
export async function requireRunnable(
  tx: Transaction,
  user: { readonly workspaceId: string; readonly userId: string | null },
  subject: { readonly document: FlowDocument; readonly title: string },
): Promise<void> {
  const { faults } = validateFlow(subject.document, catalog);
  const blocking = faults.filter((fault) => fault.level !== 'warning');
  blocking.push(...schemaFaults(subject.document));
  blocking.push(...(await connectionFaults(tx, user, subject.document)));
  if (blocking.length > 0) throw faultsProblem(subject.title, blocking);
}

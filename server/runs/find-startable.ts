import type pg from 'pg';

import { findOperation } from '#connectors/definitions.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { StepFailure } from '#core/step-failure.ts';
import { storedDocument } from '#server/flows/stored-document.ts';
import { triggerNode } from '#server/flows/trigger-node.ts';

/** A published flow that another flow may start. */
export interface StartableFlow {
  readonly flow: { readonly id: string; readonly slug: string; readonly name: string };
  readonly version: { readonly id: string; readonly number: number };
  readonly document: FlowDocument;
  readonly trigger: FlowNode;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly version_id: string | null;
  readonly number: number | null;
  readonly document: unknown;
}

/**
 * The published version of a flow of the workspace, to be started by another flow: by a call or after a failure. Throws
 * `StepFailure` (`flow_not_found`, `flow_unpublished`, `flow_not_callable`), whose message names the flow and the remedy.
 */
export async function findStartable(
  db: pg.ClientBase | pg.Pool,
  workspaceId: string,
  slug: string,
): Promise<StartableFlow> {
  const { rows } = await db.query<Row>({ name: 'find_startable', text: FIND, values: [workspaceId, slug] });
  const row = rows[0];
  if (!row)
    throw refusal(
      'flow_not_found',
      `There is no flow “${slug}” in this workspace. Create it, or name another.`,
    );
  if (row.version_id === null || row.number === null)
    throw refusal('flow_unpublished', `The flow “${slug}” is not published. Publish it first.`);
  const document = storedDocument(row.document);
  return {
    flow: { id: row.id, slug, name: row.name },
    version: { id: row.version_id, number: row.number },
    document,
    trigger: callableTrigger(document),
  };
}

const FIND = `
SELECT flow.id, flow.name, flow_version.id AS version_id, flow_version.number, flow_version.document
FROM flow LEFT JOIN flow_version ON flow_version.flow_id = flow.id AND flow_version.number = flow.published_version
WHERE flow.workspace_id = $1 AND flow.slug = $2`;

/** Only a manual start takes an input as it is: the others begin with a request or a tick that nobody made. */
function callableTrigger(document: FlowDocument): FlowNode {
  const trigger = triggerNode(document);
  if (trigger?.type === 'core.manual') return trigger;
  const label = trigger && findOperation(trigger.type, trigger.version)?.operation.label;
  throw refusal(
    'flow_not_callable',
    `The flow “${document.slug}” begins with “${label ?? 'nothing'}”, so another flow cannot start it. Have it begin with “Manual start”, which takes the input.`,
  );
}

function refusal(code: string, message: string): StepFailure {
  return new StepFailure({ kind: 'invalid', code, message });
}

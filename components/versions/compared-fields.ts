import type { FlowDiff } from '#core/diff-flows/diff-flows.ts';
import { fieldChanges, type FieldChange } from '#core/diff-flows/field-changes.ts';

/**
 * The fields to show for a node, or with null for the flow as a whole: those that changed; of an added or removed node all
 * that it is set to.
 */
export function comparedFields(diff: FlowDiff, nodeId: string | null): readonly FieldChange[] {
  if (nodeId === null) return diff.flow;
  const node = diff.nodes.find((each) => each.nodeId === nodeId);
  if (node?.kind === 'changed') return node.fields;
  if (node?.kind !== 'added' && node?.kind !== 'removed') return [];
  const { connection: oldConnection = null, config: oldConfig = {} } = node.before ?? {};
  const { connection = null, config = {} } = node.after ?? {};
  return fieldChanges({ connection: oldConnection, config: oldConfig }, { connection, config });
}

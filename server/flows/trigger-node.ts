import { CONNECTORS } from '#connectors/definitions.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

/** The types of all triggers in the registry. */
export const TRIGGER_TYPES: readonly string[] = CONNECTORS.flatMap((connector) =>
  connector.operations
    .filter((operation) => operation.kind === 'trigger')
    .map((operation) => `${connector.id}.${operation.id}`),
);

/** The node that starts the flow; undefined in a draft that has none yet. */
export function triggerNode(document: FlowDocument): FlowNode | undefined {
  return document.nodes.find((node) => TRIGGER_TYPES.includes(node.type));
}

import type { MarkShape } from '#connectors/contract.ts';
import { findOperation } from '#connectors/definitions.ts';
import type { FlowNode } from '#core/flow-document.ts';

/** What a node's type gives it to be recognised by. `tint` names a group of colours in `canvas.css`. */
export interface NodeLook {
  readonly label: string;
  readonly icon: string;
  /** The drawing of its app, in place of the icon. */
  readonly mark?: readonly MarkShape[];
  readonly tint: 'trigger' | 'flow' | 'data' | 'http' | 'app' | 'unknown';
}

/** The name that people know a node by. */
export function nodeLabel(node: Pick<FlowNode, 'type' | 'version' | 'label'>): string {
  return node.label || nodeLook(node).label;
}

/** The look of a node type; a type that the registry lost keeps its id as label. */
export function nodeLook(node: Pick<FlowNode, 'type' | 'version'>): NodeLook {
  const found = findOperation(node.type, node.version);
  if (!found) return { label: node.type, icon: 'box', tint: 'unknown' };
  const { operation, connector } = found;
  const category = connector.category === 'credential' ? 'app' : connector.category;
  const tint = operation.kind === 'trigger' ? 'trigger' : category;
  return { label: operation.label, icon: operation.icon, mark: connector.mark, tint };
}

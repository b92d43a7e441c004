import type { Catalog } from '#core/catalog.ts';
import { edgePort } from '#core/flow-document.ts';
import type { FlowDocument, FlowNode } from '#core/flow-document.ts';
import { outgoingEdges } from '#core/graph.ts';

import { portsOf } from './node-ports.ts';

/** The ports of a node that no edge leaves from, in the node's order. */
export function freePorts(document: FlowDocument, node: FlowNode, catalog: Catalog): string[] {
  const used = new Set(outgoingEdges(document, node.id).map(edgePort));
  return portsOf(node, catalog).filter((port) => !used.has(port));
}

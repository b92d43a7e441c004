import type { Catalog } from '#core/catalog.ts';
import type { FlowNode } from '#core/flow-document.ts';

/** The ports edges may leave from, `error` last when errors branch off. A node of unknown type keeps its `out`. */
export function portsOf(node: FlowNode, catalog: Catalog): readonly string[] {
  const ports = catalog(node.type, node.version)?.ports(node.config) ?? ['out'];
  return node.onError === 'branch' ? [...ports, 'error'] : ports;
}

/** True for a node that takes no incoming edges. */
export function isTrigger(node: FlowNode, catalog: Catalog): boolean {
  return catalog(node.type, node.version)?.kind === 'trigger';
}

/** What a person calls the node: its own label, else its type's. */
export function nodeLabel(node: FlowNode, catalog: Catalog): string {
  return node.label || (catalog(node.type, node.version)?.label ?? node.type);
}

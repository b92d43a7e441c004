import type { Catalog } from '../catalog.ts';
import type { FlowDocument } from '../flow-document.ts';
import { nodeById } from '../graph.ts';

/**
 * What people call the nodes of two documents: by their later label, else their type's. Where several nodes are called
 * alike, the id stands behind the name.
 */
export function nodeNames({
  before,
  after,
  catalog,
}: {
  readonly before: FlowDocument;
  readonly after: FlowDocument;
  readonly catalog: Catalog;
}): (nodeId: string) => string {
  const plain = (nodeId: string) => {
    const node = nodeById(after, nodeId) ?? nodeById(before, nodeId);
    return node ? node.label || (catalog(node.type, node.version)?.label ?? node.type) : nodeId;
  };
  const ids = new Set([...before.nodes, ...after.nodes].map(({ id }) => id));
  const namesakes = Map.groupBy(ids, plain);
  return (nodeId) => {
    const name = plain(nodeId);
    return (namesakes.get(name)?.length ?? 0) > 1 ? `${name} (${nodeId})` : name;
  };
}

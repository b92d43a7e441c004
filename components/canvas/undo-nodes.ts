import type { FlowDocument, FlowNode } from '#core/flow-document.ts';

const known = new WeakMap<FlowDocument, ReadonlyMap<string, FlowNode>>();

/** The node that this one undoes when the run fails later; undefined for a node that does work of its own. */
export function undoneBy(document: FlowDocument, nodeId: string): FlowNode | undefined {
  const undone =
    known.get(document) ??
    new Map(
      document.nodes.flatMap((node) =>
        node.compensate === undefined ? [] : [[node.compensate, node] as const],
      ),
    );
  known.set(document, undone);
  return undone.get(nodeId);
}

/** True for a node that runs only to undo another one: it has no edges. */
export function isUndo(document: FlowDocument, nodeId: string): boolean {
  return undoneBy(document, nodeId) !== undefined;
}

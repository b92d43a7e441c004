import { nodeBoxes } from '#components/canvas/node-place.ts';
import { isTrigger, portsOf } from '#components/canvas/node-ports.ts';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, FlowEdge, FlowNode, Position } from '#core/flow-document.ts';
import type { FlowOperation } from '#core/flow-operation.ts';
import { contentsOf, incomingEdges, nodeById, outgoingEdges } from '#core/graph.ts';
import { makeEdge } from '#core/operations/edit.ts';

/**
 * The operations that let a step change places with the one before it or after it, on the canvas, too; null where there is
 * none to change with: at the start, at the end, and where ways part or meet.
 */
export function moveStep(
  document: FlowDocument,
  catalog: Catalog,
  { nodeId, to }: { nodeId: string; to: 'earlier' | 'later' },
): readonly FlowOperation[] | null {
  const node = nodeById(document, nodeId);
  if (!node) return null;
  const [incoming] = incomingEdges(document, nodeId);
  const [outgoing] = outgoingEdges(document, nodeId);
  const other = nodeById(document, (to === 'earlier' ? incoming?.from : outgoing?.to) ?? '');
  if (!other) return null;
  const [first, second] = to === 'earlier' ? [other, node] : [node, other];
  return canSwap(document, first, second, catalog) ? swap(document, { first, second, catalog }) : null;
}

function canSwap(document: FlowDocument, first: FlowNode, second: FlowNode, catalog: Catalog): boolean {
  const isOneWay = (node: FlowNode): boolean => portsOf(node, catalog).length === 1;
  return (
    !isTrigger(first, catalog) &&
    isOneWay(first) &&
    isOneWay(second) &&
    outgoingEdges(document, first.id).length === 1 &&
    incomingEdges(document, second.id).length === 1
  );
}

interface Pair {
  readonly first: FlowNode;
  readonly second: FlowNode;
  readonly catalog: Catalog;
}

function swap(document: FlowDocument, { first, second, catalog }: Pair): readonly FlowOperation[] {
  const into = incomingEdges(document, first.id);
  const between = outgoingEdges(document, first.id);
  const onwards = outgoingEdges(document, second.id);
  const portOf = (node: FlowNode): string => portsOf(node, catalog)[0] ?? 'out';
  const added: readonly FlowEdge[] = [
    ...into.map(({ from, port }) => makeEdge(from, port ?? 'out', second.id)),
    makeEdge(second.id, portOf(second), first.id),
    ...onwards.map(({ to }) => makeEdge(first.id, portOf(first), to)),
  ];
  return [
    { kind: 'remove_edges', edges: [...into, ...between, ...onwards] },
    ...added.map((edge) => ({ kind: 'add_edge', edge }) as const),
    { kind: 'move_nodes', positions: swappedPlaces(document, { first, second, catalog }) },
  ];
}

/** The later one goes where the earlier was, which follows at the same distance; what is inside of a loop goes along. */
function swappedPlaces(document: FlowDocument, { first, second, catalog }: Pair): Record<string, Position> {
  const boxes = nodeBoxes(document, catalog);
  const [a, b] = [boxes.get(first.id), boxes.get(second.id)];
  if (!a || !b) return {};
  const moved = (id: string, by: Position) =>
    [...contentsOf(document, [id])].map((inner): [string, Position] => {
      const { x, y } = boxes.get(inner) ?? { x: 0, y: 0 };
      return [inner, { x: x + by.x, y: y + by.y }];
    });
  return Object.fromEntries([
    ...moved(second.id, { x: a.x - b.x, y: a.y - b.y }),
    ...moved(first.id, { x: b.x - a.x + b.width - a.width, y: b.y - a.y }),
  ]);
}

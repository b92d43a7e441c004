import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument, Position } from '#core/flow-document.ts';

import { nodeBoxes } from './node-place.ts';
import { COLUMN_GAP, ROW_GAP, snap } from './node-size.ts';

/** Fetches the layout's code ahead, so that it is there when the network has gone. */
export async function loadLayout(): Promise<void> {
  await import('@dagrejs/dagre').catch((error: unknown) => {
    console.warn('The layout could not be loaded; tidying up will try again', error);
  });
}

/**
 * Places for all nodes, left to right, layered by dagre (loaded after the editor: most visits need none of it). The first
 * node of the document stays where it is, so that the flow does not jump away from under the reader.
 */
export async function tidyLayout(
  document: FlowDocument,
  catalog: Catalog,
): Promise<Record<string, Position>> {
  const { Graph, layout } = await import('@dagrejs/dagre');
  const boxes = nodeBoxes(document, catalog);
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: ROW_GAP, ranksep: COLUMN_GAP, ranker: 'network-simplex' });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, { width, height }] of boxes) graph.setNode(id, { width, height });
  for (const edge of document.edges) graph.setEdge(edge.from, edge.to, {}, edge.port ?? 'out');
  layout(graph);
  return anchored(document, boxes, (id) => graph.node(id));
}

function anchored(
  document: FlowDocument,
  boxes: ReadonlyMap<string, { x: number; y: number; width: number; height: number }>,
  placeOf: (id: string) => { x?: number; y?: number },
): Record<string, Position> {
  const corner = (id: string): Position => {
    const { x = 0, y = 0 } = placeOf(id);
    const box = boxes.get(id);
    return { x: x - (box?.width ?? 0) / 2, y: y - (box?.height ?? 0) / 2 };
  };
  const first = document.nodes[0];
  if (!first) return {};
  const [old, place] = [boxes.get(first.id) ?? { x: 0, y: 0 }, corner(first.id)];
  return Object.fromEntries(
    document.nodes.map(({ id }) => {
      const { x, y } = corner(id);
      return [id, { x: snap(x - place.x + old.x), y: snap(y - place.y + old.y) }];
    }),
  );
}

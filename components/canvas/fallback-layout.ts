import type { FlowDocument, Position } from '#core/flow-document.ts';

import { COLUMN_GAP, NODE_WIDTH } from './node-size.ts';

const COLUMN = NODE_WIDTH + COLUMN_GAP;
const ROW = 144;

/**
 * A place for every node that has none (documents written by hand or by a program often leave it out): a column a step
 * away from the start, rows in document order. Nodes with a place keep it.
 */
export function fallbackPositions(document: FlowDocument): ReadonlyMap<string, Position> {
  const positions = new Map(
    document.nodes.flatMap((node) => (node.position ? [[node.id, node.position]] : [])),
  );
  if (positions.size === document.nodes.length) return positions;
  const columns = columnsOf(document);
  const rows = new Map<number, number>();
  for (const node of document.nodes) {
    if (node.position) continue;
    const column = columns.get(node.id) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    positions.set(node.id, { x: column * COLUMN, y: row * ROW });
  }
  return positions;
}

/** Longest way from any start, in edges. Stops at the number of nodes, so that a cycle cannot hold it up. */
function columnsOf(document: FlowDocument): Map<string, number> {
  const columns = new Map(document.nodes.map((node) => [node.id, 0]));
  for (let round = 0; round < document.nodes.length; round += 1) {
    let changed = false;
    for (const edge of document.edges) {
      const next = (columns.get(edge.from) ?? 0) + 1;
      if (next <= (columns.get(edge.to) ?? 0) || next > document.nodes.length) continue;
      columns.set(edge.to, next);
      changed = true;
    }
    if (!changed) break;
  }
  return columns;
}

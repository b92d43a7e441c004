import { freePlace, nodeBoxes, nodeSize } from '#components/canvas/node-place.ts';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDiff } from '#core/diff-flows/diff-flows.ts';
import { edgeId } from '#core/edge-id.ts';
import type { FlowDocument, FlowNode, FlowNote } from '#core/flow-document.ts';

export type Mark = 'added' | 'removed' | 'changed' | 'moved';

/** Two documents of a flow as one drawing. */
export interface Superposed {
  /** The later document, and what it has no longer: to be drawn, not to be run. */
  readonly document: FlowDocument;
  /** What became of the nodes that are not as before, by id. */
  readonly nodes: ReadonlyMap<string, Mark>;
  /** The same for edges, by `edgeId`. */
  readonly edges: ReadonlyMap<string, Mark>;
  /** The same for notes and groups, by id, without those that only moved. */
  readonly notes: ReadonlyMap<string, Mark>;
}

/** Lays the earlier document's removed nodes and edges under the later one. A removed node whose place is taken moves down. */
export function superpose(
  { before, after, diff }: { before: FlowDocument; after: FlowDocument; diff: FlowDiff },
  catalog: Catalog,
): Superposed {
  const drawn = { nodes: placed(after, catalog), edges: [...after.edges] };
  const removed = new Set(diff.nodes.filter(({ kind }) => kind === 'removed').map(({ nodeId }) => nodeId));
  const exists = new Set([...after.nodes.map(({ id }) => id), ...removed]);
  const taken = [...nodeBoxes(after, catalog).values()];
  for (const node of placed(before, catalog)) {
    if (!removed.has(node.id)) continue;
    const size = nodeSize(node, catalog);
    // In a loop it makes the loop larger, so that nothing but the nodes beside it can be in its way.
    const position = freePlace(node.position ?? { x: 0, y: 0 }, node.parent === undefined ? taken : [], size);
    taken.push({ ...position, ...size });
    drawn.nodes.push(withExisting({ ...node, position }, exists));
  }
  const removedEdges = diff.edges.removed.filter(({ from, to }) => exists.has(from) && exists.has(to));
  return {
    document: {
      ...after,
      nodes: drawn.nodes,
      edges: [...drawn.edges, ...removedEdges],
      notes: [...after.notes, ...removedNotes(diff)],
    },
    nodes: new Map(diff.nodes.map(({ nodeId, kind }) => [nodeId, kind])),
    edges: new Map([
      ...diff.edges.added.map((edge) => [edgeId(edge), 'added'] as const),
      ...removedEdges.map((edge) => [edgeId(edge), 'removed'] as const),
    ]),
    notes: new Map(
      diff.notes.filter(({ kind }) => kind !== 'moved').map(({ noteId, kind }) => [noteId, kind]),
    ),
  };
}

function removedNotes({ notes }: FlowDiff): readonly FlowNote[] {
  return notes.flatMap(({ kind, before }) => (kind === 'removed' && before ? [before] : []));
}

function placed(document: FlowDocument, catalog: Catalog): FlowNode[] {
  const boxes = nodeBoxes(document, catalog);
  return document.nodes.map((node) => {
    const { x, y } = boxes.get(node.id) ?? { x: 0, y: 0 };
    return { ...node, position: { x, y } };
  });
}

function withExisting(node: FlowNode, exists: ReadonlySet<string>): FlowNode {
  const { parent, compensate, ...rest } = node;
  return {
    ...rest,
    ...(parent !== undefined && exists.has(parent) && { parent }),
    ...(compensate !== undefined && exists.has(compensate) && { compensate }),
  };
}
